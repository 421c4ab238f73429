import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

/** What outlives its transaction in a session, and so reaches whoever a pooler of transactions gives that session next. */
const LASTING: readonly (readonly [string, RegExp])[] = [
  ["a lock of the session", /\bpg_(?:try_)?advisory_lock(?:_shared)?\b/],
  ["a setting of the session", /["'`;(]\s*SET\s+(?!LOCAL\b|CONSTRAINTS\b)[a-z_.]+\s*(?:=|TO\b)/],
  ["a setting of the session", /\bset_config\([^)]*,\s*false\s*\)/],
  ["a table of the session", /\bCREATE\s+TEMP(?:ORARY)?\s+TABLE\b(?![^;"'`]*ON COMMIT DROP)/i],
  ["a cursor of the session", /\bWITH\s+HOLD\b/i],
];
/** A start whose limits a pooler ignores has none: lib/db/connection.ts sets them in the transaction. */
const IGNORED = /\bnew (?:Client|Pool)\(/;
/** The pool of requests, the database of our own, the engine's pool, and the one place that opens connections. */
const MAY_CONNECT = new Set([
  "lib/db/client.ts",
  "lib/db/connection.ts",
  "lib/embedded-postgres/connection.ts",
  "lib/db/migrations.ts",
]);

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes("generated"),
    )
    .map((entry) => path.join(entry.parentPath, entry.name));
}

const files = ["app", "lib", "prisma", "scripts"].flatMap(sources);

test("nothing that runs behind a pooler leaves anything in a session", () => {
  expect(files.length).toBeGreaterThan(100);
  const found = files.flatMap((file) => {
    const text = readFileSync(file, "utf8");
    return LASTING.filter(([, pattern]) => pattern.test(text)).map(([what]) => `${file}: ${what}`);
  });
  expect(found).toEqual([]);
});

test("connections outside the pool are opened in one place", () => {
  const others = files.filter(
    (file) =>
      !MAY_CONNECT.has(file) && !file.includes("browser-stack") && IGNORED.test(readFileSync(file, "utf8")),
  );
  expect(others).toEqual([]);
});

test.each([
  'client.query("SELECT pg_advisory_lock($1)")',
  'client.query("SET statement_timeout = 0")',
  "client.query(`BEGIN; SET synchronous_commit = off`)",
  "sql`SELECT set_config('a.b', 'on', false)`",
  'client.query("CREATE TEMP TABLE a ()")',
])("%s is found", (line) => {
  expect(LASTING.some(([, pattern]) => pattern.test(line))).toBe(true);
});

test.each([
  'client.query("SELECT pg_advisory_xact_lock($1)")',
  'client.query("SET LOCAL statement_timeout = 0")',
  "sql`UPDATE signature SET state = 'confirmed'`",
])("%s passes", (line) => {
  expect(LASTING.some(([, pattern]) => pattern.test(line))).toBe(false);
});
