import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { backUp, restore } from "@/lib/db/backup";
import { checkSignatureForm, type Signing, sign } from "@/lib/signing";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { useDatabase } from "../support/application";
import { startTestDatabase, type TestDatabase } from "../support/postgres";

const source = useDatabase();
let folder: string;
let taken: string;

function signAs(name: string): Promise<Signing> {
  const fields = { name, email: `${name.toLowerCase()}@example.org`, country: "PK", updates: "yes" };
  const checked = checkSignatureForm({ ...fields, locale: "ur", consent: "yes" });
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return sign(CAMPAIGN_SLUG, checked.request);
}

/** Worth nothing after a day, and no backup may keep them. */
const LEFT_OUT = ["network_salt", "mail_allowance"];

/** Every row of every table that a backup holds, as text. */
async function contents(database: TestDatabase): Promise<Record<string, unknown>> {
  const tables = await database.query<{ name: string }>(
    `SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
     AND relname <> '_prisma_migrations' ORDER BY 1`,
  );
  const all: Record<string, unknown> = {};
  for (const { name } of tables.filter((table) => !LEFT_OUT.includes(table.name)))
    all[name] = await database.query(`SELECT t::text AS row FROM "${name}" t ORDER BY 1`);
  return all;
}

/** Foreign keys and triggers, and whether they are in force. */
function guards(database: TestDatabase): Promise<Record<string, unknown>[]> {
  return database.query(
    `SELECT conname::text AS name, pg_get_constraintdef(oid) || convalidated AS state FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace
     UNION ALL SELECT tgname::text, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2`,
  );
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petition-backup-"));
  taken = path.join(folder, "taken");
  for (const name of ["Amina", "Bashir", "Chaman"]) await signAs(name);
  await source
    .current()
    .query("UPDATE signature SET state = 'confirmed', confirmed_at = now() WHERE country = 'PK'");
  await backUp(source.current().url, taken);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function withTarget(work: (target: TestDatabase) => Promise<void>): Promise<void> {
  const target = await startTestDatabase();
  try {
    await work(target);
  } finally {
    await target.stop();
  }
}

test("restores every row that was backed up, with all constraints and triggers", async () => {
  await withTarget(async (target) => {
    const wanted = await contents(source.current());
    expect(await restore(target.url, taken)).toMatchObject({ kind: "restored" });
    // Mail is stopped in a copy until somebody says so.
    await target.query(
      "UPDATE mail_pause SET stopped_since = NULL, stopped_by = NULL WHERE stopped_by = 'restore'",
    );
    expect(await contents(target)).toEqual(wanted);
    for (const table of LEFT_OUT) expect(await target.query(`SELECT FROM ${table}`), table).toEqual([]);
    expect(wanted.signature).toHaveLength(3);
    expect(await guards(target)).toEqual(await guards(source.current()));
    const [row] = await target.query<{ next: string }>(
      "SELECT nextval(pg_get_serial_sequence('signature_change', 'id'))::text AS next",
    );
    const [highest] = await target.query<{ id: string }>("SELECT max(id)::text AS id FROM signature_change");
    expect(Number(row?.next)).toBeGreaterThan(Number(highest?.id));
  });
});

test("refuses to restore over a database with signatures, and leaves it unchanged", async () => {
  const before = await contents(source.current());
  expect(await restore(source.current().url, taken)).toEqual({ kind: "not-empty", table: "signature" });
  expect(await contents(source.current())).toEqual(before);
});

test("detects a changed file and restores nothing", async () => {
  const damaged = path.join(folder, "damaged");
  await backUp(source.current().url, damaged);
  const file = path.join(damaged, "signature.copy.gz");
  const text = gunzipSync(await readFile(file)).toString();
  await writeFile(file, gzipSync(text.replace("\tPK\t", "\tAF\t")));
  await withTarget(async (target) => {
    const before = await contents(target);
    expect(await restore(target.url, damaged)).toEqual({ kind: "damaged", file: "signature.copy.gz" });
    expect(await contents(target)).toEqual(before);
    expect(await guards(target)).toEqual(await guards(source.current()));
  });
});

test("refuses a backup of another version", async () => {
  await withTarget(async (target) => {
    const [first] = await target.query<{ name: string }>(
      "SELECT migration_name AS name FROM _prisma_migrations",
    );
    await target.query(
      "UPDATE _prisma_migrations SET migration_name = '20261201000000_other' WHERE migration_name = $1",
      [first?.name],
    );
    expect(await restore(target.url, taken)).toEqual({
      kind: "other-migrations",
      missing: [first?.name],
      surplus: ["20261201000000_other"],
    });
  });
});

test("does not block signers during a backup, which holds each signature whole or not at all", async () => {
  const during = path.join(folder, "during");
  const holder = new Client({ connectionString: source.current().url });
  await holder.connect();
  // The backup has its snapshot and waits at a table that comes before those of signing.
  await holder.query("BEGIN; LOCK TABLE campaign_update IN ACCESS EXCLUSIVE MODE");
  const backing = backUp(source.current().url, during);
  const waiting = "SELECT count(*)::int AS total FROM pg_locks WHERE NOT granted";
  await expect.poll(async () => (await source.current().query(waiting))[0]?.total).toBe(1);
  expect(await signAs("Late")).toEqual({ kind: "pending" });
  await holder.query("COMMIT");
  await holder.end();
  const { tables } = await backing;
  const rows = (name: string) => tables.find((table) => table.name === name)?.rows;
  expect([rows("signature"), rows("mail")]).toEqual([3, 3]);
});

test("keeps names and addresses sealed, in files that only the owner can read", async () => {
  for (const file of await readdir(taken)) {
    const bytes = await readFile(path.join(taken, file));
    const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1");
    expect(text, file).not.toMatch(/amina|bashir|chaman/i);
    expect((await stat(path.join(taken, file))).mode & 0o077, file).toBe(0);
  }
});

test("never overwrites an earlier backup", async () => {
  await expect(backUp(source.current().url, taken)).rejects.toThrow(/EEXIST/);
  expect(await readdir(taken)).toContain("manifest.json");
});
