import type { MailInput, MailWords } from "./words";

/** The text part. It has no button, so the button's words stand over the link, which has a line of its own. */
export function plainText(words: MailWords, { actionUrl, unsubscribeUrl, siteUrl }: MailInput): string {
  const paragraphs = [
    words.demonstration,
    words.greeting,
    words.body,
    `${words.button}:\n${actionUrl}`,
    words.expires,
    words.notYou,
    "-- ",
    `${words.footer}\n${siteUrl}`,
    `${words.unsubscribe}:\n${unsubscribeUrl}`,
  ];
  return `${paragraphs.filter((paragraph) => paragraph !== null).join("\n\n")}\n`;
}
