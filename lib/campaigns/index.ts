export { isSlug } from "@/lib/document";
export { campaignsInFront } from "./front";
export {
  awaitCampaigns,
  campaignNamed,
  campaignSlugs,
  contentFor,
  firstLanguageOf,
  followCampaigns,
  headlineOf,
  loadCampaigns,
  onlyCampaign,
  type PublishedCampaign,
  setCampaigns,
} from "./published";
