export { isSlug } from "@/lib/document";
export { type CallBefore, callBefore } from "./call-before";
export { campaignsInFront } from "./front";
export { campaignPath, documentShown, languagesOf, shownLanguage } from "./languages";
export type { Outcome } from "./outcome";
export {
  awaitCampaigns,
  campaignNamed,
  campaignSlugs,
  contentFor,
  followCampaigns,
  headlineOf,
  loadCampaigns,
  onlyCampaign,
  type PublishedCampaign,
  setCampaigns,
} from "./published";
