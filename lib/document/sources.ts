import { z } from "zod";
import { isLocale, LOCALES, type Locale } from "@/lib/i18n/locales";
import { DATE_FORMS, isDate } from "./dates";
import { must, type Report, reportIssues } from "./faults";
import type { Source } from "./types";
import { parseYaml } from "./yaml-text";

/** What a source's key may be: it stands in footnotes, `[^K11]`. */
const KEY = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,30}[A-Za-z0-9])?$/;
const KEY_FORM = "1 to 32 letters and digits, for example K11";

const line = (be: string) => z.string(must(be)).trim().min(1, must(be));

/** A text in some languages, or one text, which counts as the first language's. */
function texts(be: string) {
  const inLanguages = z.record(
    z.string().refine(isLocale, { error: `must be a language of this site: ${LOCALES.join(", ")}` }),
    line(be),
    must(`${be}, or such a text for each language`),
  );
  return z.union(
    [z.string().trim().min(1), inLanguages],
    must(`${be}, or such a text for each language: { en: … }`),
  );
}

/** An address as it was published. Some offices still have theirs without encryption. */
const ADDRESS = "an address that begins with https://, for example https://example.org/report";
const url = z.string(must(ADDRESS)).refine((text) => {
  const parsed = URL.canParse(text) ? new URL(text) : null;
  return parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.username === "" && !/\s/.test(text);
}, must(ADDRESS));

const FIELDS = {
  publisher: line("who published it, for example Dawn"),
  title: texts("what it is called"),
  // A year alone is a number to YAML.
  date: z
    .union([z.string(), z.int()], must(`a date such as ${DATE_FORMS}`))
    .transform(String)
    .refine(isDate, must(`a date such as ${DATE_FORMS}`))
    .nullable()
    .default(null),
  url,
  caveat: texts("what to know before trusting it").optional(),
};
const LIST = z.array(
  z.strictObject(
    { key: z.string(must(KEY_FORM)).regex(KEY, must(KEY_FORM)), ...FIELDS },
    must("a source with key, publisher, title, date and url"),
  ),
);
const MAPPING = z.record(
  z.string().regex(KEY, `must be ${KEY_FORM}`),
  z.strictObject(FIELDS, must("a source with publisher, title, date and url")),
  must("a list of sources, each with key, publisher, title, date and url"),
);

/**
 * Reads `sources.yaml`.
 * @param original the language of texts that name none.
 * @returns null if it is wrong.
 */
export function readSources(text: string, original: Locale, report: Report): Map<string, Source> | null {
  const yaml = parseYaml(text.replace(/^\uFEFF/, ""), report);
  if (!yaml) return null;
  // A file with nothing but comments lists no source.
  const value = yaml.value ?? [];
  const listed = Array.isArray(value);
  const read = listed ? LIST.safeParse(value) : MAPPING.safeParse(value);
  if (!read.success) {
    reportIssues(read.error.issues, yaml, report);
    return null;
  }
  const entries = Array.isArray(read.data)
    ? read.data
    : Object.entries(read.data).map(([key, rest]) => ({ key, ...rest }));
  const sources = new Map<string, Source>();
  const known = new Set<string>();
  let right = true;
  for (const [at, { key, publisher, title, date, url: address, caveat }] of entries.entries()) {
    // Footnotes do not tell small letters from capitals.
    if (known.has(key.toLowerCase())) {
      right = false;
      report(
        yaml.lineOf(listed ? [at, "key"] : [key]),
        `two sources have the key ${key}: give each a key of its own`,
      );
    }
    known.add(key.toLowerCase());
    const inOriginal = (given: string | Source["titles"]) =>
      typeof given === "string" ? { [original]: given } : given;
    sources.set(key, {
      key,
      publisher,
      titles: inOriginal(title),
      date,
      url: address,
      caveats: inOriginal(caveat ?? {}),
    });
  }
  return right ? sources : null;
}
