import type { Messages } from "./en";

export type DurationUnit = "minute" | "hour" | "day" | "month";

/** All that the site knows of one language. A new language is a file of this shape and a line in `index.ts`. */
export type Language = {
  direction: "ltr" | "rtl";
  /** Decides fonts and line heights on pages, in mail and in pictures. */
  script: "latin" | "naskh" | "nastaliq";
  /** The language's name as its own readers write it. */
  nativeName: string;
  /** As Open Graph writes it: always with a territory. */
  openGraph: string;
  /** First subtags of BCP 47 that browsers send for it, in lower case. */
  subtags: readonly string[];
  /** The locale whose date format it uses, when not its own. */
  datesAs?: string;
  /** Units of time that Unicode's data has only as abbreviations. */
  durations?: Partial<Record<DurationUnit, { one: string; other: string }>>;
  /** Set once a native speaker has checked page, form and mails; until then pages say that it is a draft. */
  reviewed: boolean;
  messages: Messages;
  /** By country code: names that readers look for where CLDR's short form is too short, official or plainly wrong. */
  countryNames: Partial<Record<string, string>>;
};
