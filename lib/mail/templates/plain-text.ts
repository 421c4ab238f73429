import type { MailInput, MailWords } from "./words";

/**
 * Returns the text part. It has no buttons, so the button's
 * label comes before the link, which has its own line.
 */
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
