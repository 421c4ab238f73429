import { isMap, isScalar, isSeq, parseDocument, type Scalar, stringify } from "yaml";
import { isLocale, type Locale } from "@/lib/i18n/locales";
import { SETTINGS_FILE } from "./file-names";
import type { CampaignFiles } from "./types";

// What can be told of files, and changed in them, however unfinished they are. Whether they are right is for
// `readCampaign` to say.

/** The languages that a campaign's files name, the first in front, and the titles that they have. */
export type Outline = { languages: readonly Locale[]; titles: ReadonlyMap<Locale, string> };

/** Reads what a campaign is called in its languages, as far as its files say so already. */
export function outlineOf(files: CampaignFiles): Outline {
  const languages = languagesIn(files.get(SETTINGS_FILE) ?? "");
  const titles = languages.flatMap((locale) => {
    const title = textIn(files.get(`${locale}.md`) ?? "", "title");
    return title === null ? [] : [[locale, title] as const];
  });
  return { languages, titles: new Map(titles) };
}

function languagesIn(settings: string): Locale[] {
  const root = yamlOf(settings).contents;
  const listed = isMap(root) ? root.get("languages") : null;
  const named = isSeq(listed) ? listed.items.map((item) => (isScalar(item) ? item.value : null)) : [];
  return [...new Set(named)].filter((name): name is Locale => typeof name === "string" && isLocale(name));
}

/** Texts above a document that can be read and written without understanding the rest of it. */
export type FrontText = "title" | "outcome";

/** Returns a text that stands above a document, or null if there is none. */
export function textIn(document: string, name: FrontText): string | null {
  const front = frontOf(document);
  const value = front && pairIn(front.text, name)?.value;
  return isScalar(value) && typeof value.value === "string" ? value.value.trim() || null : null;
}

/**
 * Puts a text above a document, in the place of the one that is there, or takes it away (null). Everything else
 * stays as written. A document whose front matter is no YAML is returned as it is.
 */
export function withText(document: string, name: FrontText, text: string | null): string {
  const front = frontOf(document);
  if (!front || textIn(document, name) === (text?.trim() || null)) return document;
  const pair = pairIn(front.text, name);
  if (pair === null) return document;
  const written = text?.trim() ? writtenAs(name, text.trim()) : "";
  const [from, to] = pair
    ? linesOf(front.text, pair.key, pair.value)
    : [front.text.length, front.text.length];
  const changed = front.text.slice(0, from) + written + front.text.slice(to);
  const lineEnd = document.includes("\r\n") ? "\r\n" : "\n";
  return (
    document.slice(0, front.start) +
    changed.replaceAll(/\r?\n/g, lineEnd) +
    document.slice(front.start + front.text.length)
  );
}

/** The YAML between the two lines `---`; up to the end of a document that lacks the second. */
function frontOf(document: string): { start: number; text: string } | null {
  const opening = /^\uFEFF?---[ \t]*\r?\n/.exec(document);
  if (!opening) return null;
  const start = opening[0].length;
  const closing = /^---[ \t]*\r?$/m.exec(document.slice(start));
  return { start, text: document.slice(start, closing ? start + closing.index : undefined) };
}

function yamlOf(text: string) {
  return parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: "silent" });
}

/** The entry of a name; undefined if there is none, and null if the text is no YAML of one entry a line. */
function pairIn(text: string, name: string): { key: Scalar; value: unknown } | null | undefined {
  const yaml = yamlOf(text);
  const root = yaml.contents;
  if (root === null && yaml.errors.length === 0) return undefined;
  if (!isMap(root) || root.flow) return null;
  for (const { key, value } of root.items) if (isScalar(key) && key.value === name) return { key, value };
  return yaml.errors.length > 0 ? null : undefined;
}

/** Where the lines of an entry begin and end. */
function linesOf(text: string, key: Scalar, value: unknown): [number, number] {
  const from = key.range?.[0] ?? 0;
  const end = (isScalar(value) ? value.range?.[1] : undefined) ?? key.range?.[1] ?? from;
  if (text[end - 1] === "\n") return [from, end];
  const lineEnd = text.indexOf("\n", end);
  return [from, lineEnd < 0 ? text.length : lineEnd + 1];
}

function writtenAs(name: FrontText, text: string): string {
  if (name === "title") return stringify({ [name]: text.replaceAll(/\s+/g, " ") }, { lineWidth: 0 });
  const lines = text.split(/\r?\n/).map((line) => (line.trim() === "" ? "" : `  ${line.trimEnd()}`));
  return `${name}: |\n${lines.join("\n")}\n`;
}
