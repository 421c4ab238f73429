import { database } from "@/lib/db/client";
import { hashToken } from "@/lib/db/keyed-hash";
import { noteAttempt } from "@/lib/operations/attempts";

/**
 * Stops all mail to the address a token was mailed to (RFC 8058). Mail still queued for it is dropped.
 * Safe to repeat; a token we do not know changes nothing and is not told apart.
 */
export async function unsubscribe(token: string): Promise<void> {
  const [asked] = await database().$queryRaw<{ mailed: number }[]>`
    WITH mailed AS (
      SELECT signature.id, signature.email_key FROM token JOIN signature ON signature.id = token.signature_id
      WHERE token.hash = ${hashToken(token)} AND token.purpose = 'unsubscribe'
    ),
    suppressed AS (
      INSERT INTO suppression (email_key, reason) SELECT email_key, 'unsubscribed' FROM mailed ON CONFLICT DO NOTHING
    ),
    quiet AS (
      UPDATE signature SET wants_updates = false FROM mailed WHERE signature.email_key = mailed.email_key AND wants_updates
    ),
    dropped AS (
      UPDATE mail SET state = 'dead', reason = 'suppressed', finished_at = now()
      FROM signature, mailed
      WHERE mail.signature_id = signature.id AND signature.email_key = mailed.email_key AND mail.state = 'queued'
    )
    SELECT count(*)::int AS mailed FROM mailed`;
  if (asked?.mailed === 0) noteAttempt("unknown-token");
}
