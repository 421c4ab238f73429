import { LOCALES, type Locale } from "@/lib/i18n/locales";
import type { ListedSource, Texts } from "./sources-file";

/** A source as the fields of a form. */
export type SourceFields = Readonly<Record<string, string>>;

export const NO_SOURCE: ListedSource = { key: "", publisher: "", titles: {}, date: "", url: "", caveats: {} };

/** Returns a source as the fields of a form, with texts in every language of the site. */
export function sourceFields({ publisher, titles, date, url, caveats }: ListedSource): SourceFields {
  const inLanguages = (name: string, texts: Texts) =>
    Object.fromEntries(LOCALES.map((locale) => [`${name}.${locale}`, texts[locale] ?? ""]));
  return { publisher, date, url, ...inLanguages("title", titles), ...inLanguages("caveat", caveats) };
}

/** Returns what a field of a source is called. */
export function sourceLabel(field: string, nameOf: (locale: Locale) => string): string {
  const [name = "", locale] = field.split(".");
  const label = LABELS[name] ?? name;
  return LOCALES.some((each) => each === locale) ? `${label} in ${nameOf(locale as Locale)}` : label;
}

const LABELS: Readonly<Record<string, string>> = {
  key: "Key",
  publisher: "Publisher",
  title: "Title",
  date: "Date",
  url: "Address",
  caveat: "What to know before trusting it",
};

export type SourceRead =
  | { ok: true; source: ListedSource }
  | { ok: false; mistakes: { field: string; text: string }[] };

const KEY = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,30}[A-Za-z0-9])?$/;
const DATE = /^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$/;

/** Reads a source from the fields of a form. */
export function readSourceFields(key: string, fields: SourceFields): SourceRead {
  const mistakes: { field: string; text: string }[] = [];
  const value = (name: string) => (fields[name] ?? "").replace(/\s+/g, " ").trim();
  const texts = (name: string): Texts =>
    Object.fromEntries(
      LOCALES.flatMap((locale) => {
        const text = value(`${name}.${locale}`);
        return text === "" ? [] : [[locale, text]];
      }),
    );
  const source = {
    key: key.trim(),
    publisher: value("publisher"),
    titles: texts("title"),
    date: value("date"),
    url: value("url"),
    caveats: texts("caveat"),
  };
  const refuse = (field: string, text: string) => mistakes.push({ field, text });
  if (!KEY.test(source.key)) refuse("key", "Key: write 1 to 32 letters and digits, for example K11.");
  if (source.publisher === "") refuse("publisher", "Publisher: write who published it.");
  if (Object.keys(source.titles).length === 0)
    refuse(`title.${LOCALES[0]}`, "Title: write what it is called, in at least one language.");
  if (source.date !== "" && !DATE.test(source.date))
    refuse("date", "Date: write 2023-10-03, 2023-10 or 2023, or leave it empty.");
  if (!isWebAddress(source.url)) refuse("url", "Address: write one that begins with https://.");
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, source };
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && !/\s/.test(text);
}
