import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";

/** Where a name without a folder may be: the table names the folder of the first of several tests only. */
const FOLDERS = ["", "tests/unit/", "tests/database/", "tests/browser/", "tests/attacks/", "tests/edge/"];
/** How many requirements of levels 1 and 2 each section of OWASP ASVS 5.0.0 has; they are numbered from 1. */
const SECTIONS: Record<string, number> = Object.fromEntries(
  (
    "1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4 5.1:1 " +
    "5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 " +
    "8.4:1 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 " +
    "12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 " +
    "16.5:3 17.1:1 17.2:4 17.3:2"
  )
    .split(" ")
    .map((section) => section.split(":"))
    .map(([section = "", requirements]) => [section, Number(requirements)]),
);
/** Of level 3, met of our own will. */
const BEYOND = ["1.2.10", "3.4.8", "6.3.8", "14.2.7"];

let table: string;
beforeAll(async () => {
  table = await readFile("docs/asvs.md", "utf8");
});

test("every file that the table of requirements names is there", () => {
  const named = [...table.matchAll(/`([\w./-]+\.tsx?)`/g)].map(([, name = ""]) => name);
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((name) => !FOLDERS.some((folder) => existsSync(folder + name)))).toEqual([]);
});

test("every requirement of levels 1 and 2 has one row with a state", () => {
  const rows = [...table.matchAll(/^\| (\d+\.\d+\.\d+) +\|[^|]+\| (?:test|code|n\/a|operator|open) +\|/gm)];
  const wanted = Object.entries(SECTIONS).flatMap(([section, requirements]) =>
    Array.from({ length: requirements }, (_, index) => `${section}.${index + 1}`),
  );
  expect(wanted).toHaveLength(253);
  expect(rows.map(([, number]) => number).sort()).toEqual([...wanted, ...BEYOND].sort());
});

test.each([
  ["test", (rows: number) => `broken (${rows})`],
  ["code", (rows: number) => `shows it (${rows})`],
  ["operator", (rows: number) => `says (${rows})`],
  ["n/a", (rows: number) => `applies to (${rows})`],
  ["open", (rows: number) => `**${rows} are open**`],
])("the rows in state %s are counted as they stand", (state, told) => {
  const rows = [...table.matchAll(/^\| \d+\.\d+\.\d+ +\|[^|]+\| (\S+) +\|/gm)].filter(
    ([, each]) => each === state,
  );
  expect(table).toContain(told(rows.length));
});
