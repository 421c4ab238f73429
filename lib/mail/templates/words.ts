import { formatDuration } from "@/lib/i18n/format";
import type { Locale } from "@/lib/i18n/locales";
import { isolate, singleLine } from "./isolation";
import { type MailKind, type MailTexts, mailTexts } from "./texts";

export type MailInput = {
  kind: MailKind;
  locale: Locale;
  /**
   * Null until the address's owner has confirmed: anybody can type a name beside somebody else's address, and
   * our domain must not send it to them. Mails that ask to confirm never use it.
   */
  name: string | null;
  campaignTitle: string;
  organisation: string;
  siteUrl: string;
  demonstration: boolean;
  /** How many days the button works. */
  days: number;
  /** Where to confirm; for `confirmed` and `access`, the signatory's own page. */
  actionUrl: string;
  unsubscribeUrl: string;
};

/** The text of one mail, in order. Untrusted text is already isolated; see `runsOf`. Null is left out. */
export type MailWords = {
  subject: string;
  demonstration: string | null;
  greeting: string;
  body: string;
  button: string;
  expires: string | null;
  linkFallback: string;
  notYou: string | null;
  footer: string;
  unsubscribe: string;
};

export function wordsOf(input: MailInput): MailWords {
  const texts = mailTexts(input.kind, input.locale);
  return {
    subject: singleLine(texts.subject),
    demonstration: input.demonstration ? texts.demonstration : null,
    greeting: greetingOf(input, texts),
    body: texts.body({ headline: isolate(input.campaignTitle) }),
    button: texts.button,
    expires: texts.expires?.({ days: formatDuration(input.days, "day", input.locale) }) ?? null,
    linkFallback: texts.linkFallback,
    notYou: texts.notYou,
    footer: texts.footer({ organisation: isolate(input.organisation) }),
    unsubscribe: texts.unsubscribe,
  };
}

function greetingOf({ kind, name }: MailInput, { greeting, greetingByName }: MailTexts): string {
  const confirmed = kind === "confirmed" || kind === "access";
  return confirmed && name !== null ? greetingByName({ name: isolate(name) }) : greeting;
}
