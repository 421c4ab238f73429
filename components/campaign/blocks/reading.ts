import { directionOf, type Locale } from "@/lib/i18n/locales";
import type { PictureSources } from "@/lib/pictures";

/** The order of the sources on this page, which numbers them, and the page's language. */
export type Numbering = { locale: Locale; order: readonly string[] };

/** How a document is read on this page. */
export type Reading = Numbering & {
  /** The campaign's first language, and the keys of the parts that are shown in it. */
  original: Locale;
  untranslated: ReadonlySet<string>;
  /** Returns a picture by its name; null if there is none. */
  picture: (name: string) => PictureSources | null;
};

/** Returns the attributes that mark a part which is shown in the campaign's first language. */
export function languageMark(
  { locale, original, untranslated }: Omit<Reading, "picture" | "order">,
  ...keys: readonly string[]
): { lang?: Locale; dir?: "ltr" | "rtl" } {
  if (locale === original || !keys.some((key) => untranslated.has(key))) return {};
  return { lang: original, dir: directionOf(original) };
}

/** Pairs blocks with their keys: what kind they are, and which of it, counted from 1. */
export function keyed<Block extends { kind: string }>(
  blocks: readonly Block[],
  within: string,
): { key: string; block: Block }[] {
  const counts = new Map<string, number>();
  return blocks.map((block) => {
    const number = (counts.get(block.kind) ?? 0) + 1;
    counts.set(block.kind, number);
    return { key: `${within}.${block.kind}.${number}`, block };
  });
}
