import { database } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { allowanceOf, counting, MAILS_A_DAY, mailboxKey, mayBeMailed, notingRetry } from "@/lib/mailbox";

/** Minimum time between two mails with the link to a signer's own page, in minutes. */
const ACCESS_INTERVAL_MINUTES = 60;
/** The same for a signer who unsubscribed, in hours. Longer, because strangers can request the mail too. */
const UNSUBSCRIBED_ACCESS_HOURS = 24;

/**
 * Queues a mail with the link to its own page for every signature of a mailbox: at most one an hour, one a
 * day after unsubscribing, and never more than the mailbox's daily allowance. Suppressed mailboxes get none.
 * The mail goes to the stored address, however it is spelled here. Runs one statement whether or not the
 * mailbox has signed.
 */
export async function requestAccess(email: string): Promise<void> {
  const key = mailboxKey(email);
  const allowance = await allowanceOf(email);
  await database().$executeRaw`
    WITH due AS (
      SELECT id FROM signature
      WHERE mailbox_key = ${key} AND ${mayBeMailed(Prisma.sql`signature.mailbox_key`)}
        AND (access_requested_at IS NULL OR access_requested_at <= now() - CASE WHEN unsubscribed_at IS NULL
          THEN make_interval(mins => ${ACCESS_INTERVAL_MINUTES}::int)
          ELSE make_interval(hours => ${UNSUBSCRIBED_ACCESS_HOURS}::int) END)
      ORDER BY id FOR NO KEY UPDATE
    ),
    asked AS (
      UPDATE signature SET access_requested_at = now() FROM due WHERE signature.id = due.id
      RETURNING signature.id, signature.mailbox_key, ${allowance.day}::date AS allowance_day,
        ${allowance.key}::bytea AS allowance_key
    ),
    counted AS (${counting(Prisma.sql`asked`)}),
    retried AS (${notingRetry(Prisma.sql`asked`)})
    INSERT INTO mail (id, signature_id, kind) SELECT gen_random_uuid(), id, 'access' FROM asked, counted
    WHERE counted.mails <= ${MAILS_A_DAY}::int`;
}
