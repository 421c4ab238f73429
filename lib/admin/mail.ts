import { database } from "@/lib/db/client";
import { type BatchDecision, decideBatch } from "@/lib/mail/ambiguous";
import { mayRetry, retryDeadMails } from "@/lib/mail/dead-letters";
import { recordAudit } from "./audit";
import type { Actor } from "./roles";

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
