import { v7 as uuidv7 } from "uuid";
import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import { currentDataKeyId, open, seal } from "@/lib/db/encryption";
import { Prisma } from "@/lib/db/generated/client";
import { openPeople, type SealedPerson } from "@/lib/people";
import {
  conditionsOf,
  described,
  eachMatch,
  findSignatories,
  meets,
  type NamesRefused,
  narrowing,
  needsOpening,
  type Place,
  type Reader,
  readRule,
  type Signatory,
  type SignatureRule,
} from "@/lib/signatories";
import { type InvalidReason, mark, takeBack } from "./invalid";

/** Signatures checked per transaction: few enough that nobody who signs or confirms has to wait. */
const LOOKED_AT_ONCE = 1_000;
const SAMPLE_SIGNATORIES = 10;
const JOBS_SHOWN = 50;

export type JobState = "running" | "finished" | "cancelled" | "undoing" | "undone";
export type InvalidationJob = {
  id: string;
  state: JobState;
  reason: string;
  actorLabel: string;
  /** How many signatures it has marked. Undoing does not lower it. */
  marked: number;
  createdAt: Date;
  finishedAt: Date | null;
  /**
   * The rule's conditions without identifying anyone: names of conditions, and the actual country and times.
   */
  by: string;
};

/** What a rule matches. */
export type InvalidationPreview = {
  signatures: number;
  /** False when the count is incomplete because only the newest signatures were opened. */
  whole: boolean;
  /** The newest matches. */
  sample: Signatory[];
};

/**
 * Counts the valid signatures that a rule matches now, and returns the newest of them. Reads as many as the
 * rule's indexed conditions leave.
 */
export async function previewInvalidation(
  reader: Reader,
  slug: string,
  rule: SignatureRule,
): Promise<({ kind: "found" } & InvalidationPreview) | NamesRefused> {
  const valid = Prisma.sql`campaign_id = (SELECT id FROM campaign WHERE slug = ${slug}) AND state <> 'invalid'`;
  const [counted, found] = await Promise.all([
    needsOpening(rule) ? countMatches(valid, rule) : countRows(valid, rule),
    findSignatories(reader, slug, rule, undefined, SAMPLE_SIGNATORIES),
  ]);
  if (found.kind !== "found") return found;
  return {
    kind: "found",
    ...counted,
    sample: found.signatories.filter(({ state }) => state !== "invalid"),
  };
}

type Counted = Pick<InvalidationPreview, "signatures" | "whole">;

async function countRows(valid: Prisma.Sql, rule: SignatureRule): Promise<Counted> {
  const [counted] = await database().$queryRaw<{ signatures: number }[]>`
    SELECT count(*)::float8 AS signatures FROM signature WHERE ${Prisma.join([valid, ...conditionsOf(rule)], " AND ")}`;
  return { signatures: counted?.signatures ?? 0, whole: true };
}

async function countMatches(valid: Prisma.Sql, rule: SignatureRule): Promise<Counted> {
  let signatures = 0;
  const columns = Prisma.sql`id, data_key_id AS "dataKeyId", person_encrypted AS person, signed_at AS "signedAt"`;
  const whole = await eachMatch<SealedPerson & Place>({ columns, conditions: [valid], rules: [rule] }, () => {
    signatures += 1;
    return true;
  });
  return { signatures, whole };
}

/**
 * Starts a job in which the worker marks every signature that matches a rule and was made before now.
 * @returns the job's id.
 */
export function startInvalidation(
  actor: Actor,
  slug: string,
  rule: SignatureRule,
  reason: InvalidReason,
): Promise<string> {
  const id = uuidv7();
  return database().$transaction(async (transaction) => {
    const by = described(rule);
    await transaction.$executeRaw`
      INSERT INTO invalidation_job (id, campaign_id, reason, actor_label, conditions, data_key_id, rule_encrypted)
      SELECT ${id}::uuid, id, ${reason}, ${actor.label}, ${by}, ${currentDataKeyId()},
        ${seal(JSON.stringify(rule), ruleOfJob(id))}
      FROM campaign WHERE slug = ${slug}`;
    await recordAudit(
      { actor, action: "invalidation.start", campaign: slug, subject: id, detail: { job: id, reason, by } },
      transaction,
    );
    return id;
  });
}

const ruleOfJob = (id: string) => ({ table: "invalidation_job", column: "rule", id }) as const;

/**
 * Cancels a campaign's job. Signatures it has marked stay marked until the job is undone.
 * @returns false when it was not running.
 */
export function cancelInvalidation(actor: Actor, slug: string, id: string): Promise<boolean> {
  return turn(actor, { slug, id }, { from: ["running"], to: "cancelled", action: "invalidation.cancel" });
}

/**
 * Has the worker remove all remaining marks of a campaign's job.
 * @returns false when there is nothing to undo.
 */
export function undoInvalidation(actor: Actor, slug: string, id: string): Promise<boolean> {
  const from: JobState[] = ["running", "finished", "cancelled"];
  return turn(actor, { slug, id }, { from, to: "undoing", action: "invalidation.undo" });
}

