import { Prisma } from "@/lib/db/generated/client";

/** How long a bounce holds mail back, in days. Then one more mail is tried. */
export const BOUNCE_DAYS = 30;
/** A signer who unsubscribed and signs again is sent one mail in so many days. */
export const UNSUBSCRIBED_DAYS = 30;

/** How many unsubscribe links are kept of each suppressed mailbox: of all the same, so that nobody can count its mails. */
export const LINKS_KEPT = 4;

/** SQL for the day of a time, in UTC. */
export const dayOf = (time: Prisma.Sql) => Prisma.sql`(${time} AT TIME ZONE 'UTC')::date`;

/** SQL that is true when a mail asked for now may go to a mailbox. A bounce of long ago allows for one. */
export function mayBeMailed(key: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`NOT EXISTS (
    SELECT FROM suppression WHERE suppression.mailbox_key = ${key} AND NOT (suppression.reason = 'bounced'
      AND greatest(suppression.since, suppression.retried_on) < ${dayOf(Prisma.sql`now()`)} - ${BOUNCE_DAYS}::int))`;
}

/** SQL that is true when a mail that was owed at a time must not be sent any more. */
export function isHeldBack(key: Prisma.Sql, owedAt: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`EXISTS (
    SELECT FROM suppression WHERE suppression.mailbox_key = ${key} AND NOT (suppression.reason = 'bounced'
      AND suppression.since < ${dayOf(owedAt)} - ${BOUNCE_DAYS}::int))`;
}

/**
 * A statement, for a CTE, that notes the one mail that a bounce of long ago allows for.
 * @param mailboxes a CTE with the column `mailbox_key`, of those that are owed a mail.
 */
export function notingRetry(mailboxes: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    UPDATE suppression SET retried_on = ${dayOf(Prisma.sql`now()`)} FROM ${mailboxes} AS retried
    WHERE suppression.mailbox_key = retried.mailbox_key AND suppression.reason = 'bounced'`;
}

/**
 * A statement, for a CTE, that suppresses mailboxes whose owners asked for no more mail. How they asked is not kept: it would
 * tell who had signed. A complaint stays one. Together with `keepingLinks`, which lets their owners undo it.
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
 * A statement, for a CTE, that keeps the newest unsubscribe links of mailboxes beside their suppression: the signatures, and
 * with them their tokens, may go. Random hashes make up the number, and all are stored in random order. Links that are kept
 * already stay: a suppressed mailbox is sent no new ones.
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
