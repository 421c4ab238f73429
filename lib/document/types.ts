import type { Locale } from "@/lib/i18n/locales";

// A campaign is a folder of text files (docs/campaigns.md): campaign.yaml, sources.yaml and a Markdown document
// for each language. These are the typed forms of those files.

/** The files of a campaign by path, as written: `campaign.yaml`, `sources.yaml`, `en.md`, … */
export type CampaignFiles = ReadonlyMap<string, string>;

/** A mistake in one of the files: where it is, what is wrong and how to mend it. Lines count from 1. */
export type Fault = { file: string; line: number; message: string };

/** Text that is set as it stands. `reference` is the mark that leads to a source. */
export type Inline =
  | { kind: "text"; text: string }
  | { kind: "emphasis"; children: Text }
  | { kind: "strong"; children: Text }
  | { kind: "link"; href: string; children: Text }
  | { kind: "reference"; source: string }
  | { kind: "advice"; children: Text }
  | { kind: "period"; children: Text };
export type Text = readonly Inline[];

/** What can stand in an answer. */
export type SimpleBlock =
  | { kind: "paragraph"; text: Text }
  | { kind: "points"; ordered: boolean; items: readonly Text[] };

export type FigureType = "line" | "bars" | "map" | "number";

/**
 * A row of a figure's table. `at` is its first cell: a date as precise as it is known (`2023-12`, `2023-12-01`)
 * for a line, else a name or a crossing. `by` says who counted.
 */
export type FigureRow = { at: string; value: number; by: string; sources: readonly string[] };

export type Figure = {
  kind: "figure";
  /** Its name, the same in every language. */
  data: string;
  type: FigureType;
  title: string;
  /** Says what is counted; below the title. */
  caption: Text;
  /** Headings of the table's columns: `at`, `value`, `by`. */
  headings: readonly [string, string, string];
  rows: readonly FigureRow[];
};

export type Block =
  | SimpleBlock
  | Figure
  | { kind: "question"; title: string; blocks: readonly SimpleBlock[] }
  | { kind: "timeline"; events: readonly TimelineEvent[] }
  | { kind: "quotation"; by: string; text: Text }
  /** `name` is that of a file in `pictures/`. */
  | { kind: "picture"; name: string; alternative: string; caption: Text };

/** `date` is as precise as it is known: `2023`, `2023-12` or `2023-12-01`. */
export type TimelineEvent = { date: string; text: Text };

/** `title` is null for what stands before the first heading. */
export type Section = { title: string | null; blocks: readonly Block[] };

/** What is asked, of whom. `lead` and `points` explain the demand. */
export type Call = { to: string; lead: Text; demand: string; points: readonly Text[] };

/** Channels that carry a text of their own. */
export type ShareChannel = "whatsapp" | "telegram" | "x" | "bluesky" | "sms" | "email";

/** A campaign in one language. */
export type CampaignDocument = {
  locale: Locale;
  title: string;
  summary: Text;
  call: Call;
  sections: readonly Section[];
  /** Up to when the text describes events; null if it does not say. */
  asOf: string | null;
  /** A remark above the list of sources. */
  aboutSources: string | null;
  /** Texts beside a shared link. Channels without one use the common text. */
  share: { text: string; subject: string; channels: Readonly<Partial<Record<ShareChannel, string>>> };
  /** What the campaign reached; shown once it is closed. */
  outcome: Text | null;
  /** Sources in the order of their first reference. A source's position is its number. */
  references: readonly string[];
  /** Keys of the parts that are shown in the first language because this one lacks them. */
  untranslated: ReadonlySet<string>;
};

/** What a statement can rest on. `title` is in the language of the reader where there is one. */
export type Source = {
  key: string;
  publisher: string;
  titles: Readonly<Partial<Record<Locale, string>>>;
  /** As precise as it is known; null if the source gives none. */
  date: string | null;
  url: string;
  /** What to know before trusting it, by language. */
  caveats: Readonly<Partial<Record<Locale, string>>>;
};

/** Whom the campaign addresses. */
export type Target = { key: string; name: string; role: string; country: string | null };

/** `campaign.yaml`. The first language is the original: the others are its translations. */
export type CampaignSettings = {
  slug: string;
  goal: number;
  languages: readonly [Locale, ...Locale[]];
  /** Languages that are live although parts are missing: those are shown in the first language. */
  unfinished: readonly Locale[];
  targets: readonly Target[];
  /** Two colours as `#rrggbb`; null uses the site's. */
  colours: { main: string; accent: string } | null;
  signing: { trace: "off" | "offered" | "required"; name: "required" | "off" };
  mail: { discreet: boolean };
};

/** Everything that a campaign's files say, once they are free of faults. */
export type CampaignContent = {
  settings: CampaignSettings;
  sources: ReadonlyMap<string, Source>;
  documents: ReadonlyMap<Locale, CampaignDocument>;
};

/**
 * A piece of a document that is translated as a whole, with its place in the file. Keys are the same in every
 * language: `title`, `summary`, `share.text`, `call.demand`, `call.points.1`, `sections.2.title`,
 * `sections.2.paragraph.1`, `sections.2.points.1.3`, `sections.4.question.1.title`, `sections.5.timeline.1.2`.
 */
export type Part = {
  key: string;
  /** As written in the file, without the marks of its block. */
  markdown: string;
  /** Its place in the file, in UTF-16 units; a replacement goes there. */
  start: number;
  end: number;
  line: number;
};
