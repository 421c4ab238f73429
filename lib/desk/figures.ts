import { database } from "@/lib/db/client";
import { type Audience, publicTime, publishedChanges } from "@/lib/disclosure";
import { type AmbiguousBatch, ambiguousBatches, type MailStop, mailStop, mayRetry } from "@/lib/mail";
import { type OpenFailure, openMailFailures } from "@/lib/observability";
import { settings } from "@/lib/settings";
import { campaignFigures, countByCountry } from "@/lib/signing";

/** Hours and days shown in the desk's charts. */
const DESK_HOURS = 48;
const DESK_DAYS = 60;
/** Changes folded into the hourly figures by one statement. */
export const CHANGES_FOLDED_AT_ONCE = 20_000;

const HOUR_MILLISECONDS = 3_600_000;
const DAY_MILLISECONDS = 24 * HOUR_MILLISECONDS;

export type Bucket = { at: Date; signed: number; confirmed: number };
export type Share = { key: string; signed: number; confirmed: number };

/** Why no mail goes out until somebody acts. */
export type MailTrouble = { stop: MailStop | null; failures: OpenFailure[] };

export type MailHealth = {
  queued: number;
  batched: number;
  oldestQueuedSeconds: number | null;
  sentLastDay: number;
  dead: { reason: string; mails: number; mayRetry: boolean }[];
  ambiguous: AmbiguousBatch[];
  /** Reported by the provider in the last 30 days. */
  bounced: number;
  complained: number;
  /** When the provider will take mail again; null if it takes mail now. */
  pausedUntil: Date | null;
  pauseReason: string | null;
  trouble: MailTrouble;
};

export type DeskFigures = {
  /** All stored signatures, confirmed or not, including `invalid`. */
  signed: number;
  confirmed: number;
  invalid: number;
  /**
   * Of all stored signatures: given on paper, and through the form on other sites. The rest were signed here.
   */
  paper: number;
  elsewhere: number;
  hours: Bucket[];
  days: Bucket[];
  countries: Share[];
  locales: Share[];
  mail: MailHealth;
};

/** What is shown to those who may not open signatories: nothing that the public could not work out. */
export type PublishedDesk = {
  confirmed: number;
  hours: { at: Date; confirmed: number }[];
  days: { at: Date; confirmed: number }[];
  countries: { key: string; confirmed: number }[];
  pausedUntil: Date | null;
  trouble: MailTrouble;
};

export type Desk = ({ kind: "exact" } & DeskFigures) | ({ kind: "published" } & PublishedDesk);

/** Returns the desk's figures as an audience may see them; null if there is no such campaign. */
export async function deskFor(slug: string, audience: Audience, now = new Date()): Promise<Desk | null> {
  if (audience === "trusted") {
    const figures = await deskFigures(slug, now);
    return figures && { kind: "exact", ...figures };
  }
  const figures = await publishedDesk(slug, now);
  return figures && { kind: "published", ...figures };
}

async function publishedDesk(slug: string, now: Date): Promise<PublishedDesk | null> {
  const campaign = await database().campaign.findUnique({ where: { slug }, select: { id: true } });
  if (!campaign) return null;
  const { id } = campaign;
  const [figures, countries, hours, days, pause, trouble] = await Promise.all([
    campaignFigures(slug),
    countByCountry(slug),
    publishedChanges(id, "hour", new Date(now.getTime() - (DESK_HOURS - 1) * HOUR_MILLISECONDS)),
    publishedChanges(id, "day", new Date(now.getTime() - (DESK_DAYS - 1) * DAY_MILLISECONDS)),
    database().mailPause.findFirst({ select: { pausedUntil: true } }),
    mailTrouble(),
  ]);
  const nothing = (at: Date) => ({ at, confirmed: 0 });
  return {
    confirmed: figures?.count ?? 0,
    hours: filled(hours, DESK_HOURS, HOUR_MILLISECONDS, now, nothing),
    days: filled(days, DESK_DAYS, DAY_MILLISECONDS, now, nothing),
    countries: Object.entries(countries ?? {}).map(([key, confirmed]) => ({ key, confirmed })),
    pausedUntil: pause?.pausedUntil && pause.pausedUntil > now ? pause.pausedUntil : null,
    // Rounded to the hour: the first refusal happened as somebody signed.
    trouble: {
      ...trouble,
      failures: trouble.failures.map((failure) => ({ ...failure, since: publicTime(failure.since) })),
    },
  };
}

