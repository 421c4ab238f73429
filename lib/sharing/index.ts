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
  goalsOf,
  MILESTONES_PERCENT,
  milestonesOf,
  passedGoal,
  readGoals,
} from "./milestones";
export { allowedOrigins, frameAncestors, ORIGINS_MAX, type OriginMistake, readOrigins } from "./origins";
export {
  changeGoals,
  changeOrigins,
  changeShareTexts,
  closeCampaign,
  pendingSignatures,
  reopenCampaign,
  takeNewsAway,
  writeNews,
} from "./owner-settings";
export { networkBit, noteVisit, SUM_SHARDS, shareSums } from "./sums";
export { refreshSupporters, shownNames, supporters } from "./supporters";
export { ownShareTexts, shareTextKeys, shareTextLimit, shareTexts } from "./texts";
export {
  campaignUpdates,
  hasUpdates,
  UPDATE_TEXT_MAX_CHARACTERS,
  UPDATE_TITLE_MAX_CHARACTERS,
} from "./updates";
