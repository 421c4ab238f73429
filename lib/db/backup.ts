import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { type Client, escapeIdentifier } from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { z } from "zod";
import { beginLongWork, inLongTransaction, type LongWork } from "./connection";

const FORMAT = 1;
/** Written last: a folder without it is not a backup. */
export const MANIFEST = "manifest.json";
/** Backups hold sealed columns, keyed hashes and password hashes, so only the owner may read them. */
const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;
/** Not backed up: the target database's own migrations fill it. */
const MIGRATIONS_TABLE = "_prisma_migrations";
/** Not backed up: salts must be destroyed within two days, and a backup would keep them. */
const SALTS_TABLE = "network_salt";
/** Not backed up: daily counters, whose keys mean nothing without that day's salt. */
const ALLOWANCES_TABLE = "mail_allowance";

const STOP_MAIL = `INSERT INTO mail_pause (id, stopped_since, stopped_by) VALUES (1, now(), 'restore')
  ON CONFLICT (id) DO UPDATE SET stopped_since = EXCLUDED.stopped_since, stopped_by = EXCLUDED.stopped_by`;

const READING: LongWork = { name: "backup", begin: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" };

const manifestSchema = z.object({
  format: z.literal(FORMAT),
  takenAt: z.string(),
  migrations: z.array(z.string()),
  tables: z.array(
    z.object({
      name: z.string(),
      columns: z.array(z.string()),
      rows: z.number(),
      sha256: z.string(),
    }),
  ),
  sequences: z.array(z.object({ name: z.string(), next: z.string() })),
});
/** Describes a backup's contents. Written last: a folder without it is not a backup. */
export type Manifest = z.infer<typeof manifestSchema>;

/** The result of a restore. Nothing has changed unless it is `restored`. */
export type Restoring =
  | { kind: "restored"; rows: number }
  | { kind: "not-empty"; table: string }
  | { kind: "other-migrations"; missing: string[]; surplus: string[] }
  | { kind: "damaged"; file: string };

/**
 * Writes every table except migrations, salts and mail
 * counters to a new folder, one compressed COPY per table.
 * All tables come from one snapshot (REPEATABLE READ); readers and signers are not blocked. Personal data
 * stays sealed and cannot be read without DATA_KEYS.
 * @throws when the folder already exists or the database is
 *   unreachable; a folder that this call created is removed.
 */
export async function backUp(connectionString: string, folder: string): Promise<Manifest> {
  await mkdir(path.dirname(folder), { recursive: true });
  // Fails if the folder exists, so an older backup is never overwritten.
  await mkdir(folder, { mode: PRIVATE_FOLDER });
  try {
    const manifest = await inLongTransaction(connectionString, READING, async (client) => {
      const tables: Manifest["tables"] = [];
      for (const { name, columns } of await tablesOf(client)) {
        const hash = createHash("sha256");
        const list = columns.map(escapeIdentifier).join(", ");
        const copying = copyTo(`COPY public.${escapeIdentifier(name)} (${list}) TO STDOUT`);
        await pipeline(
          client.query(copying),
          hashing(hash),
          createGzip(),
          createWriteStream(path.join(folder, fileOf(name)), { mode: PRIVATE_FILE }),
        );
        tables.push({ name, columns, rows: copying.rowCount ?? 0, sha256: hash.digest("hex") });
      }
      const taken = await client.query<{ now: Date }>("SELECT now()");
      return {
        format: FORMAT,
        takenAt: taken.rows[0]?.now.toISOString() ?? "",
        migrations: await migrationsOf(client),
        tables,
        sequences: await sequencesOf(client),
      } satisfies Manifest;
    });
    await writeFile(path.join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, {
      mode: PRIVATE_FILE,
    });
    return manifest;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Restores a backup in one transaction, into a database with the same migrations and no signatures.
 * Replaces the rows that migrations and the seed wrote. Leaves mail stopped: the original site may already
 * have sent the queued mail, and a restore drill must mail nobody.
 * @throws when the folder is not a backup or the database is unreachable; the database is then unchanged.
 */
export async function restore(connectionString: string, folder: string): Promise<Restoring> {
  const manifest = manifestSchema.parse(JSON.parse(await readFile(path.join(folder, MANIFEST), "utf8")));
  const client = await beginLongWork(connectionString, { name: "restore" });
  try {
    const present = await migrationsOf(client);
    const missing = manifest.migrations.filter((name) => !present.includes(name));
    const surplus = present.filter((name) => !manifest.migrations.includes(name));
    if (missing.length + surplus.length > 0) return { kind: "other-migrations", missing, surplus };

    const names = (await tablesOf(client)).map(({ name }) => name);
    const all = names.map((name) => `public.${escapeIdentifier(name)}`).join(", ");
    await client.query(`LOCK TABLE ${all} IN ACCESS EXCLUSIVE MODE`);
    for (const name of TABLES_OF_PEOPLE) {
      const byPeople = name === "audit_entry" ? "WHERE actor_kind <> 'system'" : "";
      const found = await client.query(`SELECT FROM public.${escapeIdentifier(name)} ${byPeople} LIMIT 1`);
      if (found.rowCount !== 0) return { kind: "not-empty", table: name };
    }

    // Triggers would count rows that the backup has already
    // counted, and foreign keys would require the tables in order.
    for (const name of names)
      await client.query(`ALTER TABLE public.${escapeIdentifier(name)} DISABLE TRIGGER USER`);
    const keys = await foreignKeysOf(client);
    for (const { table, name } of keys) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
    await client.query(`TRUNCATE ${all}`);

    let rows = 0;
    for (const table of manifest.tables) {
      const hash = createHash("sha256");
      const list = table.columns.map(escapeIdentifier).join(", ");
      const copying = copyFrom(`COPY public.${escapeIdentifier(table.name)} (${list}) FROM STDIN`);
      const intact = await pipeline(
        createReadStream(path.join(folder, fileOf(table.name))),
        createGunzip(),
        hashing(hash),
        client.query(copying),
      ).then(
        () => hash.digest("hex") === table.sha256 && copying.rowCount === table.rows,
        () => false,
      );
      if (!intact) return { kind: "damaged", file: fileOf(table.name) };
      rows += table.rows;
    }

    for (const { table, name, definition } of keys)
      await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`);
    for (const name of names)
      await client.query(`ALTER TABLE public.${escapeIdentifier(name)} ENABLE TRIGGER USER`);
    for (const { name, next } of manifest.sequences)
      await client.query("SELECT setval($1::regclass, $2::bigint, false)", [escapeIdentifier(name), next]);
    await client.query(STOP_MAIL);
    await client.query("COMMIT");
    return { kind: "restored", rows };
  } finally {
    // Closing the connection rolls back anything uncommitted.
    await client.end();
  }
}

/**
 * Tables that must be empty before a restore, because their rows are real data.
 * Audit entries of people must never be lost; the system's own tell what the seed wrote.
 */
const TABLES_OF_PEOPLE = ["signature", "mail", "suppression", "admin_account", "audit_entry"];

function fileOf(table: string): string {
  return `${table}.copy.gz`;
}

function hashing(hash: ReturnType<typeof createHash>): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
}

async function tablesOf(client: Client): Promise<{ name: string; columns: string[] }[]> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `SELECT relname::text AS name, array_agg(attname::text ORDER BY attnum) AS columns
     FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> ALL ($1)
       AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
     GROUP BY relname ORDER BY relname`,
    [[MIGRATIONS_TABLE, SALTS_TABLE, ALLOWANCES_TABLE]],
  );
  return rows;
}

async function migrationsOf(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT migration_name AS name FROM ${MIGRATIONS_TABLE}
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
  );
  return rows.map(({ name }) => name);
}

async function sequencesOf(client: Client): Promise<Manifest["sequences"]> {
  const { rows } = await client.query<{ name: string; next: string }>(
    `SELECT sequencename::text AS name, coalesce(last_value + increment_by, start_value)::text AS next
     FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename`,
  );
  return rows;
}

async function foreignKeysOf(client: Client): Promise<{ table: string; name: string; definition: string }[]> {
  const { rows } = await client.query<{ table: string; name: string; definition: string }>(
    `SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
     FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace`,
  );
  return rows;
}
