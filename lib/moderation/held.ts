import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { findSignatories, type Reader, type SignatoriesFound } from "@/lib/signatories";
import { HELD_REASON } from "@/lib/signing";
import { type InvalidReason, takeBack } from "./invalid";

/** The most that are shown at a time: the list is looked at after each decision, and its names count each time. */
const HELD_SHOWN = 25;
/** What a discarded one is marked as. */
const DISCARDED: InvalidReason = "made by a machine";

/** Confirmed signatures that wait for an owner, because the trap field was filled in; the newest first. */
export function heldSignatories(reader: Reader, slug: string): Promise<SignatoriesFound> {
  return findSignatories(reader, slug, { held: true }, undefined, HELD_SHOWN);
}

/** Has a held signature count, and sends the mail that waited with it. @returns false when it is not held any more. */
export function releaseHeld(actor: Actor, id: string): Promise<boolean> {
  return database().$transaction(async (transaction) => {
    const condition = Prisma.sql`signature_id = ${id}::uuid AND reason = ${HELD_REASON}`;
    if ((await takeBack(transaction, condition)) === 0) return false;
    await recordAudit({ actor, action: "review.release", signature: id, detail: {} }, transaction);
    return true;
  });
}

/** Leaves a held signature uncounted for good; it can be restored as any other. @returns false when it is not held any more. */
export function discardHeld(actor: Actor, id: string): Promise<boolean> {
  return database().$transaction(async (transaction) => {
    const discarded = await transaction.$executeRaw`
      WITH marked AS (
        UPDATE signature_invalidation SET reason = ${DISCARDED}, actor_label = ${actor.label}
        WHERE signature_id = ${id}::uuid AND reason = ${HELD_REASON} RETURNING signature_id
      )
      UPDATE signature SET held = false FROM marked WHERE signature.id = marked.signature_id`;
    if (discarded === 0) return false;
    await recordAudit({ actor, action: "review.discard", signature: id, detail: {} }, transaction);
    return true;
  });
}
