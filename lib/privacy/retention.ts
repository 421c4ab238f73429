import { database } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { ERASED_BODY_MINUTES, WEBHOOK_DELIVERY_DAYS } from "@/lib/mail";
import { BOUNCE_DAYS, UNSUBSCRIBED_DAYS } from "@/lib/mailbox";
import { NETWORK_KEPT_HOURS } from "@/lib/network";
import { CONFIRMATION_DAYS } from "@/lib/signing";

/**
 * Retention periods. Read by the purge job and the privacy page (docs/decisions/0010).
 * Confirmed signatures follow the rule for European citizens' initiatives (Regulation (EU) 2019/788, article
 * 19): deleted one month after the handover, and at the latest nine months after collection has ended.
 */
export const RETENTION = {
  unconfirmedDays: CONFIRMATION_DAYS,
  handedOverMonths: 1,
  closedMonths: 9,
  /** Records that a mail was sent or given up, and when. Never its content. */
  mailDays: 90,
  /** Who exported what, and when. The audit log names administrators only and is kept as long as the site. */
  exportRecordMonths: 24,
  webhookDays: WEBHOOK_DELIVERY_DAYS,
  networkHours: NETWORK_KEPT_HOURS,
  /** Longest time for which erased data can still be found on the site. */
  erasedMinutes: ERASED_BODY_MINUTES,
  /** Minimum time between mails to signers who unsubscribed, and to addresses whose mail bounced. */
  unsubscribedDays: UNSUBSCRIBED_DAYS,
  bounceDays: BOUNCE_DAYS,
  /**
   * Enforced by the operator: `deploy/systemd/petition-backup.service` and
   * `deploy/systemd/journald@petition.conf` use these two.
   */
  backupDays: 30,
  logDays: 14,
} as const;

/** Rows deleted per statement: few enough that no signer has to wait. */
const PURGED_AT_ONCE = 2_000;

/** SQL for the current time: the database's clock, unless a test sets another. */
function at(now: Date | undefined): Prisma.Sql {
  return Prisma.sql`coalesce(${now ?? null}::timestamptz, now())`;
}

/**
 * Runs small deletes until nothing is left.
 * @returns how many rows were deleted.
 */
async function inBatches(deleteSome: (limit: number) => Promise<number>): Promise<number> {
  let deleted = 0;
  for (let last = PURGED_AT_ONCE; last === PURGED_AT_ONCE; deleted += last)
    last = await deleteSome(PURGED_AT_ONCE);
  return deleted;
}

/** How many rows one purge deleted, by kind. */
export type Purged = Record<
  "unconfirmed" | "signatures" | "tokens" | "mails" | "batches" | "exportRecords",
  number
>;

/**
 * Deletes everything whose retention period is over. Safe to repeat, to interrupt, and to run in several
 * processes at once.
 * @param now for tests. Otherwise the database's clock applies, so that a machine with a wrong clock destroys
 * nothing.
 */
export async function purge(now?: Date): Promise<Purged> {
  return {
    unconfirmed: await purgeUnconfirmed(now),
    signatures: await purgeEndedCampaigns(now),
    tokens: await inBatches(
      (limit) => database().$executeRaw`
        DELETE FROM token WHERE hash IN (SELECT hash FROM token WHERE expires_at < ${at(now)} LIMIT ${limit})`,
    ),
    mails: await inBatches(
      (limit) => database().$executeRaw`
        DELETE FROM mail WHERE id IN (
          SELECT id FROM mail WHERE state IN ('sent', 'dead')
            AND finished_at < ${at(now)} - make_interval(days => ${RETENTION.mailDays}::int) LIMIT ${limit})`,
    ),
    batches: await inBatches(
      (limit) => database().$executeRaw`
        DELETE FROM mail_batch WHERE id IN (
          SELECT id FROM mail_batch WHERE state = 'finished'
            AND NOT EXISTS (SELECT FROM mail WHERE mail.batch_id = mail_batch.id) LIMIT ${limit})`,
    ),
    exportRecords: await database().$executeRaw`
      DELETE FROM export_run
      WHERE finished_at < ${at(now)} - make_interval(months => ${RETENTION.exportRecordMonths}::int)`,
  };
}

/**
 * Deletes signatures not confirmed within a week of first being made, with their mails and tokens. Signing
 * again does not extend the week.
 * @returns how many.
 */
export function purgeUnconfirmed(now?: Date): Promise<number> {
  return database().$executeRaw`
    DELETE FROM signature
    WHERE state = 'pending'
      AND signed_at < ${at(now)} - make_interval(days => ${RETENTION.unconfirmedDays}::int)`;
}

/**
 * Deletes every signature of campaigns whose retention period is over, and coarsens their figures from hours
 * to days. The figures stay: they are not personal data, and the count is what was handed over.
 */
async function purgeEndedCampaigns(now?: Date): Promise<number> {
  const ended = await database().$queryRaw<{ id: string }[]>`
    SELECT id FROM campaign WHERE status = 'closed' AND least(
      closed_at + make_interval(months => ${RETENTION.closedMonths}::int),
      handed_over_at + make_interval(months => ${RETENTION.handedOverMonths}::int)) < ${at(now)}
    AND EXISTS (SELECT FROM signature WHERE signature.campaign_id = campaign.id)`;
  let destroyed = 0;
  for (const { id } of ended) {
    destroyed += await inBatches((limit) =>
      database().$transaction(async (transaction) => {
        await transaction.$executeRaw`SELECT set_config('petition.figures_stay', 'on', true)`;
        return transaction.$executeRaw`
          DELETE FROM signature WHERE id IN (
            SELECT id FROM signature WHERE campaign_id = ${id}::uuid LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
      }),
    );
    await coarsenFigures(id);
  }
  return destroyed;
}

/**
 * Merges a campaign's hourly figures into days. With few signers in an hour, a figure by country and language
 * could point to one person.
 */
async function coarsenFigures(campaignId: string): Promise<void> {
  await database().$executeRaw`
    WITH gone AS (
      DELETE FROM signature_hour WHERE campaign_id = ${campaignId}::uuid RETURNING hour, country, locale, signed, confirmed
    ), noted AS (
      DELETE FROM signature_change WHERE campaign_id = ${campaignId}::uuid RETURNING hour, country, locale, signed, confirmed
    )
    INSERT INTO signature_hour (campaign_id, hour, country, locale, signed, confirmed)
    SELECT ${campaignId}::uuid, date_trunc('day', hour, 'UTC'), country, locale, sum(signed), sum(confirmed)
    FROM (SELECT * FROM gone UNION ALL SELECT * FROM noted) AS figures GROUP BY 2, 3, 4`;
}
