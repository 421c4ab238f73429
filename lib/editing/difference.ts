import { diffArrays } from "diff";
import type { Locale } from "@/lib/i18n/locales";

/** Texts that differ in more words than this are shown as replaced: comparing them word by word takes long. */
const CHANGED_WORDS_MAX = 5_000;

/** A piece of two compared texts. Those that are `same` or `removed` make up the first, the others the second. */
export type DifferencePiece = { kind: "same" | "added" | "removed"; text: string };

/** Compares two texts word by word, as words are told apart in a language. */
export function differenceOf(before: string, after: string, locale: Locale): DifferencePiece[] {
  const segmenter = new Intl.Segmenter(locale, { granularity: "word" });
  const wordsOf = (text: string) => [...segmenter.segment(text)].map(({ segment }) => segment);
  const changes = diffArrays(wordsOf(before), wordsOf(after), { maxEditLength: CHANGED_WORDS_MAX });
  const pieces: DifferencePiece[] = changes?.map(({ added, removed, value }) => ({
    kind: added ? "added" : removed ? "removed" : "same",
    text: value.join(""),
  })) ?? [
    { kind: "removed", text: before },
    { kind: "added", text: after },
  ];
  return pieces.filter(({ text }) => text !== "");
}
