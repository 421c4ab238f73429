import type { Client } from "pg";
import { to as copyTo } from "pg-copy-streams";
import { connect, longWorkLimits } from "@/lib/db/connection";
import { COLUMNS, type FieldName, type FieldsWith, fieldsWith } from "@/lib/fields";
import { beginDecrypting, type DecryptionPool, PARTS_OF_PERSON, type SealedRow } from "@/lib/people";
import { settings } from "@/lib/settings";
import type { Cell, ExportColumn, Row } from "./columns";
import { type CopiedRows, copiedRows, isoTime } from "./copy";
import type { ExportFilter } from "./parameters";

/** Name of an export's connection in the database. */
export const EXPORT_APPLICATION_NAME = "export";
/** Time limit for connecting, in milliseconds. */
const CONNECTION_TIMEOUT_MILLISECONDS = 2_000;
/**
 * How long counting may delay the first byte, in milliseconds. After that the export starts without a count.
 */
const COUNT_LIMIT_MILLISECONDS = 250;
const STATEMENT_TIMED_OUT = "57014";

/** How one column is read: its SQL, and how a cell is made from the field. */
type Reading =
  | {
      sql: readonly string[];
      cell: (rows: CopiedRows, row: number, field: number, consents: Consents) => Cell;
    }
  | { sql: readonly string[]; part: number };

/** Versions of the consent texts, by the 16 bytes of their id as Latin-1. */
type Consents = ReadonlyMap<string | null, string>;

/** Reads one of our own codes, which are ASCII. */
function code(sql: string): Reading {
  return { sql: [sql], cell: (rows, row, field) => rows.ascii(row, field) };
}

function flag(sql: string): Reading {
  return { sql: [sql], cell: (rows, row, field) => rows.bytes(row, field)?.[0] === 1 };
}

function time(sql: string): Reading {
  return {
    sql: [sql],
    cell(rows, row, field) {
      const bytes = rows.bytes(row, field);
      return bytes ? isoTime(bytes) : null;
    },
  };
}

function number(sql: string): Reading {
  return { sql: [sql], cell: (rows, row, field) => rows.bytes(row, field)?.readInt32BE() ?? null };
}

/** Reads part of a person, by its position: a row is decrypted once for all parts. */
function opened(part: number): Reading {
  return { sql: [], part };
}

const SEALED_PARTS: readonly FieldName[] = fieldsWith("sealed");

/** The sealed fields, which come after all others. */
const SEALED_FIELDS = ["data_key_id", "person_encrypted"];

/** How each field of the form is read. Columns hold our own codes; what people write is sealed. */
const FIELD_READINGS = Object.fromEntries(
  fieldsWith("exported").map((name) => {
    const column = COLUMNS.find(({ field }) => field === name);
    if (!column) return [name, opened(SEALED_PARTS.indexOf(name))];
    return [name, column.type === "boolean" ? flag(column.column) : code(column.column)];
  }),
) as Record<FieldsWith<"exported">, Reading>;

const READINGS: Record<ExportColumn, Reading> = {
  ...FIELD_READINGS,
  id: { sql: [], cell: (rows, row) => rows.ascii(row, 0) },
  status: code("state"),
  // Few texts, many rows: looked up here, since a subquery would cost more than the rest of the row.
  consentVersion: {
    sql: ["consent_text_id"],
    cell: (rows, row, field, consents) => consents.get(rows.ascii(row, field)) ?? null,
  },
  signedAt: time("signed_at"),
  confirmedAt: time("confirmed_at"),
  ref: code("ref"),
  textVersion: number("text_version"),
};

/** The signatures of one campaign at one moment, read over their own connection. */
export type Snapshot = {
  /** Returns the number of rows, or null if counting takes longer than the first byte may wait. */
  count(): Promise<number | null>;
  /**
   * Yields the rows in the order of signing, as many at a time as arrive together. A slow reader
   * slows the database down.
   */
  rows(columns: readonly ExportColumn[]): AsyncIterable<readonly Row[]>;
  /** Closes the connection, even in the middle of the rows. Safe to call twice. */
  close(): Promise<void>;
};

