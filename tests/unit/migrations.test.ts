import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const FOLDER = "prisma/migrations";
/** Ran before there was a release to upgrade from. */
const BEFORE_RELEASES = "20261124999999";
/** Stands in a migration whose contraction an earlier release has made safe, and says which. */
const MARK = /^-- contracts: since .+/m;

/** Statements that break the release that still runs while this one is being rolled out. */
const CONTRACTING: readonly (readonly [string, RegExp])[] = [
  ["DROP TABLE", /\bDROP\s+TABLE\b/i],
  ["DROP COLUMN", /\bDROP\s+COLUMN\b/i],
  ["DROP TYPE", /\bDROP\s+TYPE\b/i],
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

test("migrations only expand, unless they say since when nothing needs what they take away", () => {
  const names = readdirSync(FOLDER).filter((name) => /^\d{14}_/.test(name));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names.filter((each) => each > BEFORE_RELEASES))
    expect(contractions(readFileSync(path.join(FOLDER, name, "migration.sql"), "utf8")), name).toEqual([]);
});

test.each([
  ['DROP TABLE "old";', ["DROP TABLE"]],
  ['ALTER TABLE "a"\n  DROP COLUMN "b";', ["DROP COLUMN"]],
  ['ALTER TABLE "a" RENAME COLUMN "b" TO "c";', ["RENAME"]],
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
  '-- DROP TABLE "old" comes later.',
  '-- contracts: since release 2 nothing reads it\nDROP TABLE "old";',
])("%s passes", (sql) => {
  expect(contractions(sql)).toEqual([]);
});
