import { isBorrowed, renamedAfter, UNTRANSLATED } from "./align";
import type { Draft, DraftBlock } from "./draft";
import { readFrontMatter } from "./front-matter";
import { endOf, footnotesIn, lineOf, parseMarkdown, startOf } from "./markdown";
import { draftOf, replaceParts } from "./parts";
import { attributeText } from "./structure";

/** A part of the original and its translation; null if that is missing. */
export type TranslatedPart = {
  key: string;
  original: string;
  translation: string | null;
  /** False for words of a figure that are shown as another place has them, should the translation lack them. */
  needed: boolean;
};

/** Returns the parts of an original with their translations, in their order; none if it cannot be parsed. */
export function translatedParts(original: string, translation: string): readonly TranslatedPart[] {
  const first = draftOf(original);
  if (!first) return [];
  const own = draftOf(translation);
  const parts = own ? renamedAfter(first, own).parts : new Map<string, { markdown: string }>();
  return [...first.parts.values()]
    .sort((one, other) => one.start - other.start)
    .map(({ key, markdown }) => {
      const text = parts.get(key)?.markdown ?? UNTRANSLATED;
      const needed = !isBorrowed(key);
      return { key, original: markdown, translation: text === UNTRANSLATED ? null : text, needed };
    });
}

/** A translation with other texts, and the keys of those that do not stay one part where they belong. */
export type Translated = { ok: true; markdown: string; unfit: readonly string[] } | { ok: false };

/**
 * Writes texts into a translation. One that it lacks gets its place: then the translation gets the structure of
 * the original, with `…` for what is still to be translated. Else everything else stays as it is.
 * @param texts by the key of the part.
 * @returns `ok: false` if one of the documents cannot be parsed.
 */
export function withTranslation(
  original: string,
  translation: string,
  texts: ReadonlyMap<string, string>,
): Translated {
  const first = draftOf(original);
  const own = translation.trim() === "" ? null : draftOf(translation);
  if (!first || (!own && translation.trim() !== "")) return { ok: false };
  if (own) {
    const names = ownNames(first, own);
    if ([...texts.keys()].every((key) => names.has(key) || !first.parts.has(key)))
      return written(translation, texts, names);
  }
  const completed = new Completion(original, first, translation, own, texts).document();
  const draft = draftOf(completed.markdown);
  if (!draft) return { ok: false };
  return written(completed.markdown, new Map([...completed.texts, ...texts]), ownNames(first, draft));
}

/** Returns a document that has the structure of the original, and `…` for each part. */
export function untranslated(original: string): string {
  const translated = withTranslation(original, "", new Map());
  return translated.ok ? translated.markdown : "";
}

/** The keys of a translation's parts in its own counting, by those of the original. */
function ownNames(first: Draft, own: Draft): ReadonlyMap<string, string> {
  const places = new Map([...own.parts.values()].map(({ start, key }) => [start, key]));
  return new Map(
    [...renamedAfter(first, own).parts.values()].map(({ key, start }) => [key, places.get(start) ?? key]),
  );
}

function written(
  markdown: string,
  texts: ReadonlyMap<string, string>,
  names: ReadonlyMap<string, string>,
): Translated {
  const byOwnName = new Map([...texts].map(([key, text]) => [names.get(key) ?? key, text]));
  const replaced = replaceParts(markdown, byOwnName);
  const unfit = [...texts.keys()].filter((key) => replaced.unfit.includes(names.get(key) ?? key));
  return { ok: true, markdown: replaced.markdown, unfit };
}

/** A piece of a document that is taken from the translation or made from the original: `front`, `call`, a block. */
type Unit = { key: string; start: number; end: number; rest: number };

class Completion {
  readonly texts = new Map<string, string>();
  readonly #own: Draft | null;
  readonly #ownUnits: readonly Unit[];

  constructor(
    readonly original: string,
    readonly first: Draft,
    readonly translation: string,
    own: Draft | null,
    readonly wanted: ReadonlyMap<string, string>,
  ) {
    this.#own = own && renamedAfter(first, own);
    const keys = new Set(unitsOf(original, first).map(({ key }) => key));
    this.#ownUnits = this.#own ? unitsOf(translation, this.#own, keys) : [];
  }

