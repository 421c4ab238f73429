import { database } from "@/lib/db/client";
import { CONFIRMATION_DAYS } from "@/lib/signing";

/**
 * Deletes signatures that nobody confirmed while their link worked, with their mails and tokens. Safe to repeat.
 * @returns how many were deleted.
 */
export function purgeUnconfirmed(now = new Date()): Promise<number> {
  return database().$executeRaw`
    DELETE FROM signature
    WHERE state = 'pending' AND mail_requested_at < ${now}::timestamptz - make_interval(days => ${CONFIRMATION_DAYS}::int)`;
}
