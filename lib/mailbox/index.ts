export { asciiDomain, mendAddress } from "@/lib/signing/rules";
export { broadMailboxOf, domainOf, mailboxOf, spellingOf } from "./address";
export { allowanceOf, counting, forgetAllowances, MAILS_A_DAY } from "./allowance";
export { mailboxKey } from "./keys";
export {
  BOUNCE_DAYS,
  dayOf,
  isHeldBack,
  keepingLinks,
  LINKS_KEPT,
  mayBeMailed,
  notingRetry,
  suppressing,
  UNSUBSCRIBED_DAYS,
} from "./suppression";
