import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { MARKED_INVALID } from "@/lib/signing";

/** Why mails to an address that is to get none are not sent. */
export const SUPPRESSED = "suppressed";
/** Why mails whose name, address or body does not open are not sent. They may be owed anew once that is mended. */
export const UNREADABLE = "damaged, or sealed with a key that DATA_KEYS lacks";
const KEPT_UNSENT = [SUPPRESSED, MARKED_INVALID];

/** Whether mails that were given up for a reason may be owed anew. */
export function mayRetry(reason: string): boolean {
  return !KEPT_UNSENT.includes(reason);
}

/** Owes mails anew that were given up for a reason; each is composed again, with new tokens. @returns how many. */
export function retryDeadMails(
  reason: string,
  transaction: Prisma.TransactionClient = database(),
): Promise<number> {
  return transaction.$executeRaw`
    UPDATE mail SET state = 'queued', reason = NULL, finished_at = NULL, batch_id = NULL, position = NULL, provider_id = NULL
    WHERE state = 'dead' AND reason = ${reason} AND NOT reason = ANY(${KEPT_UNSENT}::text[])`;
}
