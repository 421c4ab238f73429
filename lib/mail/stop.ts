import { database } from "@/lib/db/client";
import type { MailStopper, Prisma } from "@/lib/db/generated/client";

/** Mail is owed and kept, and none is sent until somebody says so. */
export type MailStop = { since: Date; by: MailStopper };

/** Whether sending is stopped; null when it is not. */
export async function mailStop(): Promise<MailStop | null> {
  const row = await database().mailPause.findFirst({ select: { stoppedSince: true, stoppedBy: true } });
  return row?.stoppedSince && row.stoppedBy ? { since: row.stoppedSince, by: row.stoppedBy } : null;
}

/** How many mails would go out if sending were not stopped. */
export function mailsOwed(transaction: Prisma.TransactionClient = database()): Promise<number> {
  return transaction.mail.count({ where: { state: { in: ["queued", "batched"] } } });
}

/** Stops sending. @returns false when it was stopped already. */
export async function stopSending(transaction: Prisma.TransactionClient = database()): Promise<boolean> {
  const changed = await transaction.$executeRaw`
    UPDATE mail_pause SET stopped_since = now(), stopped_by = 'operator' WHERE stopped_since IS NULL`;
  return changed > 0;
}

/** Lets mail go out again. @returns false when it was not stopped. */
export async function resumeSending(transaction: Prisma.TransactionClient = database()): Promise<boolean> {
  const changed = await transaction.$executeRaw`
    UPDATE mail_pause SET stopped_since = NULL, stopped_by = NULL WHERE stopped_since IS NOT NULL`;
  return changed > 0;
}
