export { broadMailboxOf, domainOf, spellingOf } from "./address";
export { asciiDomain, emailMistake, mendAddress } from "./address-rules";
export { allowanceOf, counting, forgetAllowances, MAILS_A_DAY } from "./allowance";
export { mailboxKey } from "./keys";
export {
  BOUNCE_DAYS,
  dayOf,
  isHeldBack,
  keepingLinks,
  mayBeMailed,
  notingRetry,
  suppressing,
  UNSUBSCRIBED_DAYS,
} from "./suppression";
