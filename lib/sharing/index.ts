export { campaignOfCode, channelCodes } from "./channel-codes";
export {
  CHANNELS,
  codeOf,
  isPreviewFetcher,
  makeStem,
  meaningOf,
  readLinkedCode,
  readShareCode,
  STEPS,
  type Step,
  stepAfter,
} from "./codes";
export {
  advanceGoals,
  GOAL_MAX,
  type GoalMistake,
  goalFields,
  goalsOf,
  MILESTONES_PERCENT,
  type Milestone,
  milestonesOf,
  passedGoal,
} from "./milestones";
export { allowedOrigins, frameAncestors, ORIGINS_MAX, type OriginMistake, originFields } from "./origins";
export {
  changeGoals,
  changeOrigins,
  changeShareTexts,
  correctNews,
  pendingSignatures,
  publishNews,
  takeNewsAway,
} from "./owner-settings";
export { networkBit, noteVisit, SUM_SHARDS, shareSums } from "./sums";
export { refreshSupporters, shownNames, supporters } from "./supporters";
export {
  documentShareTexts,
  ownShareTexts,
  SHARE_TEXT_KEYS,
  type ShareTextKey,
  type ShareTexts,
  shareSubject,
  shareTextField,
  shareTextFields,
  shareTextLimit,
  shareTexts,
} from "./texts";
export {
  type CampaignUpdate,
  campaignUpdates,
  hasUpdates,
  UPDATE_TEXT_MAX_CHARACTERS,
  UPDATE_TITLE_MAX_CHARACTERS,
} from "./updates";
