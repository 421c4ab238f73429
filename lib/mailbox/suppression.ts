import { Prisma } from "@/lib/db/generated/client";

/** How long a bounce blocks mail, in days. Then one more mail is tried. */
export const BOUNCE_DAYS = 30;
/** How many days must pass before a signer who unsubscribed and signs again is mailed once more. */
export const UNSUBSCRIBED_DAYS = 30;

/**
 * How many unsubscribe links are kept per suppressed mailbox.
 * Always the same, so that nobody can count its mails.
 */
export const LINKS_KEPT = 4;

/** SQL for the UTC day of a time. */
export const dayOf = (time: Prisma.Sql) => Prisma.sql`(${time} AT TIME ZONE 'UTC')::date`;

/**
 * SQL: true if a new mail may go to a mailbox.
 * One may once its last bounce or retry is more than BOUNCE_DAYS old.
 */
export function mayBeMailed(key: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`NOT EXISTS (
    SELECT FROM suppression WHERE suppression.mailbox_key = ${key} AND NOT (suppression.reason = 'bounced'
      AND greatest(suppression.since, suppression.retried_on) < ${dayOf(Prisma.sql`now()`)} - ${BOUNCE_DAYS}::int))`;
}

/** SQL: true if a mail that was queued at a given time must no longer be sent. */
export function isHeldBack(key: Prisma.Sql, owedAt: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`EXISTS (
    SELECT FROM suppression WHERE suppression.mailbox_key = ${key} AND NOT (suppression.reason = 'bounced'
      AND suppression.since < ${dayOf(owedAt)} - ${BOUNCE_DAYS}::int))`;
}

/**
 * Builds a statement for a CTE that records the one mail allowed after an old bounce.
 * @param mailboxes a CTE with the column `mailbox_key`, of those that will be mailed.
 */
export function notingRetry(mailboxes: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    UPDATE suppression SET retried_on = ${dayOf(Prisma.sql`now()`)} FROM ${mailboxes} AS retried
    WHERE suppression.mailbox_key = retried.mailbox_key AND suppression.reason = 'bounced'`;
}

/**
 * Builds a statement for a CTE that suppresses mailboxes whose owners asked for no more mail.
 * How they asked is not stored, because it would reveal who had signed. A complaint stays a complaint. Use
 * with `keepingLinks`, which lets the owners undo it.
 * @param mailboxes a CTE with the column `mailbox_key`.
 */
export function suppressing(mailboxes: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO suppression (mailbox_key, reason, since)
    SELECT DISTINCT mailbox_key, 'stopped'::suppression_reason, ${dayOf(Prisma.sql`now()`)} FROM ${mailboxes} AS suppressed
    ON CONFLICT (mailbox_key) DO UPDATE SET reason = EXCLUDED.reason, since = EXCLUDED.since, retried_on = NULL
      WHERE suppression.reason = 'bounced'`;
}

/**
 * Builds a statement for a CTE that keeps the newest unsubscribe links of suppressed mailboxes, because their
 * signatures, and so their tokens, may be deleted.
 * Random hashes make up the number, and all are stored in random order. Existing links stay: a suppressed
 * mailbox is sent no new ones.
 * @param mailboxes a CTE with the column `mailbox_key`.
 */
export function keepingLinks(mailboxes: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO suppression_link (mailbox_key, slot, hash)
    SELECT mailbox_key, row_number() OVER (PARTITION BY mailbox_key ORDER BY random()) - 1 AS slot, hash
    FROM (
      SELECT mailbox_key, hash, row_number() OVER (PARTITION BY mailbox_key ORDER BY mailed_at DESC NULLS LAST) AS place
      FROM (
        SELECT signature.mailbox_key, token.hash, token.created_at AS mailed_at
        FROM token JOIN signature ON signature.id = token.signature_id
        WHERE token.purpose = 'unsubscribe' AND signature.mailbox_key IN (SELECT mailbox_key FROM ${mailboxes} AS suppressed)
        UNION ALL
        SELECT mailbox_key, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), NULL
        FROM (SELECT DISTINCT mailbox_key FROM ${mailboxes} AS suppressed) AS suppressed, generate_series(1, ${LINKS_KEPT}::int)
      ) AS link
    ) AS placed
    WHERE place <= ${LINKS_KEPT}::int
      AND NOT EXISTS (SELECT FROM suppression_link AS kept WHERE kept.mailbox_key = placed.mailbox_key)
    ORDER BY mailbox_key, slot
    ON CONFLICT DO NOTHING`;
}