  document(): { markdown: string; texts: ReadonlyMap<string, string> } {
    const newline = /\r\n/.test(this.translation || this.original) ? "\r\n" : "\n";
    let markdown = "";
    let before: Unit | undefined;
    for (const unit of unitsOf(this.original, this.first)) {
      const at = this.#ownUnits.findIndex(({ key }) => key === unit.key);
      const own = this.#ownUnits[at];
      const between =
        own && before && this.#ownUnits[at - 1] === before
          ? this.translation.slice(before.rest, own.start)
          : `${newline}${newline}`;
      if (markdown !== "") markdown += between;
      markdown +=
        own && !this.#lacks(unit)
          ? this.translation.slice(own.start, own.rest)
          : this.#made(unit, own, newline);
      before = own;
    }
    return { markdown: `${markdown.trimEnd()}${newline}`, texts: this.texts };
  }

  #partsIn(unit: Unit) {
    return [...this.first.parts.values()]
      .filter(({ key }) => isIn(key, unit.key))
      .sort((one, other) => one.start - other.start);
  }

  #lacks(unit: Unit): boolean {
    return this.#partsIn(unit).some(
      ({ key }) => !this.#own?.parts.has(key) && (!isBorrowed(key) || this.wanted.has(key)),
    );
  }

  /** Makes a piece from the original, and notes which texts of the translation belong into it. */
  #made(unit: Unit, own: Unit | undefined, newline: string): string {
    const parts = this.#partsIn(unit);
    for (const { key } of parts) {
      const text = this.#own?.parts.get(key)?.markdown;
      if (text !== undefined && text !== UNTRANSLATED) this.texts.set(key, text);
    }
    const block = this.first.sections.flatMap(({ blocks }) => blocks).find(({ key }) => key === unit.key);
    const made =
      block?.kind === "figure" && !this.#needsTable(block)
        ? this.#figure(
            block,
            parts.some(({ key }) => key.endsWith(".caption")),
          )
        : parts.reduceRight(
            (text, part) => {
              if (isBorrowed(part.key)) return text;
              const [start, end] = [part.start - unit.start, part.end - unit.start];
              const lineEnd = /\r?\n$/.exec(text.slice(start, end))?.[0] ?? "";
              return `${text.slice(0, start)}${UNTRANSLATED}${lineEnd}${text.slice(end)}`;
            },
            this.original.slice(unit.start, unit.end),
          );
    // What the original has no counterpart of stays behind it.
    const rest = own ? this.translation.slice(own.end, own.rest) : "";
    return made.replaceAll(/\r?\n/g, newline) + rest;
  }

  /** A table stays out of a translation that needs none of its words: its counts are shown from the original. */
  #needsTable({ key }: DraftBlock): boolean {
    return [...this.wanted.keys(), ...(this.#own?.parts.keys() ?? [])].some(
      (each) => each.startsWith(`${key}.headings.`) || each.startsWith(`${key}.rows.`),
    );
  }

  #figure({ key, data }: Extract<DraftBlock, { kind: "figure" }>, captioned: boolean): string {
    const name = `${key}.title`;
    const titled = this.wanted.has(name) || this.#own?.parts.has(name);
    return [
      `:::figure{data="${attributeText(data)}"${titled ? ` title="${UNTRANSLATED}"` : ""}}`,
      ...(captioned ? [UNTRANSLATED] : []),
      ":::",
    ].join("\n");
  }
}

function isIn(part: string, unit: string): boolean {
  if (unit === "front") return !/^(?:call|sections)\./.test(part);
  if (/^sections\.\d+$/.test(unit)) return part === `${unit}.title`;
  return part === unit || part.startsWith(`${unit}.`);
}

/**
 * Divides a document into pieces. What belongs to none of `keys` is the rest of the piece before it.
 * @param keys by default all.
 */
function unitsOf(markdown: string, draft: Draft, keys?: ReadonlySet<string>): Unit[] {
  const front = readFrontMatter(markdown, () => {})?.end ?? 0;
  const names = new Map<number, string>([
    ...(draft.call ? [[draft.call.line, "call"] as const] : []),
    ...draft.sections.flatMap(({ key, line, titled, blocks }) => [
      ...(titled ? [[line, key] as const] : []),
      ...blocks.map((block) => [block.line, block.key] as const),
    ]),
  ]);
  const units: Unit[] = [{ key: "front", start: 0, end: front, rest: front }];
  const text = markdown.slice(0, front).replace(/[^\r\n]/g, " ") + markdown.slice(front);
  for (const node of parseMarkdown(text, footnotesIn(text))) {
    const key = names.get(lineOf(node));
    const [start, end] = [startOf(node), endOf(node)];
    const last = units.at(-1);
    if (key !== undefined && (keys?.has(key) ?? true)) units.push({ key, start, end, rest: end });
    else if (last) last.rest = end;
  }
  return units;
}
