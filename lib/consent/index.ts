import { LOCALES, type Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";

/**
 * Version of the consent text on the form. A changed wording needs a new version; the
 * seed refuses anything else.
 */
export const CONSENT_VERSION = "2026-11-24.2";

/** Returns the current consent texts, one per language. */
export function currentConsentTexts(): { version: string; locale: Locale; text: string }[] {
  return LOCALES.map((locale) => ({ version: CONSENT_VERSION, locale, text: messagesFor(locale).consent }));
}
