import { v7 as uuidv7 } from "uuid";
import { type Actor, pseudonymOf, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { inCampaign } from "@/lib/signatories";
import { MARKED_INVALID } from "@/lib/signing";

/** Reasons for marking a signature invalid. A fixed list, so that no names get into the audit log. */
export const INVALID_REASONS = [
  "not a real person",
  "the same person twice",
  "made by a machine",
  "signed in another's name",
  "outside the petition's rules",
] as const;
export type InvalidReason = (typeof INVALID_REASONS)[number];

/** Reason recorded for signatures that are to be deleted. */
const WITHDRAWN = "withdrawn";
/** Most signatures deleted in one transaction: few enough that nobody has to wait. */
const DELETED_AT_ONCE = 1_000;

/** How long a job can be undone as a whole, in minutes. Single signatures can be restored at any time. */
export const UNDO_MINUTES = 60;

/**
 * Result of marking signatures invalid, and its audit entry. `entry` is null when all were invalid already.
 */
export type InvalidJob = { jobId: string; marked: number; entry: string | null };

/** Returns the SQL condition that a row of `signature_invalidation` belongs to a campaign. */
function markedIn(slug: string): Prisma.Sql {
  return Prisma.sql`EXISTS (
    SELECT FROM signature WHERE signature.id = signature_invalidation.signature_id AND ${inCampaign(slug)})`;
}

/**
 * Marks signatures of a campaign invalid: they are stored but not counted, and are in no export. Their mails that have not
 * been handed to the provider are not sent.
 */
export function markInvalid(
  actor: Actor,
  slug: string,
  ids: string[],
  reason: InvalidReason,
): Promise<InvalidJob> {
  const jobId = uuidv7();
  return database().$transaction(async (transaction) => {
    const chosen = Prisma.sql`id = ANY(${ids}::uuid[]) AND ${inCampaign(slug)}`;
    const marked = await mark(transaction, chosen, { jobId, reason, actorLabel: actor.label });
    if (marked === 0) return { jobId, marked, entry: null };
    const [only] = ids.length === 1 ? ids : [];
    const entry = await recordAudit(
      {
        actor,
        action: "signatory.invalid",
        campaign: slug,
        ...(only === undefined ? {} : { signature: only }),
        detail: { slug, job: jobId, reason, signatures: marked },
      },
      transaction,
    );
    return { jobId, marked, entry };
  });
}

/**
 * Marks valid signatures that meet a condition as invalid, in the caller's transaction.
 * @returns how many.
 */
export function mark(
  transaction: Prisma.TransactionClient,
  condition: Prisma.Sql,
  { jobId, reason, actorLabel }: { jobId: string; reason: string; actorLabel: string },
): Promise<number> {
  return transaction.$executeRaw`
    WITH chosen AS (
      SELECT id, confirmed_at FROM signature WHERE ${condition} AND state <> 'invalid' ORDER BY id FOR UPDATE
    ),
    noted AS (
      INSERT INTO signature_invalidation (signature_id, job_id, reason, confirmed_at, actor_label)
      SELECT id, ${jobId}::uuid, ${reason}, confirmed_at, ${actorLabel} FROM chosen
    ),
    held AS (
      UPDATE mail SET state = 'dead', reason = ${MARKED_INVALID}, finished_at = now()
      FROM chosen WHERE mail.signature_id = chosen.id AND mail.state = 'queued'
    )
    UPDATE signature SET state = 'invalid', confirmed_at = NULL FROM chosen WHERE signature.id = chosen.id`;
}

/**
 * Restores signatures of a campaign: a single one until it is deleted, a whole job within the hour. Signatures that were
 * invalid before a withdrawal become invalid again.
 * @returns how many signatures were restored.
 */
export function restore(
  actor: Actor,
  slug: string,
  what: { signatureId: string } | { jobId: string },
): Promise<number> {
  return database().$transaction(async (transaction) => {
    // By its id, and not by its mark, which somebody else may be making at this moment.
    if ("signatureId" in what)
      await transaction.$executeRaw`SELECT FROM signature WHERE id = ${what.signatureId}::uuid FOR UPDATE`;
    const restored =
      "signatureId" in what
        ? await takeBack(
            transaction,
            Prisma.sql`signature_id = ${what.signatureId}::uuid AND ${markedIn(slug)}`,
          )
        : (await takeBack(
            transaction,
            Prisma.sql`job_id = ${what.jobId}::uuid AND at > now() - make_interval(mins => ${UNDO_MINUTES}::int)
              AND ${markedIn(slug)}`,
          )) + (await keep(transaction, slug, what.jobId));
    if (restored > 0)
      await recordAudit(
        {
          actor,
          action: "signatory.restore",
          campaign: slug,
          ...("signatureId" in what ? { signature: what.signatureId } : {}),
          detail: { ...("jobId" in what ? what : {}), signatures: restored },
        },
        transaction,
      );
    return restored;
  });
}

/** A job of the last hour that has not been undone, as recorded in the audit log. */
export type UndoableJob = { jobId: string; at: Date; actorLabel: string; reason: string; signatures: number };

/** Returns the jobs of a campaign that can still be undone as a whole, newest first. */
export function undoableJobs(slug: string, now = new Date()): Promise<UndoableJob[]> {
  return database().$queryRaw`
    SELECT job AS "jobId", at, actor_label AS "actorLabel", reason, signatures FROM (
      SELECT detail::jsonb->>'job' AS job, at, actor_label, sequence,
        coalesce(detail::jsonb->>'reason', ${WITHDRAWN}) AS reason, (detail::jsonb->>'signatures')::float8 AS signatures
      FROM audit_entry
      WHERE action IN ('signatory.invalid', 'signatory.withdraw') AND at > ${now}::timestamptz - make_interval(mins => ${UNDO_MINUTES}::int)
    ) AS done
    WHERE job IS NOT NULL AND EXISTS (
      SELECT FROM signature_invalidation WHERE (job_id = job::uuid OR delete_job_id = job::uuid) AND ${markedIn(slug)}
    ) AND NOT EXISTS (
      SELECT FROM audit_entry WHERE action = 'signatory.restore' AND sequence > done.sequence
        AND detail::jsonb->>'jobId' = done.job)
    ORDER BY sequence DESC`;
}

/**
 * Cancels the deletion of signatures that were already invalid when they were withdrawn. They stay invalid.
 */
function keep(transaction: Prisma.TransactionClient, slug: string, jobId: string): Promise<number> {
  return transaction.$executeRaw`
    UPDATE signature_invalidation SET delete_at = NULL, delete_job_id = NULL
    WHERE delete_job_id = ${jobId}::uuid AND delete_at > now() AND ${markedIn(slug)}`;
}

/**
 * Removes the invalid marks that meet a condition, in the caller's transaction.
 * @returns how many signatures were restored to their earlier state.
 */
export async function takeBack(
  transaction: Prisma.TransactionClient,
  condition: Prisma.Sql,
): Promise<number> {
  await lockMarked(transaction, condition);
  return transaction.$executeRaw`
    WITH back AS (DELETE FROM signature_invalidation WHERE ${condition} RETURNING signature_id, confirmed_at),
    owed AS (
      UPDATE mail SET state = 'queued', reason = NULL, finished_at = NULL, batch_id = NULL, position = NULL
      FROM back WHERE mail.signature_id = back.signature_id AND mail.state = 'dead' AND mail.reason = ${MARKED_INVALID}
    )
    UPDATE signature SET confirmed_at = back.confirmed_at, held = signature.held AND back.confirmed_at IS NULL,
      state = (CASE WHEN back.confirmed_at IS NULL THEN 'pending' ELSE 'confirmed' END)::signature_state
    FROM back WHERE signature.id = back.signature_id`;
}

/**
 * Locks the signatures whose marks meet a condition, before the marks are changed. Deleting a signature locks
 * both in this order too; the other order would deadlock.
 */
export async function lockMarked(
  transaction: Prisma.TransactionClient,
  condition: Prisma.Sql,
): Promise<void> {
  await transaction.$executeRaw`
    SELECT FROM signature WHERE id IN (SELECT signature_id FROM signature_invalidation WHERE ${condition})
    ORDER BY id FOR UPDATE`;
}

/** Result of a withdrawal, with its audit entry. `entry` is null when all were withdrawn already. */
export type WithdrawalJob = { jobId: string; withdrawn: number; deleteAt: Date; entry: string | null };

/**
 * Removes signatures of a campaign from every figure and export at once. The worker deletes them, with everything that
 * belongs to them, when the hour for undoing is over.
 */
export function withdrawSignatories(actor: Actor, slug: string, ids: string[]): Promise<WithdrawalJob> {
  const jobId = uuidv7();
  return database().$transaction(async (transaction) => {
    const chosen = Prisma.sql`id = ANY(${ids}::uuid[]) AND ${inCampaign(slug)}`;
    await mark(transaction, chosen, { jobId, reason: WITHDRAWN, actorLabel: actor.label });
    const gone = await transaction.$queryRaw<{ id: string; deleteAt: Date }[]>`
      UPDATE signature_invalidation SET delete_job_id = ${jobId}::uuid,
        delete_at = now() + make_interval(mins => ${UNDO_MINUTES}::int)
      WHERE signature_id = ANY(${ids}::uuid[]) AND delete_at IS NULL AND ${markedIn(slug)}
      RETURNING signature_id AS id, delete_at AS "deleteAt"`;
    const [first] = gone;
    if (!first) return { jobId, withdrawn: 0, deleteAt: new Date(), entry: null };
    const { deleteAt } = first;
    const subjects = gone.map(({ id }) => pseudonymOf(id));
    const entry = await recordAudit(
      {
        actor,
        action: "signatory.withdraw",
        campaign: slug,
        detail: { job: jobId, signatures: gone.length, deleteAt: deleteAt.toISOString(), subjects },
      },
      transaction,
    );
    return { jobId, withdrawn: gone.length, deleteAt, entry };
  });
}

/** Deletes signatures that were withdrawn more than an hour ago. Safe to run in any process, at any time. */
export function deleteWithdrawn(): Promise<void> {
  return database().$transaction(async (transaction) => {
    const gone = await transaction.$queryRaw<{ id: string; slug: string }[]>`
      DELETE FROM signature USING campaign WHERE campaign.id = campaign_id AND signature.id IN (
        SELECT signature_id FROM signature_invalidation WHERE delete_at <= now()
        ORDER BY signature_id LIMIT ${DELETED_AT_ONCE} FOR UPDATE SKIP LOCKED
      ) RETURNING signature.id, slug`;
    for (const [campaign, ofCampaign] of Map.groupBy(gone, ({ slug }) => slug)) {
      const detail = {
        signatures: ofCampaign.length,
        subjects: ofCampaign.map(({ id }) => pseudonymOf(id)),
      };
      await recordAudit({ actor: null, action: "signatory.deleted", campaign, detail }, transaction);
    }
  });
}
