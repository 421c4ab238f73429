import { setTimeout as sleep } from "node:timers/promises";
import { longTransaction, type Transaction } from "@/lib/db/client";
import { currentDataKeyId, open, SEALED_COLUMNS, type SealedColumn, seal } from "@/lib/db/encryption";
import { Prisma } from "@/lib/db/generated/client";

/** Rows re-sealed per transaction: few, so that no signer has to wait for them. */
const ROTATION_BATCH_ROWS = 500;
/** How long to wait before retrying rows that others had locked, in milliseconds. */
const ROTATION_RETRY_MILLISECONDS = 200;
/** Most passes over the tables, including those that retry locked rows. */
const ROTATION_PASSES_MAXIMUM = 50;
const BEFORE_ALL_IDS = "00000000-0000-0000-0000-000000000000";

/** Values re-sealed, and values still sealed with older keys: at 0, those keys can be removed. */
export type Rotation = { resealed: number; remaining: number };

/**
 * Re-seals every value sealed with an older data key with the newest one, in all tables. Safe during signing
 * and sending. Can be stopped and restarted at any time: each batch is one transaction.
 * @param report called after every batch with the number of values re-sealed so far.
 */
export async function rotateDataKeys(report: (resealed: number) => void = () => {}): Promise<Rotation> {
  let resealed = 0;
  let remaining = await sealedByOlderKeys();
  for (let pass = 0; remaining > 0 && pass < ROTATION_PASSES_MAXIMUM; pass++) {
    if (pass > 0) await sleep(ROTATION_RETRY_MILLISECONDS);
    for (const column of SEALED_COLUMNS) {
      let after: string | null = BEFORE_ALL_IDS;
      while (after !== null) {
        const from: string = after;
        const done = await longTransaction((transaction) => resealBehind(from, column, transaction));
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
  const counts = SEALED_COLUMNS.map((column) => {
    const { table, value } = namesOf(column);
    return Prisma.sql`(SELECT count(*) FROM ${table} WHERE data_key_id <> ${currentDataKeyId()} AND ${value} IS NOT NULL)`;
  });
  const [row] = await longTransaction(
    (transaction) =>
      transaction.$queryRaw<
        { remaining: number }[]
      >`SELECT (${Prisma.join(counts, " + ")})::float8 AS remaining`,
  );
  return row?.remaining ?? 0;
}

/**
 * Re-seals one batch of a column's values, starting after an id.
 * @returns the last id processed; null at the end.
 */
async function resealBehind(
  after: string,
  column: SealedColumn,
  transaction: Transaction,
): Promise<{ resealed: number; last: string | null }> {
  const { table, value } = namesOf(column);
  const rows = await transaction.$queryRaw<{ id: string; dataKeyId: string; sealed: Uint8Array }[]>`
    SELECT id, data_key_id AS "dataKeyId", ${value} AS sealed FROM ${table}
    WHERE id > ${after}::uuid AND data_key_id <> ${currentDataKeyId()} AND ${value} IS NOT NULL
    ORDER BY id LIMIT ${ROTATION_BATCH_ROWS} FOR NO KEY UPDATE SKIP LOCKED`;
  const resealed = rows.map(({ id, dataKeyId, sealed }) => {
    const place = { ...column, id };
    return Prisma.sql`(${id}::uuid, ${seal(open(sealed, dataKeyId, place), place)}::bytea)`;
  });
  if (resealed.length > 0)
    await transaction.$executeRaw`
      UPDATE ${table} AS kept SET data_key_id = ${currentDataKeyId()}, ${value} = resealed.sealed
      FROM (VALUES ${Prisma.join(resealed)}) AS resealed (id, sealed) WHERE kept.id = resealed.id`;
  return { resealed: rows.length, last: rows.at(-1)?.id ?? null };
}

function namesOf({ table, column }: SealedColumn) {
  return { table: Prisma.raw(table), value: Prisma.raw(`${column}_encrypted`) };
}
