import type { Locale } from "@/lib/i18n/locales";

/** The field of the form that says what a campaign reached, in a language. */
export function outcomeField(locale: Locale): string {
  return `outcome.${locale}`;
}
