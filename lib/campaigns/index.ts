export { CAMPAIGN_SLUG, contentFor } from "./content";
export { SOURCES, type SourceId } from "./content/sources";
export type { CampaignContent, Claim, ReturnsFigure, Section } from "./content/types";
export { isSlug } from "./slug";
