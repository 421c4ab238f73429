import { v7 as uuidv7 } from "uuid";
import { database } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { recordAudit } from "./audit";
import { type InvalidReason, mark, takeBack } from "./invalid";
import type { NamesRefused, Reader } from "./names";
import type { Actor } from "./roles";
import { meeting, type SignatureRule } from "./rule";
import { findSignatories, type Signatory } from "./signatories";

/** Signatures looked at in one transaction: few enough that nobody who signs or confirms is held up. */
const LOOKED_AT_ONCE = 1_000;
const SAMPLE_SIGNATORIES = 10;
const JOBS_SHOWN = 50;

export type JobState = "running" | "finished" | "cancelled" | "undoing" | "undone";
export type InvalidationJob = {
  id: string;
  state: JobState;
  reason: string;
  actor: string;
  /** How many marks it has made; those taken back are gone from it. */
  marked: number;
  createdAt: Date;
  finishedAt: Date | null;
  /** What it goes by, without saying whom: names of conditions, and the country and times themselves. */
  by: string;
};

/** How many valid signatures a rule means now, and the newest of them. Reads as many as the rule leaves open. */
export async function previewInvalidation(
  reader: Reader,
  slug: string,
  rule: SignatureRule,
): Promise<{ kind: "found"; signatures: number; sample: Signatory[] } | NamesRefused> {
  const conditions = [
    Prisma.sql`campaign_id = (SELECT id FROM campaign WHERE slug = ${slug}) AND state <> 'invalid'`,
    ...meeting(rule),
  ];
  const [[counted], found] = await Promise.all([
    database().$queryRaw<{ signatures: number }[]>`
      SELECT count(*)::float8 AS signatures FROM signature WHERE ${Prisma.join(conditions, " AND ")}`,
    findSignatories(reader, slug, rule, undefined, SAMPLE_SIGNATORIES),
  ]);
  if (found.kind !== "found") return found;
  return {
    kind: "found",
    signatures: counted?.signatures ?? 0,
    sample: found.signatories.filter(({ state }) => state !== "invalid"),
  };
}

/** Has the worker mark what a rule means: all signatures made until now. @returns the job's id. */
export function startInvalidation(
  actor: Actor,
  slug: string,
  rule: SignatureRule,
  reason: InvalidReason,
): Promise<string> {
  const id = uuidv7();
  return database().$transaction(async (transaction) => {
    await transaction.$executeRaw`
      INSERT INTO invalidation_job (id, campaign_id, reason, actor, name_key, email_canonical_key, email_domain_key,
        network_keys, country, signed_from, signed_to)
      SELECT ${id}::uuid, id, ${reason}, ${actor.label}, ${rule.nameKey ?? null}::bytea,
        ${rule.emailCanonicalKey ?? null}::bytea, ${rule.emailDomainKey ?? null}::bytea,
        ${rule.networkKeys ?? null}::bytea[], ${rule.country ?? null}, ${rule.from ?? null}::timestamptz,
        ${rule.to ?? null}::timestamptz
      FROM campaign WHERE slug = ${slug}`;
    await recordAudit(
      {
        actor,
        action: "invalidation.start",
        subject: id,
        detail: { job: id, reason, by: describeRule(rule) },
      },
      transaction,
    );
    return id;
  });
}

/** Stops a job; what it has marked stays marked until it is undone. @returns false when it was not running. */
export function cancelInvalidation(actor: Actor, id: string): Promise<boolean> {
  return turn(actor, id, ["running"], "cancelled", "invalidation.cancel");
}

/** Has the worker take back every mark of a job that still stands. @returns false when there is none to undo. */
export function undoInvalidation(actor: Actor, id: string): Promise<boolean> {
  return turn(actor, id, ["running", "finished", "cancelled"], "undoing", "invalidation.undo");
}

function turn(actor: Actor, id: string, from: JobState[], to: JobState, action: string): Promise<boolean> {
  return database().$transaction(async (transaction) => {
    const turned = await transaction.$executeRaw`
      UPDATE invalidation_job SET state = ${to}::invalidation_state,
        finished_at = CASE WHEN ${to} = 'undoing' THEN NULL ELSE now() END
      WHERE id = ${id}::uuid AND state::text = ANY(${from}::text[])`;
    if (turned === 0) return false;
    await recordAudit({ actor, action, subject: id, detail: { job: id } }, transaction);
    return true;
  });
}

/** The jobs of a campaign, newest first. */
export async function invalidationJobs(slug: string): Promise<InvalidationJob[]> {
  const jobs = await database().invalidationJob.findMany({
    where: { campaign: { slug } },
    orderBy: { createdAt: "desc" },
    take: JOBS_SHOWN,
  });
  return jobs.map(({ id, state, reason, actor, marked, createdAt, finishedAt, ...rule }) => {
    const keyed = rule.networkKeys.length > 0 ? rule.networkKeys : undefined;
    const [from, to] = [rule.signedFrom ?? undefined, rule.signedTo ?? undefined];
    const by = describeRule({
      nameKey: rule.nameKey ?? undefined,
      emailCanonicalKey: rule.emailCanonicalKey ?? undefined,
      emailDomainKey: rule.emailDomainKey ?? undefined,
      networkKeys: keyed,
      country: rule.country ?? undefined,
      from,
      to,
    });
    return { id, state, reason, actor, marked, createdAt, finishedAt, by };
  });
}

