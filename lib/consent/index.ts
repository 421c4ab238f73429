import { LOCALES, type Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";

/** The version of the consent text on the form. A changed wording takes a new version; the seed refuses anything else. */
export const CONSENT_VERSION = "2026-11-24.2";

/** The consent texts as they stand now, one per language. */
export function currentConsentTexts(): { version: string; locale: Locale; text: string }[] {
  return LOCALES.map((locale) => ({ version: CONSENT_VERSION, locale, text: messagesFor(locale).consent }));
}
