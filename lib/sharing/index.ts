export {
  type ChannelCodes,
  channelCodes,
  countVisit,
  followCode,
  isPreviewFetcher,
  isShareCode,
  newSignerCode,
  signerCode,
} from "./codes";
export { advanceGoals, milestonesOf, passedGoal, setNextGoals } from "./milestones";
export { allowedOrigins, frameAncestors, setAllowedOrigins } from "./origins";
export { busiestCodes, type Reach, reachOf } from "./reach";
export { recentSupporters } from "./supporters";
export { setShareText, shareTexts } from "./texts";
export { campaignUpdates, publishUpdate } from "./updates";
