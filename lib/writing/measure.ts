import { partsOf } from "@/lib/document";
import type { Locale } from "@/lib/i18n/locales";

/** Words that people read in a minute: a cautious mean for articles (Brysbaert 2019 found 238 in English). */
const WORDS_A_MINUTE = 200;

/** How long a document is. */
export type Length = { words: number; minutes: number };

/** Counts the words of a document, without marks, footnotes and what is only shared. */
export function lengthOf(document: string, locale: Locale): Length {
  const segmenter = new Intl.Segmenter(locale, { granularity: "word" });
  let words = 0;
  for (const { key, markdown } of partsOf(document)) {
    if (key.startsWith("share.")) continue;
    for (const { isWordLike } of segmenter.segment(shownWords(markdown))) if (isWordLike) words += 1;
  }
  return { words, minutes: words === 0 ? 0 : Math.max(1, Math.round(words / WORDS_A_MINUTE)) };
}

/** Leaves out footnotes, addresses of links, and the names of marks. */
function shownWords(markdown: string): string {
  return markdown
    .replace(/\[\^[^\]\s]*\]/g, " ")
    .replace(/\]\([^)\s]*\)/g, "]")
    .replace(/:(?:advice|period)\[/g, "[");
}
