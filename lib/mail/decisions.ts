import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import { type BatchDecision, decideBatch } from "./ambiguous";
import { mayRetry, retryDeadMails } from "./dead-letters";
import { mailsOwed, resumeSending, stopSending } from "./stop";

/**
 * Queues again the mails given up for a reason, and records it in the audit log.
 * @returns how many, or null if mails given up for that reason stay unsent.
 */
export async function retryMails(actor: Actor, reason: string): Promise<number | null> {
  if (!mayRetry(reason)) return null;
  return database().$transaction(async (transaction) => {
    const mails = await retryDeadMails(reason, transaction);
    await recordAudit({ actor, action: "mail.retry", detail: { reason, mails } }, transaction);
    return mails;
  });
}

/**
 * Settles a batch that may or may not have been sent, and records it in the audit log.
 * @returns false if the batch was not waiting for a decision.
 */
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

/**
 * Stops all mail until somebody resumes it.
 * @param actor null for an operator at the machine.
 */
export function stopMail(actor: Actor | null): Promise<{ changed: boolean }> {
  return database().$transaction(async (transaction) => {
    const changed = await stopSending(transaction);
    if (changed) await recordAudit({ actor, action: "mail.stop", detail: {} }, transaction);
    return { changed };
  });
}

/**
 * Resumes mail after a restore or a stop.
 * @param actor null for an operator at the machine.
 * @returns whether it was stopped, and how many mails are waiting.
 */
export function resumeMail(actor: Actor | null): Promise<{ changed: boolean; owed: number }> {
  return database().$transaction(async (transaction) => {
    const owed = await mailsOwed(transaction);
    const changed = await resumeSending(transaction);
    if (changed) await recordAudit({ actor, action: "mail.resume", detail: { mails: owed } }, transaction);
    return { changed, owed };
  });
}
