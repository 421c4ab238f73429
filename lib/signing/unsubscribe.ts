import { database } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { hashToken } from "@/lib/db/keyed-hash";
import { keepingLinks, suppressing } from "@/lib/mailbox";
import { noteSecurityEvent } from "@/lib/observability";

/**
 * Stops all mail to the mailbox a token was mailed to (RFC 8058). Mail still queued for it is dropped. Whoever confirmed
 * keeps a mark on their signature, and nothing else is stored; otherwise the mailbox is suppressed.
 * Safe to repeat; a token we do not know changes nothing and is not told apart.
 */
export async function unsubscribe(token: string): Promise<void> {
  const hash = hashToken(token);
  const [asked] = await database().$queryRaw<{ known: boolean }[]>`
    WITH mailed AS (
      SELECT signature.id, signature.mailbox_key,
        signature.state = 'confirmed' OR signature_invalidation.confirmed_at IS NOT NULL AS was_confirmed
      FROM token JOIN signature ON signature.id = token.signature_id
      LEFT JOIN signature_invalidation ON signature_invalidation.signature_id = signature.id
      WHERE token.hash = ${hash} AND token.purpose = 'unsubscribe'
    ),
    unconfirmed AS (SELECT mailbox_key FROM mailed WHERE NOT was_confirmed),
    suppressed AS (${suppressing(Prisma.sql`unconfirmed`)}),
    linked AS (${keepingLinks(Prisma.sql`unconfirmed`)}),
    quiet AS (
      UPDATE signature SET wants_updates = false, unsubscribed_at = coalesce(unsubscribed_at, now()) FROM mailed
      WHERE signature.mailbox_key = mailed.mailbox_key AND (wants_updates OR unsubscribed_at IS NULL)
    ),
    dropped AS (
      UPDATE mail SET state = 'dead', reason = 'suppressed', finished_at = now()
      FROM signature, mailed
      WHERE mail.signature_id = signature.id AND signature.mailbox_key = mailed.mailbox_key AND mail.state = 'queued'
    )
    SELECT EXISTS (SELECT FROM mailed) OR EXISTS (SELECT FROM suppression_link WHERE hash = ${hash}) AS known`;
  if (!asked?.known) noteSecurityEvent("unknown-token");
}

/**
 * Allows mail again to the mailbox that an unsubscribe token was mailed to, also once its signature is gone. Nothing is sent, and no wish for updates comes
 * back. Safe to repeat; a token we do not know changes nothing.
 */
export async function allowMail(token: string): Promise<void> {
  const hash = hashToken(token);
  await database().$executeRaw`
    WITH mailbox AS (
      SELECT signature.mailbox_key FROM token JOIN signature ON signature.id = token.signature_id
      WHERE token.hash = ${hash} AND token.purpose = 'unsubscribe'
      UNION SELECT mailbox_key FROM suppression_link WHERE hash = ${hash}
    ),
    lifted AS (
      DELETE FROM suppression USING mailbox WHERE suppression.mailbox_key = mailbox.mailbox_key AND reason <> 'bounced'
    )
    UPDATE signature SET unsubscribed_at = NULL FROM mailbox
    WHERE signature.mailbox_key = mailbox.mailbox_key AND unsubscribed_at IS NOT NULL`;
}
