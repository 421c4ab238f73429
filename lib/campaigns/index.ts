export { campaignNamed, campaignSlugs, contentFor, headlineOf, onlyCampaign } from "./folders";
export { campaignsInFront } from "./front";
export { isSlug } from "./slug";
export type { Campaign, CampaignContent, Claim, ReturnsFigure, Section, Source } from "./types";