type DueJob = SignatureRule & {
  id: string;
  campaignId: string;
  state: "running" | "undoing";
  reason: string;
  actor: string;
  marked: number;
  createdAt: Date;
  behindSignedAt: Date | null;
  behindId: string | null;
};

/**
 * One batch of the oldest job that is under way. Batch and place are one transaction: a worker that dies leaves nothing
 * half-done, and another goes on from there. Any number may call it at once.
 * @returns whether there was anything to do.
 */
export function advanceInvalidation(): Promise<boolean> {
  return database().$transaction(async (transaction) => {
    const [job] = await transaction.$queryRaw<DueJob[]>`
      SELECT id, campaign_id AS "campaignId", state, reason, actor, marked, created_at AS "createdAt",
        behind_signed_at AS "behindSignedAt", behind_id AS "behindId", name_key AS "nameKey",
        email_canonical_key AS "emailCanonicalKey", email_domain_key AS "emailDomainKey", network_keys AS "networkKeys",
        country, signed_from AS "from", signed_to AS "to"
      FROM invalidation_job WHERE state IN ('running', 'undoing') ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED`;
    if (!job) return false;
    await (job.state === "running" ? markBatch(transaction, job) : undoBatch(transaction, job));
    return true;
  });
}

async function markBatch(transaction: Prisma.TransactionClient, job: DueJob): Promise<void> {
  // Nobody who signs later is meant, so that a job comes to an end.
  const open = [
    Prisma.sql`campaign_id = ${job.campaignId}::uuid AND signed_at <= ${job.createdAt}`,
    ...(job.from ? [Prisma.sql`signed_at >= ${job.from}`] : []),
    ...(job.to ? [Prisma.sql`signed_at < ${job.to}`] : []),
    ...(job.behindSignedAt && job.behindId
      ? [Prisma.sql`(signed_at, id) > (${job.behindSignedAt}, ${job.behindId}::uuid)`]
      : []),
  ];
  const [last] = await transaction.$queryRaw<{ signedAt: Date; id: string }[]>`
    SELECT signed_at AS "signedAt", id FROM signature WHERE ${Prisma.join(open, " AND ")}
    ORDER BY signed_at, id OFFSET ${LOOKED_AT_ONCE - 1} LIMIT 1`;
  const upTo = last ? [Prisma.sql`(signed_at, id) <= (${last.signedAt}, ${last.id}::uuid)`] : [];
  const condition = Prisma.join([...open, ...upTo, ...meeting(job)], " AND ");
  const marked = job.marked + (await mark(transaction, condition, { ...job, jobId: job.id }));
  await transaction.invalidationJob.update({
    where: { id: job.id },
    data: last
      ? { marked, behindSignedAt: last.signedAt, behindId: last.id }
      : { marked, state: "finished", finishedAt: new Date() },
  });
  if (!last) await ended(transaction, job.id, "invalidation.finish", { signatures: marked });
}

async function undoBatch(transaction: Prisma.TransactionClient, job: DueJob): Promise<void> {
  const taken = await takeBack(
    transaction,
    Prisma.sql`signature_id IN (
      SELECT signature_id FROM signature_invalidation WHERE job_id = ${job.id}::uuid LIMIT ${LOOKED_AT_ONCE})`,
  );
  const more = taken === LOOKED_AT_ONCE;
  await transaction.invalidationJob.update({
    where: { id: job.id },
    data: more ? {} : { state: "undone", finishedAt: new Date() },
  });
  if (!more) await ended(transaction, job.id, "invalidation.undone", {});
}

async function ended(
  transaction: Prisma.TransactionClient,
  id: string,
  action: string,
  detail: Record<string, unknown>,
): Promise<void> {
  await recordAudit({ actor: null, action, subject: id, detail: { job: id, ...detail } }, transaction);
}

/** The conditions of a rule in words that name nobody. */
export function describeRule(rule: SignatureRule): string {
  const minute = (at: Date) => at.toISOString().slice(0, 16);
  return [
    ...(rule.nameKey ? ["one name"] : []),
    ...(rule.emailCanonicalKey ? ["one mailbox"] : []),
    ...(rule.emailDomainKey ? ["one mail domain"] : []),
    ...(rule.networkKeys ? ["one network"] : []),
    ...(rule.country ? [`country ${rule.country}`] : []),
    ...(rule.from ? [`from ${minute(rule.from)}`] : []),
    ...(rule.to ? [`before ${minute(rule.to)}`] : []),
  ].join(", ");
}
