import type { Locale } from "@/lib/i18n/locales";
import type { Text } from "./types";

/** How much of a sentence is shown, in characters: enough to find it. */
const SHOWN_CHARACTERS = 40;

/**
 * Finds the first sentence that rests on no source. A footnote at the end of the text counts for all of it;
 * otherwise each sentence needs one of its own. What is in `:advice[…]` or `:period[…]` is no statement.
 * @returns its words, shortened, or null if there is none.
 */
export function unsourcedSentence(text: Text, locale: Locale): string | null {
  const { words, notes } = flattened(text);
  const last = notes.at(-1);
  if (last !== undefined && !saysSomething(words.slice(last))) return null;
  for (const { index, segment } of segmenterOf(locale).segment(words)) {
    if (!saysSomething(segment)) continue;
    // A note before the first word of a sentence belongs to the one before it.
    const end = index + segment.length;
    const begin = index + segment.length - segment.trimStart().length;
    if (!notes.some((note) => note > begin && note <= end)) {
      const sentence = segment.trim();
      return sentence.length > SHOWN_CHARACTERS
        ? `${sentence.slice(0, SHOWN_CHARACTERS).trimEnd()}…`
        : sentence;
    }
  }
  return null;
}

const saysSomething = (words: string) => /[\p{L}\p{N}]/u.test(words);

/** The words of a text without marks, and where in them its footnotes stand. */
function flattened(text: Text): { words: string; notes: number[] } {
  let words = "";
  const notes: number[] = [];
  const walk = (inlines: Text) => {
    for (const inline of inlines) {
      if (inline.kind === "text") words += inline.text;
      else if (inline.kind === "reference") notes.push(words.length);
      else if (inline.kind !== "advice" && inline.kind !== "period") walk(inline.children);
    }
  };
  walk(text);
  return { words, notes };
}

const segmenters = new Map<Locale, Intl.Segmenter>();

function segmenterOf(locale: Locale): Intl.Segmenter {
  const segmenter = segmenters.get(locale) ?? new Intl.Segmenter(locale, { granularity: "sentence" });
  segmenters.set(locale, segmenter);
  return segmenter;
}
