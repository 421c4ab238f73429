import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyMigrations, pendingMigrations } from "@/lib/db/migrations";
import { freePort, startEmbeddedDatabase } from "@/lib/embedded-postgres";
import { runCommand } from "../support/command";
import { onServer, startTestDatabase, type TestDatabase } from "../support/postgres";

/** As a version of before had them: two migrations, none of which is ours. */
const OTHERS = {
  "20261124000000_init": "CREATE TABLE signature (id integer); INSERT INTO signature VALUES (7)",
  "20261124100000_administrators": "CREATE TABLE admin_account (id integer)",
};
const TO_BEGIN_ANEW =
  "The database has had other migrations than ours (other-history): nothing was changed. To start afresh, move the folder .data away, or let DATABASE_URL name an empty database\n";

let folder = "";
let others: { folder: string };
/** The state of the embedded default, as such a version left it. */
let dataFolder = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petition-history-"));
  await chmod(folder, 0o755);
  others = { folder: path.join(folder, "prisma") };
  for (const [name, sql] of Object.entries(OTHERS)) {
    await mkdir(path.join(others.folder, "migrations", name), { recursive: true });
    await writeFile(path.join(others.folder, "migrations", name, "migration.sql"), sql);
  }
  await writeFile(
    path.join(others.folder, "schema.prisma"),
    'datasource db {\n  provider = "postgresql"\n}\n',
  );
  dataFolder = path.join(folder, "data");
  await mkdir(dataFolder, { mode: 0o755 });
  const before = await startEmbeddedDatabase(dataFolder);
  await applyMigrations(before.url, others);
  await before.stop();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Every table with its rows, and what is on record of migrations. */
async function contents(url: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      `SELECT relname::text AS name, query_to_xml(format('SELECT * FROM public.%I', relname), true, true, '')::text AS rows
       FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S') ORDER BY 1`,
    );
    return rows;
  } finally {
    await client.end();
  }
}

async function contentsOfDataFolder(): Promise<unknown[]> {
  const database = await startEmbeddedDatabase(dataFolder);
  try {
    return await contents(database.url);
  } finally {
    await database.stop();
  }
}

async function inOtherDatabase(work: (database: TestDatabase) => Promise<void>): Promise<void> {
  const database = await startTestDatabase();
  const name = new URL(database.url).pathname.slice(1);
  try {
    await onServer(database.url, async (client) => {
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await client.query(`CREATE DATABASE ${name} TEMPLATE template0`);
    });
    await applyMigrations(database.url, others);
    await work(database);
  } finally {
    await database.stop();
  }
}

test.each(["start", "migrate"])(
  "has npm run %s explain how to start afresh on another version's data folder, which it leaves unchanged",
  async (script) => {
    const before = await contentsOfDataFolder();
    const { ended, said } = runCommand(script, { DATA_FOLDER: dataFolder, PORT: String(await freePort()) });
    expect([await ended, said()]).toEqual([1, TO_BEGIN_ANEW]);
    expect(await contentsOfDataFolder()).toEqual(before);
  },
);

test.each([
  ["start", []],
  ["migrate", []],
  ["seed", []],
  ["admin", ["list"]],
  ["restore", ["never-made"]],
  ["rotate-keys", []],
] as [string, string[]][])(
  "has npm run %s explain how to start afresh on another version's database, which it leaves unchanged",
  (script, args) =>
    inOtherDatabase(async ({ url }) => {
      const before = await contents(url);
      const env = {
        DATA_FOLDER: path.join(folder, "unused"),
        PORT: String(await freePort()),
        DATABASE_URL: url,
      };
      const { ended, said } = runCommand(script, env, args);
      expect([await ended, said()]).toEqual([1, TO_BEGIN_ANEW]);
      expect(await contents(url)).toEqual(before);
    }),
);

test("reports such a database as not ready", () =>
  inOtherDatabase(async ({ url }) => {
    expect(await pendingMigrations(url)).not.toEqual([]);
  }));

test("serves from a database that a newer release has migrated", async () => {
  const database = await startTestDatabase();
  try {
    await database.query(
      "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('newer', '', '99990101000000_newer', now())",
    );
    expect(await applyMigrations(database.url)).toEqual({ applied: [] });
  } finally {
    await database.stop();
  }
});
