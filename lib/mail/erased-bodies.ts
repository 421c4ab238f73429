import { database } from "@/lib/db/client";

/** The longest that the body of a mail to an erased person may remain in a batch, in minutes. */
export const ERASED_BODY_MINUTES = 10;
/** The sweep runs once a minute and may be slightly late. */
const MARGIN_MINUTES = 2;

/**
 * Removes from batches the bodies of mails whose signature is gone.
 * A batch that cannot have been accepted yet is dissolved at once, and its other mails are queued again. A
 * batch that may have been accepted must be repeated unchanged, so it gets a few minutes to be answered;
 * after that it waits, without its bodies, for a person's decision.
 * @returns how many batches lost their bodies.
 */
export async function forgetErasedBodies(now?: Date): Promise<number> {
  const moment = now ?? null;
  await database().$executeRaw`
    UPDATE mail_batch SET member_gone_at = coalesce(${moment}::timestamptz, now())
    WHERE state = 'frozen' AND member_gone_at IS NULL
      AND mails_frozen > (SELECT count(*) FROM mail WHERE mail.batch_id = mail_batch.id)`;
  const [swept] = await database().$queryRaw<{ batches: number }[]>`
    WITH untried AS (
      UPDATE mail_batch SET state = 'finished', payload_encrypted = NULL, mails_frozen = NULL, member_gone_at = NULL,
        finished_at = now(), last_reason = NULL
      WHERE state = 'frozen' AND member_gone_at IS NOT NULL AND first_attempt_at IS NULL AND leased_by IS NULL
      RETURNING id
    ), owed_anew AS (
      UPDATE mail SET state = 'queued', batch_id = NULL, position = NULL FROM untried
      WHERE mail.batch_id = untried.id AND mail.state = 'batched'
    ), tried AS (
      UPDATE mail_batch SET state = 'ambiguous', payload_encrypted = NULL, mails_frozen = NULL, member_gone_at = NULL,
        leased_by = NULL, leased_until = NULL
      WHERE state = 'frozen' AND first_attempt_at IS NOT NULL AND (leased_until IS NULL OR leased_until < now())
        AND member_gone_at < coalesce(${moment}::timestamptz, now())
          - make_interval(mins => ${ERASED_BODY_MINUTES - MARGIN_MINUTES}::int)
      RETURNING id
    )
    SELECT (SELECT count(*) FROM untried)::float8 + (SELECT count(*) FROM tried)::float8 AS batches`;
  return swept?.batches ?? 0;
}