/**
 * Returns a campaign's exact figures, for those who may open signatories; null if there is no such campaign.
 * Reads the hourly figures, never all signatures: it costs the same at a million as at ten.
 */
export async function deskFigures(slug: string, now = new Date()): Promise<DeskFigures | null> {
  const campaign = await database().campaign.findUnique({ where: { slug }, select: { id: true } });
  if (!campaign) return null;
  const { id } = campaign;
  const [all, invalid, sources, hours, days, mail] = await Promise.all([
    totals(id),
    database().signatureInvalidation.count({ where: { signature: { campaignId: id } } }),
    bySource(id),
    buckets(id, "hour", new Date(now.getTime() - (DESK_HOURS - 1) * HOUR_MILLISECONDS)),
    buckets(id, "day", new Date(now.getTime() - (DESK_DAYS - 1) * DAY_MILLISECONDS)),
    mailHealth(),
  ]);
  return {
    ...all,
    invalid,
    ...sources,
    hours: filled(hours, DESK_HOURS, HOUR_MILLISECONDS, now, emptyBucket),
    days: filled(days, DESK_DAYS, DAY_MILLISECONDS, now, emptyBucket),
    mail,
  };
}

/**
 * Returns the change of the published count on each day (UTC) on which it moved, oldest first.
 * Exact in a demonstration.
 */
export async function confirmedByDay(campaignId: string): Promise<{ day: Date; confirmed: number }[]> {
  const days = settings().figuresAtOnce
    ? await buckets(campaignId, "day", new Date(0))
    : await publishedChanges(campaignId, "day", new Date(0));
  return days.filter(({ confirmed }) => confirmed !== 0).map(({ at, confirmed }) => ({ day: at, confirmed }));
}

/**
 * Folds the changes since the last run into the hourly figures, in batches. After a rush, one statement for
 * all of them would run into the statement timeout, again on every retry. Safe to run anywhere, at any time:
 * it skips changes that another process is folding.
 */
export async function foldSignatureChanges(): Promise<void> {
  for (let folded = CHANGES_FOLDED_AT_ONCE; folded === CHANGES_FOLDED_AT_ONCE; )
    folded = await foldOldestChanges();
}

/**
 * Uses ctid, not a join: the planner thinks this table nearly empty, and would compare
 * every row with every other.
 */
async function foldOldestChanges(): Promise<number> {
  const [gone] = await database().$queryRaw<{ changes: number }[]>`
    WITH gone AS (
      DELETE FROM signature_change WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM signature_change ORDER BY id LIMIT ${CHANGES_FOLDED_AT_ONCE} FOR UPDATE SKIP LOCKED))
      RETURNING campaign_id, hour, country, locale, signed, confirmed
    ),
    folded AS (
      INSERT INTO signature_hour (campaign_id, hour, country, locale, signed, confirmed)
      SELECT campaign_id, hour, country, locale, sum(signed), sum(confirmed) FROM gone GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
      ON CONFLICT (campaign_id, hour, country, locale) DO UPDATE SET
        signed = signature_hour.signed + EXCLUDED.signed, confirmed = signature_hour.confirmed + EXCLUDED.confirmed
    )
    SELECT count(*)::int AS changes FROM gone`;
  return gone?.changes ?? 0;
}

/** Returns the totals, overall and by country and language, in one pass over the hourly figures. */
async function totals(
  campaignId: string,
): Promise<{ signed: number; confirmed: number; countries: Share[]; locales: Share[] }> {
  const rows = await database().$queryRaw<
    (Omit<Share, "key"> & { country: string | null; locale: string | null })[]
  >`
    SELECT country, locale, sum(signed)::float8 AS signed, sum(confirmed)::float8 AS confirmed FROM (
      SELECT country, locale, signed, confirmed FROM signature_hour WHERE campaign_id = ${campaignId}::uuid
      UNION ALL SELECT country, locale, signed, confirmed FROM signature_change WHERE campaign_id = ${campaignId}::uuid
    ) AS figures GROUP BY GROUPING SETS (country, locale)
    HAVING sum(signed) <> 0 OR sum(confirmed) <> 0 ORDER BY 4 DESC, 3 DESC, 1, 2`;
  const by = (set: "country" | "locale"): Share[] =>
    rows.flatMap(({ signed, confirmed, [set]: key }) => (key === null ? [] : [{ key, signed, confirmed }]));
  const [countries, locales] = [by("country"), by("locale")];
  const sum = (figure: "signed" | "confirmed") => locales.reduce((total, share) => total + share[figure], 0);
  return { signed: sum("signed"), confirmed: sum("confirmed"), countries, locales };
}

