import { htmlOf } from "./html";
import { plainText } from "./plain-text";
import type { MailKind } from "./texts";
import { type MailInput, wordsOf } from "./words";

export type { MailInput, MailKind };

/**
 * Writes one mail in the signatory's language: subject, HTML part and text part.
 * It loads nothing and tracks nobody.
 */
export async function composeMail(
  input: MailInput,
): Promise<{ subject: string; html: string; text: string }> {
  const words = wordsOf(input);
  return { subject: words.subject, html: await htmlOf(input, words), text: plainText(words, input) };
}
