export { type Alarm, alarmsOf, raiseAlarms } from "./alarms";
export { isCrowded, withinCapacity } from "./capacity";
export { isDisposable, isPublicProvider, meantProvider, takesMail } from "./domains";
export { admit, forgetOldMinutes, isPressed, isRush } from "./limits";
export {
  addListEntry,
  LIMIT_NAMES,
  OPTION_NAMES,
  policyFields,
  policySettings,
  removeListEntry,
  setPolicy,
} from "./owner-settings";
export { isPermit, newPermit } from "./permit";
export { type AbusePolicy, followPolicies, LIMIT_BOUNDS, listingOf, policyOf } from "./policy";
export { type Challenge, newChallenge, readProof } from "./proof";
