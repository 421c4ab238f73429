import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

/** Where a name without a folder may be: the table names the folder of the first of several tests only. */
const FOLDERS = ["", "tests/unit/", "tests/database/", "tests/browser/"];

test("every file that the table of requirements names is there", async () => {
  const table = await readFile("docs/asvs.md", "utf8");
  const named = [...table.matchAll(/`([\w./-]+\.tsx?)`/g)].map(([, name = ""]) => name);
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((name) => !FOLDERS.some((folder) => existsSync(folder + name)))).toEqual([]);
});
