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

// TRANSLATORS: not in the messages yet, so it is English in every language. It belongs there as `mail.confirmed`.
const CONFIRMED_IN_ENGLISH = {
  subject: "Your signature counts",
  greeting: (p: { name: string }) => `Hello ${p.name},`,
  body: (p: { headline: string }) =>
    `Thank you. Your signature under “${p.headline}” is confirmed and counted. Ask others to sign too: open the petition and share it.`,
  button: "Open the petition",
};

export function mailTexts(kind: MailKind, locale: Locale): MailTexts {
  const { confirmation, reminder, notYou, linkFallback, unsubscribe, footer, demonstration } =
    messagesFor(locale).mail;
  const common = { linkFallback, unsubscribe, footer, demonstration };
  switch (kind) {
    case "confirmation":
      return { ...common, ...confirmation, notYou };
    case "reminder":
      return { ...common, ...reminder, notYou };
    case "confirmed":
      return { ...common, ...CONFIRMED_IN_ENGLISH, expires: null, notYou: null };
  }
}
