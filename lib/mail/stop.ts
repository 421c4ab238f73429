import { database } from "@/lib/db/client";
import type { MailStopper, Prisma } from "@/lib/db/generated/client";

/** A stop of all mail: it is queued, but none is sent until somebody resumes sending. */
export type MailStop = { since: Date; by: MailStopper };

/** Returns the current stop; null if mail is not stopped. */
export async function mailStop(): Promise<MailStop | null> {
  const row = await database().mailPause.findFirst({ select: { stoppedSince: true, stoppedBy: true } });
  return row?.stoppedSince && row.stoppedBy ? { since: row.stoppedSince, by: row.stoppedBy } : null;
}

/** Counts mails that are queued or in a batch, including batches that wait for a decision. */
export function mailsOwed(transaction: Prisma.TransactionClient = database()): Promise<number> {
  return transaction.mail.count({ where: { state: { in: ["queued", "batched"] } } });
}

/** Stops sending. @returns false if it was already stopped. */
export async function stopSending(transaction: Prisma.TransactionClient = database()): Promise<boolean> {
  const changed = await transaction.$executeRaw`
    UPDATE mail_pause SET stopped_since = now(), stopped_by = 'operator' WHERE stopped_since IS NULL`;
  return changed > 0;
}

/** Resumes sending. @returns false if it was not stopped. */
export async function resumeSending(transaction: Prisma.TransactionClient = database()): Promise<boolean> {
  const changed = await transaction.$executeRaw`
    UPDATE mail_pause SET stopped_since = NULL, stopped_by = NULL WHERE stopped_since IS NOT NULL`;
  return changed > 0;
}
