import { database } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { hashToken } from "@/lib/db/keyed-hash";
import { keepingLinks, suppressing } from "@/lib/mailbox";
import { noteSecurityEvent } from "@/lib/observability";

/**
 * Stops all mail to the mailbox that a token was mailed to (RFC 8058), and drops mail still queued for it. If
 * the signer had confirmed, the signature is marked and nothing else is stored; otherwise the mailbox is
 * suppressed. Safe to repeat. An unknown token changes nothing and gets the same answer.
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
 * Allows mail again to the mailbox that an unsubscribe token was mailed to, even if its signature is gone.
 * Sends nothing and does not restore a wish for updates. Safe to repeat. An unknown token changes nothing.
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
