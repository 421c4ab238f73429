import type { Locale } from "@/lib/i18n/locales";

/** What a claim can rest on: who published it, what it is, when, and where to read it. */
export type Source = { publisher: string; what: string; date: string | null; url: string };

/**
 * One statement and what it rests on. No statement goes without a source: the type sees to it.
 * A campaign names its sources by `Id`, so that the compiler finds a source that it does not have.
 */
export type Claim<Id extends string = string> = { text: string; sources: readonly [Id, ...Id[]] };

/** A part of the page. `points` is drawn as a list. */
export type Section<Id extends string = string> = {
  id: string;
  title: string;
  /** Which time the part describes, where that needs saying. */
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
  /** As exact as it is known: `2023-12` or `2023-12-01`. */
  date: string;
  claim: Claim<Id>;
};

/** A running total on the date of the report that carried it. */
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
  /** Says up to when the parts tell what happened. */
  asOf: string;
  call: { title: string; to: Claim<Id>; demand: string; points: readonly Claim<Id>[] };
  sections: readonly Section<Id>[];
  returns: readonly ReturnsFigure<Id>[];
  questions: readonly Question<Id>[];
  timeline: readonly TimelineEvent<Id>[];
  aboutSources: string;
  sources: Readonly<Record<Id, Source>>;
};

/** A campaign as its folder holds it: `campaign.ts` there exports one by the name `campaign`. */
export type Campaign = {
  /** The number of signatures it sets out to reach. */
  goal: number;
  content: Readonly<Record<Locale, CampaignContent>>;
};
