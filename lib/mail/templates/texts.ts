import type { Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";

export type MailKind = "confirmation" | "reminder" | "confirmed";

/** Every text of one mail in one language. `expires` and `notYou` are null where there is nothing left to confirm. */
export type MailTexts = {
  subject: string;
  greeting: (p: { name: string }) => string;
  body: (p: { headline: string }) => string;
  button: string;
  expires: ((p: { days: string }) => string) | null;
  linkFallback: string;
  notYou: string | null;
  unsubscribe: string;
  footer: (p: { organisation: string }) => string;
  demonstration: string;
};

export function mailTexts(kind: MailKind, locale: Locale): MailTexts {
  const { confirmation, reminder, confirmed, notYou, linkFallback, unsubscribe, footer, demonstration } =
    messagesFor(locale).mail;
  const common = { linkFallback, unsubscribe, footer, demonstration };
  switch (kind) {
    case "confirmation":
      return { ...common, ...confirmation, notYou };
    case "reminder":
      return { ...common, ...reminder, notYou };
    case "confirmed":
      return { ...common, ...confirmed, expires: null, notYou: null };
  }
}
