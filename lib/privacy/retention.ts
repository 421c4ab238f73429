import { database } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { ERASED_BODY_MINUTES, WEBHOOK_DELIVERY_DAYS } from "@/lib/mail";
import { BOUNCE_DAYS, UNSUBSCRIBED_DAYS } from "@/lib/mailbox";
import { NETWORK_KEPT_HOURS } from "@/lib/network";
import { CONFIRMATION_DAYS } from "@/lib/signing";

/**
 * How long everything is kept. The purge goes by these numbers and the privacy page tells them (docs/decisions/0010).
 * Confirmed signatures follow the rule for European citizens' initiatives (Regulation (EU) 2019/788, article 19): a month
 * after they were handed over, and at the latest nine months after collecting has ended.
 */
export const RETENTION = {
  unconfirmedDays: CONFIRMATION_DAYS,
  handedOverMonths: 1,
  closedMonths: 9,
  /** Records of mails that were sent or given up: that and when, never what. */
  mailDays: 90,
  /** Who exported what and when. The audit log names administrators only, and is kept as long as the site. */
  exportRecordMonths: 24,
  webhookDays: WEBHOOK_DELIVERY_DAYS,
  networkHours: NETWORK_KEPT_HOURS,
  /** The longest time in which what somebody erased can still be found on the site. */
  erasedMinutes: ERASED_BODY_MINUTES,
  /** Times between mails to signers who unsubscribed, and to addresses whose mail came back. */
  unsubscribedDays: UNSUBSCRIBED_DAYS,
  bounceDays: BOUNCE_DAYS,
  /** Kept by the operator: `deploy/systemd/petition-backup.service` and `deploy/systemd/journald@petition.conf` go by these two. */
  backupDays: 30,
  logDays: 14,
} as const;

/** Rows deleted in one statement: few enough that nobody who signs is held up. */
const PURGED_AT_ONCE = 2_000;

/** The moment that times are held against: the database's now, unless a test says otherwise. */
function at(now: Date | undefined): Prisma.Sql {
  return Prisma.sql`coalesce(${now ?? null}::timestamptz, now())`;
}

/** Deletes in small statements until nothing is left to delete. @returns how many rows. */
async function inBatches(deleteSome: (limit: number) => Promise<number>): Promise<number> {
  let deleted = 0;
  for (let last = PURGED_AT_ONCE; last === PURGED_AT_ONCE; deleted += last)
    last = await deleteSome(PURGED_AT_ONCE);
  return deleted;
}

/** What one run of the purge deleted. */
export type Purged = Record<
  "unconfirmed" | "signatures" | "tokens" | "mails" | "batches" | "exportRecords",
  number
>;

/**
 * Deletes everything whose time is over. Safe to repeat, to stop halfway, and to run at several places at once.
 * @param now for tests; the database's clock otherwise, so that a machine whose clock is wrong destroys nothing.
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
 * Deletes signatures that nobody confirmed in the week after they were first made, with their mails and tokens. Signing
 * again does not keep them. @returns how many.
 */
export function purgeUnconfirmed(now?: Date): Promise<number> {
  return database().$executeRaw`
    DELETE FROM signature
    WHERE state = 'pending'
      AND signed_at < ${at(now)} - make_interval(days => ${RETENTION.unconfirmedDays}::int)`;
}

/**
 * Destroys every signature of campaigns whose time is over, and makes their figures coarser: days instead of hours. The
 * figures themselves stay: they are nobody's data, and the count is what was handed over.
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

/** With few signers in an hour, a figure by country and language could point at one of them. */
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
