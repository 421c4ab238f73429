import type { Locale } from "@/lib/i18n/locales";
import { en } from "@/lib/i18n/messages/en";
import { faAF } from "@/lib/i18n/messages/fa-AF";
import { ps } from "@/lib/i18n/messages/ps";
import { ur } from "@/lib/i18n/messages/ur";

export { ERROR_KEYS, type ErrorKey } from "@/lib/i18n/messages/error-keys";

/** Every text of the interface. English sets the shape; a translation that lacks one does not compile. */
export type Messages = typeof en;

type Translation = { messages: Messages; reviewed: boolean };

/** The languages' texts. `reviewed` is set once a native speaker has checked page, form and mails. */
const TRANSLATIONS: Record<Locale, Translation> = {
  en: { messages: en, reviewed: true },
  ur: { messages: ur, reviewed: false },
  "fa-AF": { messages: faAF, reviewed: false },
  ps: { messages: ps, reviewed: false },
};

export function messagesFor(locale: Locale): Messages {
  return TRANSLATIONS[locale].messages;
}

/** Whether a native speaker has checked the texts of a language; pages in the others say so. */
export function isReviewed(locale: Locale): boolean {
  return TRANSLATIONS[locale].reviewed;
}
