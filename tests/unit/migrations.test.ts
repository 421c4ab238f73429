import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const FOLDER = "prisma/migrations";
/** Stands in a migration whose contraction an earlier release has made safe, and says which. */
const MARK = /^-- contracts: since .+/m;

/** Statements that break the release that still runs while this one is being rolled out. */
const CONTRACTING: readonly (readonly [string, RegExp])[] = [
  ["DROP TABLE", /\bDROP\s+TABLE\b/i],
  ["DROP COLUMN", /\bDROP\s+COLUMN\b/i],
  ["DROP TYPE", /\bDROP\s+(?:TYPE|DOMAIN)\b/i],
  ["RENAME", /\bRENAME\b/i],
  ["SET NOT NULL", /\bSET\s+NOT\s+NULL\b/i],
  ["ALTER COLUMN … TYPE", /\bALTER\s+COLUMN\s+\S+\s+(?:SET\s+DATA\s+)?TYPE\b/i],
  [
    "ADD COLUMN … NOT NULL without DEFAULT",
    /\bADD\s+COLUMN\b(?:(?!\bDEFAULT\b)[^,;])*\bNOT\s+NULL\b(?!(?:(?!,|;)[\s\S])*\bDEFAULT\b)/i,
  ],
];

/** What in a migration would break the release before it. */
function contractions(sql: string): string[] {
  if (MARK.test(sql)) return [];
  const statements = sql.replaceAll(/--.*$/gm, "");
  return CONTRACTING.filter(([, pattern]) => pattern.test(statements)).map(([name]) => name);
}

const names = readdirSync(FOLDER)
  .filter((name) => name !== "migration_lock.toml")
  .sort();

test("the history begins with one migration that makes the whole schema, and is in the order of its names", () => {
  expect(names.filter((name) => name.endsWith("_init"))).toEqual(names.slice(0, 1));
  for (const name of names) expect(name).toMatch(/^\d{14}_[a-z0-9_]+$/);
});

test("migrations only expand, unless they say since when nothing needs what they take away", () => {
  for (const name of names)
    expect(contractions(readFileSync(path.join(FOLDER, name, "migration.sql"), "utf8")), name).toEqual([]);
});

test.each([
  ['DROP TABLE "old";', ["DROP TABLE"]],
  ['ALTER TABLE "a"\n  DROP COLUMN "b";', ["DROP COLUMN"]],
  ['DROP DOMAIN "d";', ["DROP TYPE"]],
  ['ALTER TABLE "a" RENAME COLUMN "b" TO "c";', ["RENAME"]],
  ["ALTER TYPE \"t\" RENAME VALUE 'one' TO 'two';", ["RENAME"]],
  ['ALTER TABLE "a" ALTER COLUMN "b" SET NOT NULL;', ["SET NOT NULL"]],
  ['ALTER TABLE "a" ALTER COLUMN "b" TYPE bigint;', ["ALTER COLUMN … TYPE"]],
  ['ALTER TABLE "a" ADD COLUMN "b" TEXT NOT NULL;', ["ADD COLUMN … NOT NULL without DEFAULT"]],
])("%s is found", (sql, found) => {
  expect(contractions(sql)).toEqual(found);
});

test.each([
  'ALTER TABLE "a" ADD COLUMN "b" TEXT;',
  'ALTER TABLE "a" ADD COLUMN "b" TEXT NOT NULL DEFAULT \'\';',
  'ALTER TABLE "a" ADD COLUMN "b" TEXT DEFAULT \'\' NOT NULL;',
  'CREATE TABLE "c" ("d" INTEGER NOT NULL);',
  "ALTER TYPE \"t\" ADD VALUE 'three';",
  '-- DROP TABLE "old" comes later.',
  '-- contracts: since release 2 nothing reads it\nDROP TABLE "old";',
])("%s passes", (sql) => {
  expect(contractions(sql)).toEqual([]);
});
