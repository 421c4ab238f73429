import { Prisma } from "@/lib/db/generated/client";

/** How long a bounce holds mail back, in days. Then one more mail is tried. */
export const BOUNCE_DAYS = 30;
/** A signer who unsubscribed and signs again is sent one mail in so many days. */
export const UNSUBSCRIBED_DAYS = 30;

/** Why mail to a mailbox is held back until its owner, or an owner at the desk, lets it through again. */
export type StandingReason = "unsubscribed" | "disowned" | "complained" | "erased";

/** SQL that is true when a mail asked for now may go to a mailbox. A bounce of long ago allows for one. */
export function mayBeMailed(key: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`NOT EXISTS (
    SELECT FROM suppression WHERE suppression.email_key = ${key} AND NOT (suppression.reason = 'bounced'
      AND greatest(suppression.created_at, suppression.retried_at) <= now() - make_interval(days => ${BOUNCE_DAYS}::int)))`;
}

/** SQL that is true when a mail that was owed at a time must not be sent any more. */
export function isHeldBack(key: Prisma.Sql, owedAt: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`EXISTS (
    SELECT FROM suppression WHERE suppression.email_key = ${key} AND NOT (suppression.reason = 'bounced'
      AND suppression.created_at <= ${owedAt} - make_interval(days => ${BOUNCE_DAYS}::int)))`;
}

/**
 * A statement, for a CTE, that notes the one mail that a bounce of long ago allows for.
 * @param mailboxes a CTE with the column `email_key`, of those that are owed a mail.
 */
export function notingRetry(mailboxes: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    UPDATE suppression SET retried_at = now() FROM ${mailboxes} AS retried
    WHERE suppression.email_key = retried.email_key AND suppression.reason = 'bounced'`;
}

/**
 * A statement, for a CTE, that suppresses mailboxes. A reason that stands already stays, save for a bounce. Together with
 * `keepingLinks`, which lets their owners undo it.
 * @param mailboxes a CTE with the column `email_key`.
 */
export function suppressing(mailboxes: Prisma.Sql, reason: StandingReason): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO suppression (email_key, reason)
    SELECT DISTINCT email_key, ${reason}::suppression_reason FROM ${mailboxes} AS suppressed
    ON CONFLICT (email_key) DO UPDATE SET reason = EXCLUDED.reason, created_at = now(), retried_at = NULL
      WHERE suppression.reason = 'bounced'`;
}

/**
 * A statement, for a CTE, that keeps the unsubscribe links of mailboxes beside their suppression: the signatures, and with
 * them their tokens, may go.
 * @param mailboxes a CTE with the column `email_key`.
 */
export function keepingLinks(mailboxes: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO suppression_link (hash, email_key)
    SELECT token.hash, signature.email_key FROM token JOIN signature ON signature.id = token.signature_id
    WHERE token.purpose = 'unsubscribe' AND signature.email_key IN (SELECT email_key FROM ${mailboxes} AS suppressed)
    ON CONFLICT DO NOTHING`;
}
