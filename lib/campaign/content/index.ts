import { en } from "@/lib/campaign/content/en";
import { faAF } from "@/lib/campaign/content/fa-AF";
import { ps } from "@/lib/campaign/content/ps";
import type { CampaignContent } from "@/lib/campaign/content/types";
import { ur } from "@/lib/campaign/content/ur";
import type { Locale } from "@/lib/i18n/locales";

export { SOURCES, type Source, type SourceId } from "@/lib/campaign/content/sources";
export type {
  CampaignContent,
  Claim,
  Question,
  ReturnsFigure,
  Section,
  TimelineEvent,
} from "@/lib/campaign/content/types";

/** The address part of the seeded campaign. */
export const CAMPAIGN_SLUG = "pakistan-stop-expulsions";

const CONTENT: Record<Locale, CampaignContent> = { en, ur, "fa-AF": faAF, ps };

/** The campaign's text in a language, or null when there is no such campaign. */
export function contentFor(slug: string, locale: Locale): CampaignContent | null {
  return slug === CAMPAIGN_SLUG ? CONTENT[locale] : null;
}
