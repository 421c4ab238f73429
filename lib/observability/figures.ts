import { database } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { publishedCountOf } from "@/lib/disclosure";
import { backupState } from "./backups";
import { type MailFailure, mailFailureTotals } from "./mail-failures";

/** Figures that are cheap to read, however many signatures there are. */
export type LightFigures = {
  outboxMails: number;
  outboxOldestSeconds: number;
  ambiguousBatches: number;
  pauseSeconds: number;
  mailStopped: boolean;
  /** Requests the mail provider refused or did not answer, since the database was set up. */
  mailFailures: { reason: MailFailure; total: number }[];
  replicationLagSeconds: number;
  alarms: number;
  backupAgeSeconds: number;
  backupFailed: boolean;
};

/** Totals that scan whole tables. For confirmed signatures, the published count. */
export type HeavyFigures = {
  signatures: { campaign: string; state: "confirmed" | "pending" | "invalid"; total: number }[];
  mails: { state: string; total: number }[];
  suppressions: { reason: string; total: number }[];
};

/** How long totals are cached, in milliseconds: scrapes come every few seconds. */
const HEAVY_KEPT_MILLISECONDS = 60_000;

const held: { heavy?: { readAt: number; figures: Promise<HeavyFigures> } } = {};

/**
 * Reads outbox, backups, mail failures, alarms and replication lag. Throws if the database is unreachable.
 */
export async function lightFigures(): Promise<LightFigures> {
  const [[row], backups, mailFailures] = await Promise.all([
    outboxFigures(),
    backupState(),
    mailFailureTotals(),
  ]);
  if (!row) throw new Error("a query of aggregates gave no row");
  return {
    ...row,
    mailFailures,
    backupAgeSeconds: backups.ageSeconds,
    backupFailed: backups.failure !== null,
  };
}

function outboxFigures(): Promise<
  Omit<LightFigures, "backupAgeSeconds" | "backupFailed" | "mailFailures">[]
> {
  return database().$queryRaw`
    WITH owed AS (
      SELECT created_at FROM mail WHERE state = 'queued'
      UNION ALL
      SELECT mail.created_at FROM mail_batch JOIN mail ON mail.batch_id = mail_batch.id
      WHERE mail_batch.state = 'frozen' AND mail.state = 'batched'
    )
    SELECT count(*)::float8 AS "outboxMails",
      coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS "outboxOldestSeconds",
      (SELECT count(*) FROM mail_batch WHERE state = 'ambiguous')::float8 AS "ambiguousBatches",
      coalesce((SELECT greatest(extract(epoch FROM paused_until - now()), 0) FROM mail_pause), 0)::float8 AS "pauseSeconds",
      coalesce((SELECT stopped_since IS NOT NULL FROM mail_pause), false) AS "mailStopped",
      coalesce((SELECT extract(epoch FROM max(replay_lag)) FROM pg_stat_replication), 0)::float8 AS "replicationLagSeconds",
      (SELECT count(*) FROM abuse_alarm WHERE last_at > now() - interval '5 minutes')::float8 AS alarms
    FROM owed`;
}

/**
 * Counts signatures, mails and suppressions, at most once a minute. Throws when the database is unreachable.
 */
export async function heavyFigures(now = performance.now()): Promise<HeavyFigures> {
  if (!held.heavy || now - held.heavy.readAt > HEAVY_KEPT_MILLISECONDS)
    held.heavy = { readAt: now, figures: countAll() };
  try {
    return await held.heavy.figures;
  } catch (error) {
    delete held.heavy;
    throw error;
  }
}

async function countAll(): Promise<HeavyFigures> {
  const client = database();
  const [signatures, mails, suppressions] = await Promise.all([
    client.$queryRaw<HeavyFigures["signatures"]>`
      SELECT campaign.slug AS campaign, signature.state::text AS state, count(*)::float8 AS total
      FROM signature JOIN campaign ON campaign.id = signature.campaign_id WHERE signature.state <> 'confirmed' GROUP BY 1, 2
      UNION ALL SELECT slug, 'confirmed', ${publishedCountOf(Prisma.sql`campaign.id`)}::float8 FROM campaign`,
    client.$queryRaw<HeavyFigures["mails"]>`
      SELECT state::text AS state, count(*)::float8 AS total FROM mail GROUP BY 1`,
    client.$queryRaw<HeavyFigures["suppressions"]>`
      SELECT reason::text AS reason, count(*)::float8 AS total FROM suppression GROUP BY 1`,
  ]);
  return { signatures, mails, suppressions };
}
