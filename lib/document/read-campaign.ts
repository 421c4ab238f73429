import type { Locale } from "@/lib/i18n/locales";
import { alignedWith, compare } from "./align";
import { assemble, type Table } from "./assemble";
import { type Draft, type DraftRow, readDraft } from "./draft";
import { FileFaults } from "./faults";
import { SETTINGS_FILE, SOURCES_FILE } from "./file-names";
import { readSettings } from "./settings";
import { readSources } from "./sources";
import type { CampaignContent, CampaignFiles, CampaignSettings, Fault, Source } from "./types";

export type ReadCampaign = { ok: true; content: CampaignContent } | { ok: false; faults: readonly Fault[] };

/** How large one file may be, in bytes. */
const FILE_MAX_BYTES = 204_800;

/**
 * Parses and checks the files of a campaign.
 * @param pictures names of the files in its `pictures/`; by default none is missed.
 */
export function readCampaign(files: CampaignFiles, pictures?: ReadonlySet<string>): ReadCampaign {
  const faults = new Map<string, FileFaults>();
  const faultsOf = (file: string): FileFaults => {
    const known = faults.get(file) ?? new FileFaults();
    faults.set(file, known);
    return known;
  };
  for (const file of [SETTINGS_FILE, SOURCES_FILE]) faultsOf(file);
  const content = new CampaignReader(files, pictures, faultsOf).content();
  const found = [...faults].flatMap(([file, each]) => each.listed(file));
  if (found.length > 0) return { ok: false, faults: found };
  return content
    ? { ok: true, content }
    : {
        ok: false,
        faults: [{ file: SETTINGS_FILE, line: 1, message: "the campaign cannot be read: check this file" }],
      };
}

class CampaignReader {
  constructor(
    readonly files: CampaignFiles,
    readonly pictures: ReadonlySet<string> | undefined,
    readonly faultsOf: (file: string) => FileFaults,
  ) {}

  content(): CampaignContent | null {
    const settings = this.#read(SETTINGS_FILE, readSettings);
    if (!settings) return null;
    const [original] = settings.languages;
    const sources = this.#read(SOURCES_FILE, (text, report) => readSources(text, original, report));
    this.#refuseOthers(settings);
    if (!sources) return null;
    const drafts = this.#drafts(settings, sources);
    const tables = this.#tables(drafts);
    const first = drafts.get(original);
    if (!first) return null;
    const documents = new Map(
      [...drafts].map(([locale, draft]) => [locale, assemble(locale, draft, first, tables)] as const),
    );
    return { settings, sources, documents };
  }

