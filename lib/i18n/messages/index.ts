import type { Locale } from "@/lib/i18n/locales";
import { en } from "@/lib/i18n/messages/en";

export { ERROR_KEYS, type ErrorKey } from "@/lib/i18n/messages/error-keys";

/** Every text of the interface. English sets the shape; a translation that lacks one does not compile. */
export type Messages = typeof en;

// TRANSLATORS: the one place. Add ur.ts, fa-AF.ts or ps.ts (`export const ur: Messages = { … }`) and name it here.
const MESSAGES: Record<Locale, Messages> = { en, ur: en, "fa-AF": en, ps: en };

export function messagesFor(locale: Locale): Messages {
  return MESSAGES[locale];
}
