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
export { advanceGoals, type Goals, goalsOf, milestonesOf, passedGoal, setGoals } from "./milestones";
export { allowedOrigins, frameAncestors, setAllowedOrigins } from "./origins";
export { type Branch, busiestCodes, type Reach, reachOf, signaturesByOrigin, treeOf } from "./reach";
export { refreshSupporters, shownNames, supporters } from "./supporters";
export { type ShareTextKey, setShareText, shareTexts } from "./texts";
export { campaignUpdates, correctUpdate, hasUpdates, publishUpdate, removeUpdate } from "./updates";
