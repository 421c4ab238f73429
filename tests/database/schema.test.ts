import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Client } from "pg";
import { expect, test } from "vitest";
import { applyMigrations, diffSchema, pendingMigrations } from "@/lib/db/migrations";
import { LOCALES } from "@/lib/i18n/locales";
import { seed } from "@/prisma/seed";
import { useDatabase } from "@/tests/support/application";

const database = useDatabase();

/** What Prisma's schema speaks of: columns, keys, foreign keys, whole indexes, enums. The migration's extras are checks,
 * triggers, partial indexes and those in which nulls are equal. */
const CATALOGUE = `
  SELECT format('column %s.%s %s null=%s default=%s', table_name, column_name, udt_name, is_nullable, column_default) AS line
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'
  UNION ALL
  SELECT format('constraint %s %s', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'f', 'u') AND conrelid::regclass::text <> '_prisma_migrations'
  UNION ALL
  SELECT indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' AND indexdef NOT LIKE '% WHERE %'
      AND indexdef NOT LIKE '% NULLS NOT DISTINCT'
  UNION ALL
  SELECT format('enum %s %s', enumtypid::regtype, string_agg(enumlabel, ',' ORDER BY enumsortorder)) FROM pg_enum GROUP BY enumtypid
  ORDER BY 1`;

async function catalogueOf(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ line: string }>(CATALOGUE)).rows.map(({ line }) => line);
  } finally {
    await client.end();
  }
}

/** Ids of rows that are no foreign key; the migration says why. */
const WITHOUT_FOREIGN_KEY = [
  "audit_entry.actor_id",
  "campaign_version.scheduler_id",
  "campaign_version_author.actor_id",
  "invalidation_job.behind_id",
  "names_opened.actor_id",
  "signature_change.campaign_id",
  "signature_invalidation.delete_job_id",
  "signature_invalidation.job_id",
  "token.mail_id",
];

async function inEmptyDatabase<T>(work: (url: string, client: Client) => Promise<T>): Promise<T> {
  const url = new URL(database.current().url);
  const name = "built_from_schema";
  await database.current().query(`CREATE DATABASE ${name} TEMPLATE template0`);
  url.pathname = `/${name}`;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    return await work(url.href, client);
  } finally {
    await client.end();
    await database.current().query(`DROP DATABASE ${name} WITH (FORCE)`);
  }
}

test("finds schema.prisma and the migrations equal, and would notice a difference", async () => {
  const migrated = await catalogueOf(database.current().url);
  await inEmptyDatabase(async (url, client) => {
    await client.query(await diffSchema(url));
    expect(await catalogueOf(url)).toEqual(migrated);
    await client.query("ALTER TABLE campaign ADD COLUMN stray integer");
    expect(await catalogueOf(url)).not.toEqual(migrated);
  });
});

test("declares a foreign key for every id of another row", async () => {
  const without = await database.current().query<{ name: string }>(`
    SELECT format('%s.%s', attrelid::regclass, attname) AS name FROM pg_attribute
    JOIN pg_class ON pg_class.oid = attrelid AND relkind = 'r' AND relnamespace = 'public'::regnamespace
    WHERE atttypid = 'uuid'::regtype AND attname LIKE '%\\_id' AND NOT attisdropped AND NOT EXISTS (
      SELECT FROM pg_constraint WHERE contype = 'f' AND conrelid = attrelid AND attnum = ANY (conkey))
    ORDER BY 1`);
  expect(without.map(({ name }) => name)).toEqual(WITHOUT_FOREIGN_KEY);
});

test("accepts another language without a migration, and refuses what is no language code", async () => {
  const columns = await database.current().query<{ name: string; domain: string | null }>(
    `SELECT table_name AS name, domain_name AS domain FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name = 'locale'`,
  );
  expect(columns.length).toBeGreaterThan(1);
  for (const { name, domain } of columns) expect(domain, name).toBe("locale");
  for (const locale of [...LOCALES, "de", "ckb", "pt-BR"])
    expect(await database.current().query("SELECT $1::locale::text AS locale", [locale])).toEqual([
      { locale },
    ]);
  for (const locale of ["", "EN", "fa-af", "fa_AF", "english", "en\n"])
    await expect(database.current().query("SELECT $1::locale", [locale]), locale).rejects.toThrow(
      /locale_form/,
    );
});

test("can apply migrations and seed again and again", async () => {
  const { url } = database.current();
  expect(await pendingMigrations(url)).toEqual([]);
  expect(await applyMigrations(url)).toEqual({ applied: [] });
  await seed();
  expect(await database.current().query("SELECT count(*)::int AS campaigns FROM campaign")).toEqual([
    { campaigns: 1 },
  ]);
});

test("applies an interrupted migration again", async () => {
  const { url, query } = database.current();
  const interrupted = "99990101000000_interrupted";
  const folder = await mkdtemp(path.join(tmpdir(), "petition-schema-"));
  const source = { folder: path.join(folder, "prisma") };
  try {
    await cp("prisma", source.folder, { recursive: true });
    await mkdir(path.join(source.folder, "migrations", interrupted));
    const script = path.join(source.folder, "migrations", interrupted, "migration.sql");
    await writeFile(
      script,
      "CREATE TABLE interrupted (); SELECT pg_terminate_backend(pg_backend_pid()) WHERE to_regclass('go_on') IS NULL",
    );
    await expect(applyMigrations(url, source)).rejects.toThrow();
    await query("CREATE TABLE go_on ()");
    expect(await applyMigrations(url, source)).toEqual({ applied: [interrupted] });
    expect(await pendingMigrations(url, source)).toEqual([]);
  } finally {
    await query("DROP TABLE IF EXISTS interrupted, go_on");
    await query(`DELETE FROM _prisma_migrations WHERE migration_name = '${interrupted}'`);
    await rm(folder, { recursive: true, force: true });
  }
});
