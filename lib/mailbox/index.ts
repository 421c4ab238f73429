export { asciiDomain, mendAddress } from "@/lib/signing/rules";
export { broadMailboxOf, domainOf, mailboxOf } from "./address";
export { allowanceOf, counting, forgetAllowances, MAILS_A_DAY } from "./allowance";
export { mailboxKey, spellingMark } from "./keys";
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