function turn(
  actor: Actor,
  { slug, id }: { slug: string; id: string },
  { from, to, action }: { from: JobState[]; to: JobState; action: string },
): Promise<boolean> {
  return database().$transaction(async (transaction) => {
    const turned = await transaction.$executeRaw`
      UPDATE invalidation_job SET state = ${to}::invalidation_state,
        finished_at = CASE WHEN ${to} = 'undoing' THEN NULL ELSE now() END, data_key_id = NULL, rule_encrypted = NULL
      WHERE id = ${id}::uuid AND state::text = ANY(${from}::text[])
        AND campaign_id = (SELECT id FROM campaign WHERE slug = ${slug})`;
    if (turned === 0) return false;
    await recordAudit({ actor, action, campaign: slug, subject: id, detail: { job: id } }, transaction);
    return true;
  });
}

/** Returns a campaign's jobs, newest first. */
export async function invalidationJobs(slug: string): Promise<InvalidationJob[]> {
  const jobs = await database().invalidationJob.findMany({
    where: { campaign: { slug } },
    orderBy: { createdAt: "desc" },
    take: JOBS_SHOWN,
  });
  return jobs.map(({ id, state, reason, actorLabel, marked, createdAt, finishedAt, conditions }) => ({
    id,
    state,
    reason,
    actorLabel,
    marked,
    createdAt,
    finishedAt,
    by: conditions,
  }));
}

type DueJob = {
  id: string;
  campaignId: string;
  state: "running" | "undoing";
  reason: string;
  actorLabel: string;
  marked: number;
  createdAt: Date;
  behindSignedAt: Date | null;
  behindId: string | null;
  dataKeyId: string | null;
  rule: Uint8Array | null;
};

/**
 * Processes one batch of the oldest active job. A batch and the job's position are saved in one transaction,
 * so a crash leaves nothing half-done and another worker can continue. Safe to call from several processes at
 * once.
 * @returns whether there was anything to do.
 */
export function advanceInvalidation(): Promise<boolean> {
  return database().$transaction(async (transaction) => {
    const [job] = await transaction.$queryRaw<DueJob[]>`
      SELECT id, campaign_id AS "campaignId", state, reason, actor_label AS "actorLabel", marked, created_at AS "createdAt",
        behind_signed_at AS "behindSignedAt", behind_id AS "behindId", data_key_id AS "dataKeyId", rule_encrypted AS rule
      FROM invalidation_job WHERE state IN ('running', 'undoing') ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED`;
    if (!job) return false;
    await (job.state === "running" ? markBatch(transaction, job) : undoBatch(transaction, job));
    return true;
  });
}

async function markBatch(transaction: Prisma.TransactionClient, job: DueJob): Promise<void> {
  if (!job.rule || !job.dataKeyId) throw new Error("a running job has a rule");
  const rule = readRule(open(job.rule, job.dataKeyId, ruleOfJob(job.id)));
  // Later signatures are excluded, so that the job terminates.
  const left = [
    Prisma.sql`campaign_id = ${job.campaignId}::uuid AND signed_at <= ${job.createdAt}`,
    ...narrowing(rule),
    ...(rule.from ? [Prisma.sql`signed_at >= ${rule.from}`] : []),
    ...(rule.to ? [Prisma.sql`signed_at < ${rule.to}`] : []),
    ...(job.behindSignedAt && job.behindId
      ? [Prisma.sql`(signed_at, id) > (${job.behindSignedAt}, ${job.behindId}::uuid)`]
      : []),
  ];
  const [last] = await transaction.$queryRaw<{ signedAt: Date; id: string }[]>`
    SELECT signed_at AS "signedAt", id FROM signature WHERE ${Prisma.join(left, " AND ")}
    ORDER BY signed_at, id OFFSET ${LOOKED_AT_ONCE - 1} LIMIT 1`;
  const upTo = last ? [Prisma.sql`(signed_at, id) <= (${last.signedAt}, ${last.id}::uuid)`] : [];
  const condition = Prisma.join([...left, ...upTo, ...conditionsOf(rule)], " AND ");
  const meant = needsOpening(rule) ? await openedMatches(transaction, condition, rule) : condition;
  const marked = job.marked + (await mark(transaction, meant, { ...job, jobId: job.id }));
  await transaction.invalidationJob.update({
    where: { id: job.id },
    data: last
      ? { marked, behindSignedAt: last.signedAt, behindId: last.id }
      : { marked, state: "finished", finishedAt: new Date(), dataKeyId: null, ruleEncrypted: null },
  });
  if (!last) await ended(transaction, job, "invalidation.finish", { signatures: marked });
}

/** Narrows a condition to the signatures that match the rule once decrypted. */
async function openedMatches(
  transaction: Prisma.TransactionClient,
  condition: Prisma.Sql,
  rule: SignatureRule,
): Promise<Prisma.Sql> {
  const rows = await transaction.$queryRaw<SealedPerson[]>`
    SELECT id, data_key_id AS "dataKeyId", person_encrypted AS person FROM signature
    WHERE ${condition} AND state <> 'invalid'`;
  const people = await openPeople(rows);
  const ids = rows.flatMap(({ id }, number) => {
    const person = people[number];
    return person && meets(person, rule) ? [id] : [];
  });
  return Prisma.sql`id = ANY(${ids}::uuid[])`;
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
  if (!more) await ended(transaction, job, "invalidation.undone", {});
}

async function ended(
  transaction: Prisma.TransactionClient,
  { id, campaignId }: DueJob,
  action: string,
  detail: Record<string, unknown>,
): Promise<void> {
  const { slug } = await transaction.campaign.findUniqueOrThrow({
    where: { id: campaignId },
    select: { slug: true },
  });
  await recordAudit(
    { actor: null, action, campaign: slug, subject: id, detail: { job: id, ...detail } },
    transaction,
  );
}
