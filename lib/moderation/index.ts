export { discardHeld, heldSignatories, releaseHeld } from "./held";
export {
  deleteWithdrawn,
  INVALID_REASONS,
  markInvalid,
  restore,
  UNDO_MINUTES,
  undoableJobs,
  withdrawSignatories,
} from "./invalid";
export {
  advanceInvalidation,
  cancelInvalidation,
  invalidationJobs,
  previewInvalidation,
  startInvalidation,
  undoInvalidation,
} from "./invalidation";
export { forgetErasedMembers, markGenuine, reviewGroups, ruleOfGroup } from "./review";
export type { GroupKind } from "./review-content";
export { BURST_FROM, BURST_TIMES, findReviewGroups, ONE_NETWORK_FROM, SAME_NAME_FROM } from "./review-search";
export { liftSuppression, suppressionOf } from "./suppression";