/** Opens one read-only snapshot of a campaign's signatures. Throws if the database is unavailable. */
export async function openSnapshot(campaignId: string, filter: ExportFilter): Promise<Snapshot> {
  const { databaseUrl } = settings();
  if (databaseUrl === null) throw new Error("an export needs a database");
  const client = await connect({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MILLISECONDS,
    application_name: EXPORT_APPLICATION_NAME,
  });
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await client.query(longWorkLimits());
    // An index provides every order we ask for. Sorting ten million rows would delay the first for long.
    await client.query("SET LOCAL enable_sort = off");
  } catch (error) {
    await client.end();
    throw error;
  }
  const where = conditions(client, campaignId, filter);
  let closed = false;
  let copying = false;
  let pool: DecryptionPool | undefined;

  return {
    async count() {
      await client.query(`SAVEPOINT counting; SET LOCAL statement_timeout = ${COUNT_LIMIT_MILLISECONDS}`);
      try {
        const { rows } = await client.query<{ rows: number }>(
          `SELECT count(*)::float8 AS rows FROM signature WHERE ${where}`,
        );
        return rows[0]?.rows ?? 0;
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === STATEMENT_TIMED_OUT) return null;
        throw error;
      } finally {
        await client.query("ROLLBACK TO SAVEPOINT counting");
      }
    },
    async *rows(columns) {
      const readings = placed(columns);
      const isOpened = readings.some((reading) => "part" in reading);
      const selected = [
        "id::text",
        ...readings.flatMap(({ sql }) => sql),
        ...(isOpened ? SEALED_FIELDS : []),
      ];
      const sealedAt = selected.length - SEALED_FIELDS.length;
      const query = `SELECT ${selected.join(", ")} FROM signature WHERE ${where} ORDER BY signed_at, id`;
      const consents = await consentVersions(client);
      copying = true;
      pool = beginDecrypting();
      const output = client.query(copyTo(`COPY (${query}) TO STDOUT (FORMAT binary)`));
      const underWay: Promise<Row[]>[] = [];
      for await (const batch of copiedRows(output)) {
        const made = rowsOf(batch, readings, consents, isOpened ? pool : null, sealedAt);
        // The error reaches whoever awaits these rows. Nobody does if an earlier batch has failed.
        made.catch(() => {});
        underWay.push(made);
        const first = underWay.length > pool.atOnce ? underWay.shift() : undefined;
        if (first) yield await first;
      }
      copying = false;
      for (const made of underWay) yield await made;
    },
    async close() {
      if (closed) return;
      closed = true;
      pool?.close();
      // During COPY the server reacts to nothing but the end of the connection.
      if (copying) client.connection.stream.destroy();
      else await client.end();
    },
  };
}

async function consentVersions(client: Client): Promise<Consents> {
  const { rows } = await client.query<{ id: string; version: string }>(
    "SELECT id::text, version FROM consent_text",
  );
  return new Map(
    rows.map(({ id, version }) => [Buffer.from(id.replaceAll("-", ""), "hex").toString("latin1"), version]),
  );
}

/** A reading, with the index of its first field in a row. Field 0 is the id. */
type Placed = Reading & { at: number };

function placed(columns: readonly ExportColumn[]): Placed[] {
  let next = 1;
  return columns.map((column) => {
    const at = next;
    next += READINGS[column].sql.length;
    return { ...READINGS[column], at };
  });
}

async function rowsOf(
  batch: CopiedRows,
  readings: readonly Placed[],
  consents: Consents,
  pool: DecryptionPool | null,
  sealedAt: number,
): Promise<Row[]> {
  const parts = pool === null ? [] : await pool.openParts(sealedRows(batch, sealedAt));
  return Array.from({ length: batch.length }, (_, row) =>
    readings.map((reading) =>
      "part" in reading
        ? (parts[row * PARTS_OF_PERSON + reading.part] ?? null)
        : reading.cell(batch, row, reading.at, consents),
    ),
  );
}

function sealedRows(batch: CopiedRows, at: number): SealedRow[] {
  return Array.from({ length: batch.length }, (_, row) => sealedRow(batch, row, 0, at));
}

/**
 * Returns the sealed person of a row. Takes the field of the id as text, and the first of `SEALED_FIELDS`.
 */
export function sealedRow(
  batch: CopiedRows,
  row: number,
  idAt: number,
  sealedAt: number,
): SealedRow & { id: Buffer } {
  const id = batch.bytes(row, idAt);
  const dataKeyId = batch.text(row, sealedAt);
  const person = batch.bytes(row, sealedAt + 1);
  if (!id || dataKeyId === null || !person) throw new Error("a signature without a sealed person");
  return { id, dataKeyId, person };
}

/**
 * Returns the WHERE conditions. COPY takes no parameters: every value is checked beforehand and quoted here.
 */
function conditions(client: Client, campaignId: string, filter: ExportFilter): string {
  const quoted = (value: string) => client.escapeLiteral(value);
  const parts = [`campaign_id = ${quoted(campaignId)}::uuid`];
  // Signatures marked invalid are in no file.
  if (filter.status === "all") parts.push("state <> 'invalid'");
  else parts.push(`state = ${quoted(filter.status)}::signature_state`);
  if (filter.from) parts.push(`signed_at >= ${quoted(filter.from.toISOString())}::timestamptz`);
  if (filter.to) parts.push(`signed_at < ${quoted(filter.to.toISOString())}::timestamptz`);
  if (filter.country) parts.push(`country = ${quoted(filter.country)}`);
  if (filter.wantsUpdates) parts.push("wants_updates");
  return parts.join(" AND ");
}