  /** Reads one file, unless it is missing or no text. Nothing that it says makes this throw. */
  #read<T>(file: string, read: (text: string, report: FileFaults["report"]) => T | null): T | null {
    const faults = this.faultsOf(file);
    const text = this.files.get(file);
    if (text === undefined) {
      faults.report(1, `${file} is missing: add it to the campaign's folder`);
      return null;
    }
    refuseUnreadable(text, faults);
    if (faults.any) return null;
    try {
      return read(text, faults.report);
    } catch (error) {
      // The parsers are other people's: text nested without end overflows them, for example.
      faults.report(
        1,
        `this file cannot be read (${error instanceof Error ? error.message : "unknown error"}): make it simpler`,
      );
      return null;
    }
  }

  #refuseOthers(settings: CampaignSettings): void {
    const known = new Set([SETTINGS_FILE, SOURCES_FILE, ...settings.languages.map(documentOf)]);
    for (const file of this.files.keys())
      if (!known.has(file))
        this.faultsOf(file).report(
          1,
          file.endsWith(".md")
            ? "its language is not in languages in campaign.yaml: add it there, or remove this file"
            : "this file is no part of a campaign: remove it",
        );
  }

  /** Reads the documents, and compares each with the first. */
  #drafts(settings: CampaignSettings, sources: ReadonlyMap<string, Source>): Map<Locale, Draft> {
    const drafts = new Map<Locale, Draft>();
    const [original] = settings.languages;
    for (const locale of settings.languages) {
      const draft = this.#read(documentOf(locale), (text, report) =>
        readDraft(text, { sources: sources.keys(), locale, whole: locale === original }, report),
      );
      if (!draft) continue;
      const first = drafts.get(original);
      const aligned = first ? alignedWith(first, draft) : draft;
      drafts.set(locale, aligned);
      this.#refuseMissingPictures(locale, aligned);
      // What is wrong with one of them alone would be told again as a difference.
      if (first && !this.faultsOf(documentOf(original)).any && !this.faultsOf(documentOf(locale)).any)
        compare(
          first,
          aligned,
          settings.unfinished.includes(locale),
          documentOf(original),
          this.faultsOf(documentOf(locale)).report,
        );
    }
    return drafts;
  }

  #refuseMissingPictures(locale: Locale, draft: Draft): void {
    const { pictures } = this;
    if (!pictures) return;
    for (const block of draft.sections.flatMap(({ blocks }) => blocks))
      if (block.kind === "picture" && !pictures.has(block.name))
        this.faultsOf(documentOf(locale)).report(
          block.line,
          `there is no picture ${block.name}: add it to pictures/, or correct the name`,
        );
  }

  /** Collects the figures' tables: the first of each name counts, and the others must agree with it. */
  #tables(drafts: ReadonlyMap<Locale, Draft>): Map<string, Table> {
    const tables = new Map<string, Table>();
    const figures = [...drafts].flatMap(([locale, draft]) =>
      draft.sections.flatMap(({ blocks }) =>
        blocks.flatMap((block) => (block.kind === "figure" ? [{ locale, draft, block }] : [])),
      ),
    );
    for (const { locale, draft, block } of figures) {
      if (!block.rows) continue;
      const first = tables.get(block.data);
      if (!first) tables.set(block.data, { draft, locale, key: block.key, rows: block.rows });
      else this.#compareRows(first, block.rows, block.type ?? "line", block.line, locale);
    }
    for (const { locale, draft, block } of figures) {
      const report = this.faultsOf(documentOf(locale)).report;
      const table = tables.get(block.data);
      if (!table)
        report(
          block.line,
          `no table says what ${block.data} is: write it in this block, with columns for when, how many, and who counted`,
        );
      else if (![draft, table.draft].some((each) => hasTitle(each, block.data)))
        report(block.line, `this figure has no title: write :::figure{data="${block.data}" title="…"}`);
    }
    return tables;
  }

  #compareRows(first: Table, rows: readonly DraftRow[], type: string, line: number, locale: Locale): void {
    const report = this.faultsOf(documentOf(locale)).report;
    const file = documentOf(first.locale);
    if (rows.length !== first.rows.length)
      report(
        line,
        `this table has ${rows.length} rows, and that of ${file} has ${first.rows.length}: write the same, or leave the table out here`,
      );
    for (const [at, row] of rows.entries()) {
      const other = first.rows[at];
      if (!other) break;
      const same =
        row.value === other.value &&
        (type !== "line" || row.at === other.at) &&
        row.sources.length === other.sources.length &&
        row.sources.every((source) => other.sources.includes(source));
      if (!same)
        report(
          row.line,
          `this row differs from line ${other.line} of ${file}: write the same count and the same sources there and here`,
        );
    }
  }
}

function documentOf(locale: Locale): string {
  return `${locale}.md`;
}

function hasTitle(draft: Draft, data: string): boolean {
  return draft.sections.some(({ blocks }) =>
    blocks.some(
      (block) => block.kind === "figure" && block.data === data && draft.parts.has(`${block.key}.title`),
    ),
  );
}

/** Reports what is no text of a reasonable size. */
function refuseUnreadable(text: string, faults: FileFaults): void {
  if (text.length > FILE_MAX_BYTES || new TextEncoder().encode(text).length > FILE_MAX_BYTES) {
    faults.report(
      1,
      `this file is larger than ${FILE_MAX_BYTES.toLocaleString("en")} bytes: make the text shorter`,
    );
    return;
  }
  // A carriage return belongs to the end of a line; other control characters do not show and mean nothing.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are looked for
  const bad = /\r(?!\n)|[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]|\p{Surrogate}/u.exec(text);
  if (!bad) return;
  const code = (bad[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  faults.report(
    text.slice(0, bad.index).split("\n").length,
    `this line has a character that cannot be shown (U+${code}): remove it, or save the file as UTF-8 with ordinary line ends`,
  );
}
