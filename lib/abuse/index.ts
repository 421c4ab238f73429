export { type Alarm, alarmsOf, raiseAlarms } from "./alarms";
export { isCrowded, withinCapacity } from "./capacity";
export { isDisposable, isPublicProvider, meantProvider, takesMail } from "./domains";
export { followGuards, type Guard, guardOf, LIMIT_BOUNDS, listingOf } from "./guard";
export { admit, forgetOldMinutes, isPressed, isRush } from "./limits";
export {
  addGuardEntry,
  guardFields,
  guardSettings,
  LIMIT_NAMES,
  OPTION_NAMES,
  removeGuardEntry,
  setGuard,
} from "./owner-settings";
export { isPermit, newPermit } from "./permit";
export { type Challenge, newChallenge, readProof } from "./proof";
