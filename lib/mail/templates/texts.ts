import type { Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";

export type MailKind = "confirmation" | "reminder" | "confirmed" | "access";

/**
 * All texts of one mail in one language. `expires` and `notYou` are null if there is nothing left to confirm.
 */
export type MailTexts = {
  subject: string;
  greeting: string;
  /** Only for people who confirmed their address; see `MailInput`. */
  greetingByName: (p: { name: string }) => string;
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
  const { mail, confirm } = messagesFor(locale);
  const { confirmation, reminder, confirmed, access, expires, notYou, ...common } = mail;
  const toConfirm = { button: confirm.button, expires, notYou };
  switch (kind) {
    case "confirmation":
      return { ...common, ...confirmation, ...toConfirm };
    case "reminder":
      return { ...common, ...reminder, ...toConfirm };
    case "confirmed":
      return { ...common, ...confirmed, button: access.button, expires: null, notYou: null };
    case "access":
      return { ...common, ...access, expires: null, notYou: null };
  }
}
