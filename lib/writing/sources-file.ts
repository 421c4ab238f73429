import { type Document, isMap, isScalar, isSeq, parseDocument, type YAMLMap } from "yaml";
import { z } from "zod";
import type { CampaignFiles } from "@/lib/document";
import { isLocale, type Locale } from "@/lib/i18n/locales";
import { writtenLike } from "./yaml-text";

/** Texts by language. */
export type Texts = Partial<Record<Locale, string>>;

/** A source as `sources.yaml` has it. */
export type ListedSource = {
  key: string;
  publisher: string;
  titles: Texts;
  date: string;
  url: string;
  caveats: Texts;
};

const text = z.union([z.string(), z.number()]).transform(String).catch("");
const texts = z.union([z.string(), z.record(z.string(), text)]).catch({});
const entry = z.object({
  key: text,
  publisher: text,
  title: texts.default({}),
  date: text.default(""),
  url: text,
  caveat: texts.default({}),
});

/**
 * Reads the sources as far as the file can be read.
 * @param original the language of texts that name none.
 * @returns null if the file is no list of sources.
 */
export function listSources(file: string, original: Locale): ListedSource[] | null {
  const document = parse(file);
  if (!document) return null;
  return entriesOf(document).flatMap(({ key, map }): ListedSource[] => {
    const read = entry.safeParse({ key, ...(map.toJS(document) as object) });
    if (!read.success || read.data.key === "") return [];
    const { title, caveat, ...rest } = read.data;
    return [{ ...rest, titles: byLanguage(title, original), caveats: byLanguage(caveat, original) }];
  });
}

function byLanguage(given: z.output<typeof texts>, original: Locale): Texts {
  if (typeof given === "string") return { [original]: given };
  return Object.fromEntries(Object.entries(given).filter(([locale]) => isLocale(locale)));
}

/** Returns the next key: K and the number behind the highest that is taken. */
export function nextKey(keys: Iterable<string>): string {
  const numbers = [...keys].map((key) => Number(/^K(\d{1,9})/i.exec(key)?.[1] ?? 0));
  return `K${Math.max(0, ...numbers) + 1}`;
}

/** A place in a campaign's files. */
export type Use = { file: string; line: number };

/** Returns where documents refer to a source. */
export function usesOf(files: CampaignFiles, key: string): Use[] {
  const mark = `[^${key.toLowerCase()}]`;
  return [...files].flatMap(([file, document]) =>
    file.endsWith(".md")
      ? document
          .split("\n")
          .flatMap((line, at) => (line.toLowerCase().includes(mark) ? [{ file, line: at + 1 }] : []))
      : [],
  );
}

/** Adds a source at the end of the file. @returns the file; null if it is no list of sources. */
export function withSource(file: string, source: ListedSource): string | null {
  const document = parse(file);
  if (!document) return null;
  const { contents } = document;
  const { key, ...rest } = writtenForm(source);
  if (isSeq(contents)) contents.add(document.createNode({ key, ...rest }));
  else if (isMap(contents)) contents.add(document.createPair(key, rest));
  else document.contents = document.createNode([{ key, ...rest }]);
  return writtenLike(file, document);
}

/**
 * Changes a source where it stands. What did not change stays as it is written, comments included.
 * @param original the language of texts that name none.
 * @returns the file; null if it does not have the source.
 */
export function withChangedSource(file: string, changed: ListedSource, original: Locale): string | null {
  const document = parse(file);
  const found = document && entriesOf(document).find(({ key }) => key === changed.key);
  if (!document || !found) return null;
  const before = listSources(file, original)?.find(({ key }) => key === changed.key);
  const { key: _, ...now } = writtenForm(changed);
  const then = before && writtenForm(before);
  for (const name of ["publisher", "title", "date", "url", "caveat"] as const) {
    const value = now[name];
    if (JSON.stringify(value) === JSON.stringify(then?.[name])) continue;
    if (value === undefined) found.map.delete(name);
    else found.map.set(name, document.createNode(value));
  }
  return writtenLike(file, document);
}

/** Removes a source. @returns the file; null if it does not have it. */
export function withoutSource(file: string, key: string): string | null {
  const document = parse(file);
  if (!document) return null;
  const { contents } = document;
  const at = entriesOf(document).findIndex((each) => each.key === key);
  if (at === -1) return null;
  if (isSeq(contents)) contents.delete(at);
  else if (isMap(contents)) contents.delete(key);
  return writtenLike(file, document);
}

function parse(file: string): Document | null {
  const document = parseDocument(file, { logLevel: "silent" });
  const { contents, errors } = document;
  return errors.length === 0 && (contents === null || isSeq(contents) || isMap(contents) || isEmpty(contents))
    ? document
    : null;
}

function isEmpty(contents: unknown): boolean {
  return isScalar(contents) && contents.value === null;
}

function entriesOf({ contents }: Document): { key: string; map: YAMLMap }[] {
  if (isSeq(contents))
    return contents.items.flatMap((map) => (isMap(map) ? [{ key: String(map.get("key") ?? ""), map }] : []));
  if (!isMap(contents)) return [];
  return contents.items.flatMap(({ key, value }) =>
    isScalar(key) && isMap(value) ? [{ key: String(key.value), map: value }] : [],
  );
}

function writtenForm({ key, publisher, titles, date, url, caveats }: ListedSource) {
  return {
    key,
    publisher,
    title: titles,
    ...(date === "" ? {} : { date }),
    url,
    ...(Object.keys(caveats).length === 0 ? {} : { caveat: caveats }),
  };
}
