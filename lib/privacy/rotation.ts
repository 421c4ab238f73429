import { setTimeout as sleep } from "node:timers/promises";
import { longTransaction, type Transaction } from "@/lib/db/client";
import { currentDataKeyId, open, seal } from "@/lib/db/encryption";
import { Prisma } from "@/lib/db/generated/client";
import { openPerson, type SealedPerson, sealPerson } from "@/lib/people/person";
import { openSubmission, sealSubmission } from "@/lib/signing";

/** Rows re-sealed in one transaction: few, so that nobody who signs waits for them. */
const ROTATION_BATCH_ROWS = 500;
/** How long to wait for rows that others held, in milliseconds, before looking for them again. */
const ROTATION_RETRY_MILLISECONDS = 200;
/** How often rows that others hold are looked for again. */
const ROTATION_PASSES_MAXIMUM = 50;
const BEFORE_ALL_IDS = "00000000-0000-0000-0000-000000000000";

/** What was sealed anew, and how many values older keys still seal: 0 means that those keys may go. */
export type Rotation = { resealed: number; remaining: number };

/** Re-seals the rows behind an id, at most one batch. @returns the last id it looked at; null at the end. */
type Step = (transaction: Transaction, after: string) => Promise<{ resealed: number; last: string | null }>;

/**
 * Seals with the newest data key whatever older keys seal: signatures, mail under way, administrators'
 * authenticators, review groups and rules under way.
 * Safe beside signing and sending, and to be stopped and started again at any time: each batch is a transaction.
 * @param report told after every batch how many values were sealed anew.
 */
export async function rotateDataKeys(report: (resealed: number) => void = () => {}): Promise<Rotation> {
  let resealed = 0;
  let remaining = await sealedByOlderKeys();
  for (let pass = 0; remaining > 0 && pass < ROTATION_PASSES_MAXIMUM; pass++) {
    if (pass > 0) await sleep(ROTATION_RETRY_MILLISECONDS);
    for (const step of STEPS) {
      let after: string | null = BEFORE_ALL_IDS;
      while (after !== null) {
        const from: string = after;
        const done = await longTransaction((transaction) => step(transaction, from));
        resealed += done.resealed;
        report(resealed);
        after = done.last;
      }
    }
    remaining = await sealedByOlderKeys();
  }
  return { resealed, remaining };
}

async function sealedByOlderKeys(): Promise<number> {
  const newest = currentDataKeyId();
  const [row] = await longTransaction(
    (transaction) => transaction.$queryRaw<{ remaining: number }[]>`
    SELECT ((SELECT count(*) FROM signature WHERE data_key_id <> ${newest})
      + (SELECT count(*) FROM mail WHERE data_key_id <> ${newest} AND submission_encrypted IS NOT NULL)
      + (SELECT count(*) FROM mail_batch WHERE data_key_id <> ${newest} AND payload_encrypted IS NOT NULL)
      + (SELECT count(*) FROM admin_account WHERE data_key_id <> ${newest} AND totp_encrypted IS NOT NULL)
      + (SELECT count(*) FROM review_group WHERE data_key_id <> ${newest})
      + (SELECT count(*) FROM invalidation_job WHERE data_key_id <> ${newest})
    )::float8 AS remaining`,
  );
  return row?.remaining ?? 0;
}

async function signatures(transaction: Transaction, after: string): ReturnType<Step> {
  const rows = await transaction.$queryRaw<SealedPerson[]>`
    SELECT id, data_key_id AS "dataKeyId", person_encrypted AS person FROM signature
    WHERE id > ${after}::uuid AND data_key_id <> ${currentDataKeyId()}
    ORDER BY id LIMIT ${ROTATION_BATCH_ROWS} FOR NO KEY UPDATE SKIP LOCKED`;
  const anew = rows.map(
    (row) => Prisma.sql`(${row.id}::uuid, ${sealPerson(openPerson(row), row.id)}::bytea)`,
  );
  if (anew.length > 0)
    await transaction.$executeRaw`
      UPDATE signature SET data_key_id = ${currentDataKeyId()}, person_encrypted = anew.person
      FROM (VALUES ${Prisma.join(anew)}) AS anew (id, person) WHERE signature.id = anew.id`;
  return { resealed: rows.length, last: rows.at(-1)?.id ?? null };
}

