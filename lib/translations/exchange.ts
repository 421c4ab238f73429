import type { Locale } from "@/lib/i18n/locales";
import type { PartState } from "./states";

/** A translation as a file for translators' tools holds it. */
export type Exchanged = {
  slug: string;
  originalLocale: Locale;
  locale: Locale;
  parts: readonly {
    key: string;
    /** What the part is called. */
    label: string;
    original: string;
    translation: string | null;
    state: PartState;
  }[];
};

/** A unit of such a file. `settled`: the tool says that it is finished, not only that it has some text. */
export type Unit = { key: string; original: string; translation: string; settled: boolean };

/** What a file holds, or in a sentence why it cannot be read. */
export type ReadExchange =
  | { ok: true; locale: string | null; units: readonly Unit[] }
  | { ok: false; why: string };
