export { requestAccess } from "./access";
export { type Change, correct, erase, withdraw } from "./change";
export { inCampaign } from "./in-campaign";
export { eachMatch, type PageEdge, type Place } from "./matches";
export { countNames, forgetNamesOpened, NAMES_AN_HOUR, type NamesRefused, type Reader } from "./names-opened";
export { type HeldSignature, heldSignature } from "./own-signature";
export {
  conditionsOf,
  described,
  isRule,
  meets,
  narrowing,
  needsOpening,
  readRule,
  ruleOf,
  type SignatureRule,
} from "./rule";
export {
  deleteSignatory,
  findSignatories,
  isAddress,
  resendMails,
  SIGNATORIES_AT_ONCE,
  SIGNATORIES_PER_PAGE,
  type SignatoriesFound,
  type Signatory,
  type SignatoryFilter,
  signatoryExists,
  signatoryWithHistory,
} from "./signatories";
