import { v7 as uuidv7 } from "uuid";
import { database } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { MARKED_INVALID } from "@/lib/mail/dead-letters";
import { recordAudit } from "./audit";
import type { Actor } from "./roles";

/** Why a signature can be marked invalid: a fixed list, so that nobody's name gets into the audit log. */
export const INVALID_REASONS = [
  "not a real person",
  "the same person twice",
  "made by a machine",
  "signed in another's name",
  "outside the petition's rules",
] as const;
export type InvalidReason = (typeof INVALID_REASONS)[number];

/** How long what was done in one go can be taken back in one go, in minutes. One by one it can be at any time. */
export const UNDO_MINUTES = 60;

export function isInvalidReason(text: string): text is InvalidReason {
  return (INVALID_REASONS as readonly string[]).includes(text);
}

/** Signatures marked invalid in one go, none when all were already. */
export type InvalidJob = { jobId: string; marked: number };

/**
 * Keeps signatures without counting them: they are in no export, and of their mails none is sent that the provider has not
 * been asked to send yet.
 */
export function markInvalid(actor: Actor, ids: string[], reason: InvalidReason): Promise<InvalidJob> {
  const jobId = uuidv7();
  return database().$transaction(async (transaction) => {
    const chosen = Prisma.sql`id = ANY(${ids}::uuid[])`;
    const marked = await mark(transaction, chosen, { jobId, reason, actor: actor.label });
    if (marked > 0) {
      const [only] = ids.length === 1 ? ids : [];
      await recordAudit(
        {
          actor,
          action: "signatory.invalid",
          ...(only === undefined ? {} : { subject: only }),
          detail: { job: jobId, reason, signatures: marked },
        },
        transaction,
      );
    }
    return { jobId, marked };
  });
}

/** Marks the signatures that meet a condition and are valid, in the caller's transaction. @returns how many. */
export function mark(
  transaction: Prisma.TransactionClient,
  condition: Prisma.Sql,
  { jobId, reason, actor }: { jobId: string; reason: string; actor: string },
): Promise<number> {
  return transaction.$executeRaw`
    WITH chosen AS (
      SELECT id, confirmed_at FROM signature WHERE ${condition} AND state <> 'invalid' ORDER BY id FOR UPDATE
    ),
    noted AS (
      INSERT INTO signature_invalidation (signature_id, job_id, reason, confirmed_at, actor)
      SELECT id, ${jobId}::uuid, ${reason}, confirmed_at, ${actor} FROM chosen
    ),
    held AS (
      UPDATE mail SET state = 'dead', reason = ${MARKED_INVALID}, finished_at = now()
      FROM chosen WHERE mail.signature_id = chosen.id AND mail.state = 'queued'
    )
    UPDATE signature SET state = 'invalid', confirmed_at = NULL FROM chosen WHERE signature.id = chosen.id`;
}

/** Takes the mark back: of one signature at any time, of a whole job within the hour. @returns how many count again. */
export function restore(actor: Actor, what: { signatureId: string } | { jobId: string }): Promise<number> {
  return database().$transaction(async (transaction) => {
    const restored = await takeBack(
      transaction,
      "signatureId" in what
        ? Prisma.sql`signature_id = ${what.signatureId}::uuid`
        : Prisma.sql`job_id = ${what.jobId}::uuid AND at > now() - make_interval(mins => ${UNDO_MINUTES}::int)`,
    );
    if (restored > 0)
      await recordAudit(
        {
          actor,
          action: "signatory.restore",
          ...("signatureId" in what ? { subject: what.signatureId } : {}),
          detail: { ...what, signatures: restored },
        },
        transaction,
      );
    return restored;
  });
}

/** Takes back the marks that meet a condition, in the caller's transaction. @returns how many signatures count again. */
export function takeBack(transaction: Prisma.TransactionClient, condition: Prisma.Sql): Promise<number> {
  return transaction.$executeRaw`
    WITH back AS (DELETE FROM signature_invalidation WHERE ${condition} RETURNING signature_id, confirmed_at),
    owed AS (
      UPDATE mail SET state = 'queued', reason = NULL, finished_at = NULL, batch_id = NULL, position = NULL
      FROM back WHERE mail.signature_id = back.signature_id AND mail.state = 'dead' AND mail.reason = ${MARKED_INVALID}
    )
    UPDATE signature SET confirmed_at = back.confirmed_at,
      state = (CASE WHEN back.confirmed_at IS NULL THEN 'pending' ELSE 'confirmed' END)::signature_state
    FROM back WHERE signature.id = back.signature_id`;
}

/** Deletes signatures with all that belongs to them, for good. @returns how many there were. */
export function withdrawSignatories(actor: Actor, ids: string[]): Promise<number> {
  return database().$transaction(async (transaction) => {
    const gone = await transaction.$queryRaw<{ id: string }[]>`
      DELETE FROM signature WHERE id IN (
        SELECT id FROM signature WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE
      ) RETURNING id`;
    if (gone.length > 0)
      await recordAudit(
        {
          actor,
          action: "signatory.withdraw",
          detail: { signatures: gone.length, ids: gone.map(({ id }) => id) },
        },
        transaction,
      );
    return gone.length;
  });
}
