import type { CampaignDocument } from "@/lib/document";
import { LOCALES, type Locale } from "@/lib/i18n/locales";
import { campaignNamed, firstLanguageOf } from "./published";

/** Returns the languages that a campaign has, its first one first; all of the site's if it is unknown. */
export function languagesOf(slug: string): readonly Locale[] {
  const campaign = campaignNamed(slug);
  return campaign === null ? LOCALES : [...campaign.documents.keys()];
}

/** Returns the language in which a reader gets a campaign: their own if the campaign has it, else its first. */
export function shownLanguage(slug: string, locale: Locale): Locale {
  return languagesOf(slug).includes(locale) ? locale : firstLanguageOf(slug);
}

/** Returns a campaign's text as a reader gets it (`shownLanguage`); null if the campaign is unknown. */
export function documentShown(slug: string, locale: Locale): CampaignDocument | null {
  return campaignNamed(slug)?.documents.get(shownLanguage(slug, locale)) ?? null;
}

/** Returns the path of a campaign's page, in the language in which a reader gets it. */
export function campaignPath(slug: string, locale: Locale): string {
  return `/${shownLanguage(slug, locale)}/${slug}`;
}
