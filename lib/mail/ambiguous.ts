import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";

/** A batch that the provider may or may not have accepted. */
export type AmbiguousBatch = { id: string; createdAt: Date; mails: number; reason: string | null };

/** A person's decision about a batch, after checking the provider's log. */
export const BATCH_DECISIONS = ["sent", "again"] as const;
export type BatchDecision = (typeof BATCH_DECISIONS)[number];

/** The most batches listed at a time. */
const LISTED_BATCHES = 50;

/** Returns batches that wait for a decision, oldest first. */
export function ambiguousBatches(): Promise<AmbiguousBatch[]> {
  return database().$queryRaw<AmbiguousBatch[]>`
    SELECT id, created_at AS "createdAt", last_reason AS reason,
      (SELECT count(*) FROM mail WHERE mail.batch_id = mail_batch.id)::float8 AS mails
    FROM mail_batch WHERE state = 'ambiguous' ORDER BY created_at LIMIT ${LISTED_BATCHES}`;
}

/**
 * Settles a batch that waits for a decision: its mails count as sent, or are queued again and composed again.
 * @returns how many mails, or null if the batch is not (or no longer) waiting.
 */
export async function decideBatch(
  id: string,
  decision: BatchDecision,
  transaction: Prisma.TransactionClient,
): Promise<number | null> {
  const { count } = await transaction.mailBatch.updateMany({
    where: { id, state: "ambiguous" },
    data: { state: "finished", payloadEncrypted: null, finishedAt: new Date(), lastReason: decision },
  });
  if (count === 0) return null;
  const mails = await transaction.mail.updateMany({
    where: { batchId: id, state: "batched" },
    data:
      decision === "sent"
        ? { state: "sent", finishedAt: new Date(), batchId: null, position: null }
        : { state: "queued", batchId: null, position: null },
  });
  return mails.count;
}
