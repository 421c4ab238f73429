import { type Locale, languageOf } from "@/lib/i18n/locales";
import type { Messages } from "@/lib/i18n/locales/en";

export type { Messages };
/**
 * What can be wrong with a signature. The form's schema uses these keys; each language puts them into words.
 */
export type ErrorKey = keyof Messages["errors"];

export function messagesFor(locale: Locale): Messages {
  return languageOf(locale).messages;
}

/** Returns whether a native speaker has checked a language's texts. Pages in the other languages say so. */
export function isReviewed(locale: Locale): boolean {
  return languageOf(locale).reviewed;
}
