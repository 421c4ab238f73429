import { campaignSlugs } from "./folders";

export { campaignNamed, campaignSlugs, contentFor, onlyCampaign } from "./folders";
export { campaignsInFront } from "./front";
export { isSlug } from "./slug";
export type { Campaign, CampaignContent, Claim, ReturnsFigure, Section, Source } from "./types";

/** The campaign that the whole desk works on. Remove this once the desk's URLs name a campaign. */
export const ONLY_CAMPAIGN = campaignSlugs()[0];
