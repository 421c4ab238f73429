import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import { type BatchDecision, decideBatch } from "./ambiguous";
import { mayRetry, retryDeadMails } from "./dead-letters";
import { mailsOwed, resumeSending, stopSending } from "./stop";

/** Owes mails anew that were given up for a reason. @returns how many, or null when such mails stay unsent. */
export async function retryMails(actor: Actor, reason: string): Promise<number | null> {
  if (!mayRetry(reason)) return null;
  return database().$transaction(async (transaction) => {
    const mails = await retryDeadMails(reason, transaction);
    await recordAudit({ actor, action: "mail.retry", detail: { reason, mails } }, transaction);
    return mails;
  });
}

/** Ends a batch of which nobody knew whether it was sent. @returns whether it waited for that. */
export function decideOnBatch(actor: Actor, batchId: string, decision: BatchDecision): Promise<boolean> {
  return database().$transaction(async (transaction) => {
    const mails = await decideBatch(batchId, decision, transaction);
    if (mails === null) return false;
    await recordAudit(
      { actor, action: "mail.decide", subject: batchId, detail: { batch: batchId, decision, mails } },
      transaction,
    );
    return true;
  });
}

/** Stops all mail until somebody resumes it. @param actor null for an operator at the machine. */
export function stopMail(actor: Actor | null): Promise<{ changed: boolean }> {
  return database().$transaction(async (transaction) => {
    const changed = await stopSending(transaction);
    if (changed) await recordAudit({ actor, action: "mail.stop", detail: {} }, transaction);
    return { changed };
  });
}

/**
 * Lets mail go out again after a restore or a stop.
 * @param actor null for an operator at the machine.
 * @returns whether it was stopped, and how many mails are owed.
 */
export function resumeMail(actor: Actor | null): Promise<{ changed: boolean; owed: number }> {
  return database().$transaction(async (transaction) => {
    const owed = await mailsOwed(transaction);
    const changed = await resumeSending(transaction);
    if (changed) await recordAudit({ actor, action: "mail.resume", detail: { mails: owed } }, transaction);
    return { changed, owed };
  });
}
