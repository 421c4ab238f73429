import type { Client } from "pg";
import { to as copyTo } from "pg-copy-streams";
import { connect, longWorkLimits } from "@/lib/db/connection";
import { beginOpening, type Opening, type Sealed } from "@/lib/db/opening";
import { settings } from "@/lib/settings";
import type { Cell, ExportColumn, Row } from "./columns";
import { copiedRows, type Field, isoTime } from "./copy";
import type { ExportFilter } from "./parameters";

/** What the database knows an export's connection by. */
export const EXPORT_APPLICATION_NAME = "export";
/** How long a connection may take to be made, in milliseconds. */
const CONNECTION_TIMEOUT_MILLISECONDS = 2_000;
/** How long the first byte may wait for the number of rows, in milliseconds; then it goes without. */
const COUNT_LIMIT_MILLISECONDS = 250;
const STATEMENT_TIMED_OUT = "57014";

/** How one column is read: what is asked of the database, and what makes a cell of it. */
type Reading =
  | { sql: readonly string[]; cell: (fields: readonly Field[], at: number) => Cell }
  | { sql: readonly string[]; sealed: "name" | "email" };

const text = (field: Field | undefined): string => field?.toString("utf8") ?? "";
const optional = (field: Field | undefined): string | null => field?.toString("utf8") ?? null;

function plain(sql: string): Reading {
  return { sql: [sql], cell: (fields, at) => optional(fields[at]) };
}

function flag(sql: string): Reading {
  return { sql: [sql], cell: (fields, at) => fields[at]?.[0] === 1 };
}

function time(sql: string): Reading {
  return {
    sql: [sql],
    cell(fields, at) {
      const field = fields[at];
      return field ? isoTime(field) : null;
    },
  };
}

function sealed(column: "name" | "email"): Reading {
  return { sql: [`${column}_encrypted`, "data_key_id"], sealed: column };
}

const READINGS: Record<ExportColumn, Reading> = {
  id: { sql: [], cell: (fields) => text(fields[0]) },
  name: sealed("name"),
  email: sealed("email"),
  country: plain("country"),
  locale: plain("locale"),
  status: plain("state"),
  updates: flag("wants_updates"),
  publicName: flag("public_name"),
  consentVersion: plain("(SELECT version FROM consent_text WHERE consent_text.id = consent_text_id)"),
  signedAt: time("signed_at"),
  confirmedAt: time("confirmed_at"),
  ref: plain("ref"),
};

/** The signatures of one campaign as they stood at one moment, read over a connection of their own. */
export type Snapshot = {
  /** How many rows there are, or null when counting takes longer than the first byte may wait. */
  count(): Promise<number | null>;
  /** The rows in the order of signing, as many at a time as arrive together. A slow reader slows the database down. */
  rows(columns: readonly ExportColumn[]): AsyncIterable<readonly Row[]>;
  /** Gives the connection back, also from the middle of the rows. Safe to call twice. */
  close(): Promise<void>;
};

/** Opens one read-only snapshot of a campaign's signatures. Throws when the database is out of reach. */
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
    // Every order asked for is an index's: sorting ten million rows instead would hold back the first of them for long.
    await client.query("SET LOCAL enable_sort = off");
  } catch (error) {
    await client.end();
    throw error;
  }
  const where = conditions(client, campaignId, filter);
  let closed = false;
  let copying = false;
  let opening: Opening | undefined;

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
      const selected = ["id::text", ...readings.flatMap(({ sql }) => sql)];
      const query = `SELECT ${selected.join(", ")} FROM signature WHERE ${where} ORDER BY signed_at, id`;
      copying = true;
      opening = beginOpening();
      const output = client.query(copyTo(`COPY (${query}) TO STDOUT (FORMAT binary)`));
      const underWay: Promise<Row[]>[] = [];
      for await (const batch of copiedRows(output)) {
        const made = rowsOf(batch, readings, opening);
        // Told to whoever waits for these rows; nobody does when an earlier batch has failed.
        made.catch(() => {});
        underWay.push(made);
        const first = underWay.length > opening.atOnce ? underWay.shift() : undefined;
        if (first) yield await first;
      }
      copying = false;
      for (const made of underWay) yield await made;
    },
    async close() {
      if (closed) return;
      closed = true;
      opening?.close();
      // In the middle of COPY the server listens to nothing but the end of the connection.
      if (copying) client.connection.stream.destroy();
      else await client.end();
    },
  };
}

/** A reading, and where its fields begin among those of a row: the first is the id. */
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
  batch: readonly Field[][],
  readings: readonly Placed[],
  opening: Opening,
): Promise<Row[]> {
  const opened = await opening.openAll(batch.flatMap((fields) => sealedValues(fields, readings)));
  let next = 0;
  return batch.map((fields) =>
    readings.map((reading) =>
      "sealed" in reading ? (opened[next++] ?? null) : reading.cell(fields, reading.at),
    ),
  );
}

function sealedValues(fields: readonly Field[], readings: readonly Placed[]): Sealed[] {
  const id = text(fields[0]);
  return readings.flatMap((reading) => {
    if (!("sealed" in reading)) return [];
    const { sealed: column, at } = reading;
    const value = fields[at];
    if (!value) throw new Error(`a signature without a sealed ${column}`);
    return [{ value, dataKeyId: text(fields[at + 1]), place: { table: "signature", column, id } }];
  });
}

/** COPY takes no parameters: every value is checked beforehand and quoted here. */
function conditions(client: Client, campaignId: string, filter: ExportFilter): string {
  const quoted = (value: string) => client.escapeLiteral(value);
  const parts = [`campaign_id = ${quoted(campaignId)}::uuid`];
  // What was marked invalid is in no file.
  if (filter.status === "all") parts.push("state <> 'invalid'");
  else parts.push(`state = ${quoted(filter.status)}::signature_state`);
  if (filter.from) parts.push(`signed_at >= ${quoted(filter.from.toISOString())}::timestamptz`);
  if (filter.to) parts.push(`signed_at < ${quoted(filter.to.toISOString())}::timestamptz`);
  if (filter.country) parts.push(`country = ${quoted(filter.country)}`);
  if (filter.wantsUpdates) parts.push("wants_updates");
  return parts.join(" AND ");
}
