import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { findSignatories, type Reader, type SignatoriesFound } from "@/lib/signatories";
import { HELD_REASON } from "@/lib/signing";
import { type InvalidReason, lockMarked, takeBack } from "./invalid";

/**
 * How many held signatures are shown at once. The list reloads after each decision, and its names count
 * against the reader's limit each time.
 */
const HELD_SHOWN = 25;
/** Reason recorded for a discarded signature. */
const DISCARDED: InvalidReason = "made by a machine";

/** Returns confirmed signatures held for an owner because the trap field was filled in, newest first. */
export function heldSignatories(reader: Reader, slug: string): Promise<SignatoriesFound> {
  return findSignatories(reader, slug, { held: true }, undefined, HELD_SHOWN);
}

/**
 * Releases a held signature of a campaign: it counts, and its waiting mail is sent.
 * @returns false when it is no longer held.
 */
export function releaseHeld(actor: Actor, slug: string, id: string): Promise<boolean> {
  return database().$transaction(async (transaction) => {
    const condition = heldIn(slug, id);
    if ((await takeBack(transaction, condition)) === 0) return false;
    await recordAudit(
      { actor, action: "review.release", campaign: slug, signature: id, detail: {} },
      transaction,
    );
    return true;
  });
}

/**
 * Discards a held signature of a campaign: it stays uncounted, but can be restored like any other.
 * @returns false when it is no longer held.
 */
export function discardHeld(actor: Actor, slug: string, id: string): Promise<boolean> {
  return database().$transaction(async (transaction) => {
    await lockMarked(transaction, Prisma.sql`signature_id = ${id}::uuid`);
    const discarded = await transaction.$executeRaw`
      WITH marked AS (
        UPDATE signature_invalidation SET reason = ${DISCARDED}, actor_label = ${actor.label}
        WHERE ${heldIn(slug, id)} RETURNING signature_id
      )
      UPDATE signature SET held = false FROM marked WHERE signature.id = marked.signature_id`;
    if (discarded === 0) return false;
    await recordAudit(
      { actor, action: "review.discard", campaign: slug, signature: id, detail: {} },
      transaction,
    );
    return true;
  });
}

/** The mark on a held signature of a campaign. */
function heldIn(slug: string, id: string): Prisma.Sql {
  return Prisma.sql`reason = ${HELD_REASON} AND signature_id = (
    SELECT signature.id FROM signature JOIN campaign ON campaign.id = campaign_id
    WHERE signature.id = ${id}::uuid AND slug = ${slug})`;
}
