import type { SourceId } from "./sources";

/** One statement and what it rests on. No statement goes without a source: the type sees to it. */
export type Claim = { text: string; sources: readonly [SourceId, ...SourceId[]] };

/** A part of the page. `points` is drawn as a list. */
export type Section = {
  id: string;
  title: string;
  /** Which time the part describes, where that needs saying. */
  period?: string;
  claims: readonly Claim[];
  points?: readonly Claim[];
};

export type Question = { question: string; claims: readonly Claim[]; advice?: string };

export type TimelineEvent = {
  /** As exact as it is known: `2023-12` or `2023-12-01`. */
  date: string;
  claim: Claim;
};

/** A running total on the date of the report that carried it. */
export type ReturnsFigure = { date: string; count: number; countedBy: string; source: SourceId };

export type CampaignContent = {
  headline: string;
  summary: readonly Claim[];
  /** Says which parts describe March 2024 and which tell what came after. */
  asOf: string;
  call: { title: string; to: Claim; demand: string; points: readonly Claim[] };
  sections: readonly Section[];
  returns: readonly ReturnsFigure[];
  questions: readonly Question[];
  timeline: readonly TimelineEvent[];
  aboutSources: string;
};
