export { channelCodes } from "./channel-codes";
export {
  type ChannelCodes,
  isPreviewFetcher,
  meaningOf,
  readLinkedCode,
  readShareCode,
  STEPS,
  type Step,
  stepAfter,
} from "./codes";
export { advanceGoals, type Goals, goalsOf, milestonesOf, passedGoal, setGoals } from "./milestones";
export { allowedOrigins, frameAncestors, setAllowedOrigins } from "./origins";
export { networkBit, noteVisit, type ShareSum, shareSums, writeVisits } from "./sums";
export { refreshSupporters, shownNames, supporters } from "./supporters";
export { type ShareTextKey, setShareText, shareTexts } from "./texts";
export { campaignUpdates, correctUpdate, hasUpdates, publishUpdate, removeUpdate } from "./updates";
