import { randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { backUp, restore } from "@/lib/db/backup";
import { database } from "@/lib/db/client";
import { applyMigrations } from "@/lib/db/migrations";
import { grantServing } from "@/lib/db/serving-role";
import { openSnapshot } from "@/lib/export/snapshot";
import { findReviewGroups } from "@/lib/moderation/review-search";
import { rotateDataKeys } from "@/lib/privacy/rotation";
import { settings } from "@/lib/settings";
import { checkSignatureForm, sign } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";

/** What an operator may set for a role, as docs/deploy.md advises behind a pooler; there it is five seconds. */
const OPERATORS_LIMIT_MS = 200;
const source = useDatabase();
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petition-long-"));
  const checked = checkSignatureForm({
    name: "Laila",
    email: "laila@example.org",
    country: "AF",
    consent: "yes",
    locale: "en",
  });
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  await sign(CAMPAIGN_SLUG, checked.request);
  await source
    .current()
    .query(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET statement_timeout = ${OPERATORS_LIMIT_MS}', current_database()); END $$`,
    );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Does work whose statement on a table takes longer than the operator's limit: somebody else holds the table. */
async function whileHeld<T>(table: string, work: () => Promise<T>): Promise<T> {
  const holder = new Client({ connectionString: source.current().url });
  await holder.connect();
  await holder.query(`SET statement_timeout = 0; BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  const working = work();
  working.catch(() => {});
  try {
    await expect
      .poll(async () => (await holder.query("SELECT FROM pg_locks WHERE NOT granted")).rowCount, {
        timeout: 10_000,
      })
      .toBeGreaterThan(0);
    await sleep(OPERATORS_LIMIT_MS * 3);
  } finally {
    await holder.query("COMMIT");
    await holder.end();
  }
  return working;
}

test("ends a statement without a limit of its own at the operator's limit", async () => {
  await expect(
    whileHeld("signature", () => source.current().query("SELECT FROM signature")),
  ).rejects.toMatchObject({
    code: "57014",
  });
});

test("lets a backup run longer", async () => {
  const taken = await whileHeld("signature", () => backUp(source.current().url, path.join(folder, "backup")));
  expect(taken.tables.find(({ name }) => name === "signature")?.rows).toBe(1);
});

test("lets an export run longer", async () => {
  const [campaign] = await database().campaign.findMany();
  const snapshot = await openSnapshot(campaign?.id ?? "", {
    status: "all",
    from: null,
    to: null,
    country: null,
    wantsUpdates: false,
  });
  try {
    const rows = await whileHeld("signature", async () => {
      const all: unknown[] = [];
      for await (const batch of snapshot.rows(["name"])) all.push(...batch);
      return all;
    });
    expect(rows).toHaveLength(1);
  } finally {
    await snapshot.close();
  }
});

test("lets the search for likely fakes run longer", async () => {
  await whileHeld("signature", findReviewGroups);
});

test("lets a key rotation run longer", async () => {
  settings().dataKeys.unshift({ id: "newer", key: randomBytes(32) });
  expect(await whileHeld("signature", () => rotateDataKeys())).toEqual({ resealed: 1, remaining: 0 });
});

test("lets the granting of rights run longer", async () => {
  const role = `serving_${randomBytes(4).toString("hex")}`;
  await source.current().query(`SET statement_timeout = 0; CREATE ROLE ${role}`);
  try {
    await whileHeld("pg_catalog.pg_class", async () => {
      await grantServing(source.current().url, role);
    });
  } finally {
    await source.current().query(`SET statement_timeout = 0; DROP OWNED BY ${role}; DROP ROLE ${role}`);
  }
});

test("lets a migration run longer", async () => {
  const migrations = { folder: path.join(folder, "prisma") };
  await cp("prisma", migrations.folder, { recursive: true });
  const added = path.join(migrations.folder, "migrations/99990101000000_slow");
  await mkdir(added);
  await writeFile(
    path.join(added, "migration.sql"),
    `CREATE TABLE slow (); SELECT pg_sleep(${(OPERATORS_LIMIT_MS * 3) / 1000});`,
  );
  expect(await applyMigrations(source.current().url, migrations)).toEqual({
    applied: ["99990101000000_slow"],
  });
  await source
    .current()
    .query(
      "SET statement_timeout = 0; DROP TABLE slow; DELETE FROM _prisma_migrations WHERE migration_name = '99990101000000_slow'",
    );
});

test("lets a restore run longer", async () => {
  await source.current().query("SET statement_timeout = 0; TRUNCATE signature CASCADE");
  const restored = await whileHeld("signature", () =>
    restore(source.current().url, path.join(folder, "backup")),
  );
  expect(restored.kind).toBe("restored");
});
