import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { MARKED_INVALID } from "@/lib/signing";

/** Reason of unsent mails whose address must get none. */
export const SUPPRESSED = "suppressed";
/**
 * Reason of unsent mails whose name, address or body cannot be decrypted.
 * They can be queued again once that is fixed.
 */
export const UNREADABLE = "damaged, or sealed with a key that DATA_KEYS lacks";
const KEPT_UNSENT = [SUPPRESSED, MARKED_INVALID];

/** Returns whether mails given up for a reason may be queued again. */
export function mayRetry(reason: string): boolean {
  return !KEPT_UNSENT.includes(reason);
}

/**
 * Queues again the mails given up for a reason. Each is composed again, with new tokens.
 * @returns how many.
 */
export function retryDeadMails(
  reason: string,
  transaction: Prisma.TransactionClient = database(),
): Promise<number> {
  return transaction.$executeRaw`
    UPDATE mail SET state = 'queued', reason = NULL, finished_at = NULL, batch_id = NULL, position = NULL, provider_id = NULL
    WHERE state = 'dead' AND reason = ${reason} AND NOT reason = ANY(${KEPT_UNSENT}::text[])`;
}