/** Counts the signatures not given here. They are few and indexed. */
async function bySource(campaignId: string): Promise<{ paper: number; elsewhere: number }> {
  const [row] = await database().$queryRaw<{ paper: number; elsewhere: number }[]>`
    SELECT (SELECT count(*) FROM signature WHERE campaign_id = ${campaignId}::uuid AND source = 'paper')::float8 AS paper,
      (SELECT count(*) FROM signature WHERE campaign_id = ${campaignId}::uuid AND origin IS NOT NULL)::float8 AS elsewhere`;
  return row ?? { paper: 0, elsewhere: 0 };
}

function buckets(campaignId: string, unit: "hour" | "day", from: Date): Promise<Bucket[]> {
  return database().$queryRaw<Bucket[]>`
    SELECT date_trunc(${unit}, hour, 'UTC') AS at, sum(signed)::float8 AS signed, sum(confirmed)::float8 AS confirmed FROM (
      SELECT hour, signed, confirmed FROM signature_hour
      WHERE campaign_id = ${campaignId}::uuid AND hour >= date_trunc(${unit}, ${from}::timestamptz, 'UTC')
      UNION ALL SELECT hour, signed, confirmed FROM signature_change
      WHERE campaign_id = ${campaignId}::uuid AND hour >= date_trunc(${unit}, ${from}::timestamptz, 'UTC')
    ) AS figures GROUP BY 1 ORDER BY 1`;
}

async function mailTrouble(): Promise<MailTrouble> {
  const [stop, failures] = await Promise.all([mailStop(), openMailFailures()]);
  return { stop, failures };
}

async function mailHealth(): Promise<MailHealth> {
  const [[counts], dead, ambiguous, trouble] = await Promise.all([
    database().$queryRaw<Omit<MailHealth, "dead" | "ambiguous" | "trouble">[]>`
      SELECT (SELECT count(*) FROM mail WHERE state = 'queued')::float8 AS queued,
        (SELECT count(*) FROM mail WHERE state = 'batched')::float8 AS batched,
        (SELECT extract(epoch FROM now() - min(created_at))::float8 FROM mail WHERE state = 'queued') AS "oldestQueuedSeconds",
        (SELECT count(*) FROM mail WHERE state = 'sent' AND finished_at > now() - interval '1 day')::float8 AS "sentLastDay",
        (SELECT count(*) FROM mail WHERE outcome IN ('bounced', 'complained') AND outcome = 'bounced'
          AND outcome_at > now() - interval '30 days')::float8 AS bounced,
        (SELECT count(*) FROM mail WHERE outcome IN ('bounced', 'complained') AND outcome = 'complained'
          AND outcome_at > now() - interval '30 days')::float8 AS complained,
        pause.until AS "pausedUntil", pause.reason AS "pauseReason"
      FROM mail_pause LEFT JOIN LATERAL (SELECT paused_until AS until, reason WHERE paused_until > now()) AS pause ON true`,
    database().$queryRaw<{ reason: string; mails: number }[]>`
      SELECT reason, count(*)::float8 AS mails FROM mail WHERE state = 'dead' GROUP BY reason ORDER BY 2 DESC LIMIT 20`,
    ambiguousBatches(),
    mailTrouble(),
  ]);
  if (!counts) throw new Error("the queue's row is missing: apply the migrations");
  return {
    ...counts,
    dead: dead.map((row) => ({ ...row, mayRetry: mayRetry(row.reason) })),
    ambiguous,
    trouble,
  };
}

const emptyBucket = (at: Date): Bucket => ({ at, signed: 0, confirmed: 0 });

/** Returns a row for every hour or day, including empty ones. */
function filled<Row extends { at: Date }>(
  rows: Row[],
  length: number,
  stepMilliseconds: number,
  now: Date,
  nothing: (at: Date) => Row,
): Row[] {
  const known = new Map(rows.map((row) => [row.at.getTime(), row]));
  const last = Math.floor(now.getTime() / stepMilliseconds) * stepMilliseconds;
  return Array.from({ length }, (_, index) => {
    const at = last - (length - 1 - index) * stepMilliseconds;
    return known.get(at) ?? nothing(new Date(at));
  });
}
