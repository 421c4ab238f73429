import type { Locale } from "@/lib/i18n/locales";
import { en } from "./en";
import { faAF } from "./fa-AF";
import { ps } from "./ps";
import type { CampaignContent } from "./types";
import { ur } from "./ur";

/** The address part of the seeded campaign. */
export const CAMPAIGN_SLUG = "pakistan-stop-expulsions";

const CONTENT: Record<Locale, CampaignContent> = { en, ur, "fa-AF": faAF, ps };

/** The campaign's text in a language, or null when there is no such campaign. */
export function contentFor(slug: string, locale: Locale): CampaignContent | null {
  return slug === CAMPAIGN_SLUG ? CONTENT[locale] : null;
}