async function submissions(transaction: Transaction, after: string): ReturnType<Step> {
  const rows = await transaction.$queryRaw<{ id: string; dataKeyId: string; submission: Uint8Array }[]>`
    SELECT id, data_key_id AS "dataKeyId", submission_encrypted AS submission FROM mail
    WHERE id > ${after}::uuid AND data_key_id <> ${currentDataKeyId()} AND submission_encrypted IS NOT NULL
    ORDER BY id LIMIT ${ROTATION_BATCH_ROWS} FOR NO KEY UPDATE SKIP LOCKED`;
  for (const { id, dataKeyId, submission } of rows)
    await transaction.mail.update({
      where: { id },
      data: {
        dataKeyId: currentDataKeyId(),
        submissionEncrypted: sealSubmission(openSubmission(submission, dataKeyId, id), id),
      },
    });
  return { resealed: rows.length, last: rows.at(-1)?.id ?? null };
}

async function mailBatches(transaction: Transaction, after: string): ReturnType<Step> {
  const rows = await transaction.$queryRaw<{ id: string; dataKeyId: string; payload: Uint8Array }[]>`
    SELECT id, data_key_id AS "dataKeyId", payload_encrypted AS payload FROM mail_batch
    WHERE id > ${after}::uuid AND data_key_id <> ${currentDataKeyId()} AND payload_encrypted IS NOT NULL
    ORDER BY id LIMIT ${ROTATION_BATCH_ROWS} FOR NO KEY UPDATE SKIP LOCKED`;
  for (const { id, dataKeyId, payload } of rows) {
    const place = { table: "mail_batch", column: "payload", id } as const;
    await transaction.mailBatch.update({
      where: { id },
      data: { dataKeyId: currentDataKeyId(), payloadEncrypted: seal(open(payload, dataKeyId, place), place) },
    });
  }
  return { resealed: rows.length, last: rows.at(-1)?.id ?? null };
}

async function administrators(transaction: Transaction, after: string): ReturnType<Step> {
  const rows = await transaction.$queryRaw<{ id: string; dataKeyId: string; totp: Uint8Array }[]>`
    SELECT id, data_key_id AS "dataKeyId", totp_encrypted AS totp FROM admin_account
    WHERE id > ${after}::uuid AND data_key_id <> ${currentDataKeyId()} AND totp_encrypted IS NOT NULL
    ORDER BY id LIMIT ${ROTATION_BATCH_ROWS} FOR NO KEY UPDATE SKIP LOCKED`;
  for (const { id, dataKeyId, totp } of rows) {
    const place = { table: "admin_account", column: "totp", id } as const;
    await transaction.adminAccount.update({
      where: { id },
      data: { dataKeyId: currentDataKeyId(), totpEncrypted: seal(open(totp, dataKeyId, place), place) },
    });
  }
  return { resealed: rows.length, last: rows.at(-1)?.id ?? null };
}

async function reviewGroups(transaction: Transaction, after: string): ReturnType<Step> {
  const rows = await transaction.$queryRaw<{ id: string; dataKeyId: string; content: Uint8Array }[]>`
    SELECT id, data_key_id AS "dataKeyId", content_encrypted AS content FROM review_group
    WHERE id > ${after}::uuid AND data_key_id <> ${currentDataKeyId()}
    ORDER BY id LIMIT ${ROTATION_BATCH_ROWS} FOR NO KEY UPDATE SKIP LOCKED`;
  for (const { id, dataKeyId, content } of rows) {
    const place = { table: "review_group", column: "content", id } as const;
    await transaction.reviewGroup.update({
      where: { id },
      data: { dataKeyId: currentDataKeyId(), contentEncrypted: seal(open(content, dataKeyId, place), place) },
    });
  }
  return { resealed: rows.length, last: rows.at(-1)?.id ?? null };
}

async function invalidationJobs(transaction: Transaction, after: string): ReturnType<Step> {
  const rows = await transaction.$queryRaw<{ id: string; dataKeyId: string; rule: Uint8Array }[]>`
    SELECT id, data_key_id AS "dataKeyId", rule_encrypted AS rule FROM invalidation_job
    WHERE id > ${after}::uuid AND data_key_id <> ${currentDataKeyId()}
    ORDER BY id LIMIT ${ROTATION_BATCH_ROWS} FOR NO KEY UPDATE SKIP LOCKED`;
  for (const { id, dataKeyId, rule } of rows) {
    const place = { table: "invalidation_job", column: "rule", id } as const;
    await transaction.invalidationJob.update({
      where: { id },
      data: { dataKeyId: currentDataKeyId(), ruleEncrypted: seal(open(rule, dataKeyId, place), place) },
    });
  }
  return { resealed: rows.length, last: rows.at(-1)?.id ?? null };
}

const STEPS: readonly Step[] = [
  signatures,
  submissions,
  mailBatches,
  administrators,
  reviewGroups,
  invalidationJobs,
];
