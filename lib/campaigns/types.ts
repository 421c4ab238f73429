import type { Locale } from "@/lib/i18n/locales";

/** What a claim can rest on: its publisher, what it is, its date, and where to read it. */
export type Source = { publisher: string; what: string; date: string | null; url: string };

/**
 * A statement with its sources; the type requires at least one. Sources are named by `Id`, so that the
 * compiler finds those that a campaign does not have.
 */
export type Claim<Id extends string = string> = { text: string; sources: readonly [Id, ...Id[]] };

/** A section of the page. `points` is rendered as a list. */
export type Section<Id extends string = string> = {
  id: string;
  title: string;
  /** The period that the section describes, where that needs saying. */
  period?: string;
  claims: readonly Claim<Id>[];
  points?: readonly Claim<Id>[];
};

export type Question<Id extends string = string> = {
  question: string;
  claims: readonly Claim<Id>[];
  advice?: string;
};

export type TimelineEvent<Id extends string = string> = {
  /** As precise as it is known: `2023-12` or `2023-12-01`. */
  date: string;
  claim: Claim<Id>;
};

/** A running total, on the date of the report that published it. */
export type ReturnsFigure<Id extends string = string> = {
  date: string;
  count: number;
  countedBy: string;
  source: Id;
};

/** A campaign's text in one language. */
export type CampaignContent<Id extends string = string> = {
  headline: string;
  summary: readonly Claim<Id>[];
  /** Says up to when the sections describe events. */
  asOf: string;
  call: { title: string; to: Claim<Id>; demand: string; points: readonly Claim<Id>[] };
  sections: readonly Section<Id>[];
  returns: readonly ReturnsFigure<Id>[];
  questions: readonly Question<Id>[];
  timeline: readonly TimelineEvent<Id>[];
  aboutSources: string;
  sources: Readonly<Record<Id, Source>>;
};

/** A campaign as its folder defines it: `campaign.ts` exports it as `campaign`. */
export type Campaign = {
  /** Number of signatures that the campaign aims for. */
  goal: number;
  content: Readonly<Record<Locale, CampaignContent>>;
};
