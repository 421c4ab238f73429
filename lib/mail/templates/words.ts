import { formatDuration, type Locale } from "@/lib/i18n/locales";
import { isolate, singleLine } from "./isolation";
import { type MailKind, mailTexts } from "./texts";

export type MailInput = {
  kind: MailKind;
  locale: Locale;
  name: string;
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

/** What one mail says, in order. Foreign text is already isolated; see `runsOf`. Null is left out. */
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
    greeting: texts.greeting({ name: isolate(input.name) }),
    body: texts.body({ headline: isolate(input.campaignTitle) }),
    button: texts.button,
    expires: texts.expires?.({ days: formatDuration(input.days, "day", input.locale) }) ?? null,
    linkFallback: texts.linkFallback,
    notYou: texts.notYou,
    footer: texts.footer({ organisation: isolate(input.organisation) }),
    unsubscribe: texts.unsubscribe,
  };
}
