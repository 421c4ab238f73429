import { existsSync } from "node:fs";
import path from "node:path";

/** The folders below `tests`, each run by its own runner. */
export const TEST_FOLDERS = ["unit", "database", "attacks", "edge", "browser", "faults"] as const;
export type TestFolder = (typeof TEST_FOLDERS)[number];

export type ChosenTests =
  /** The paths to run by folder, in the order of TEST_FOLDERS. A folder stands for all of its tests. */
  { ok: true; chosen: Map<TestFolder, string[]> } | { ok: false; problems: string[] };

/** Groups test paths from the command line by the runner they belong to. */
export function chooseTests(paths: readonly string[]): ChosenTests {
  const chosen = new Map<TestFolder, string[]>(TEST_FOLDERS.map((folder) => [folder, []]));
  const problems: string[] = [];
  for (const given of paths) {
    const relative = path.relative(process.cwd(), path.resolve(given)).split(path.sep).join("/");
    const folder = TEST_FOLDERS.find((name) => `${relative}/`.startsWith(`tests/${name}/`));
    if (folder === undefined || !existsSync(relative))
      problems.push(
        `${given} is no test: it must be a file or folder in tests/ (${TEST_FOLDERS.join(", ")}), for example tests/unit/form.test.ts`,
      );
    else chosen.get(folder)?.push(relative);
  }
  if (problems.length > 0) return { ok: false, problems };
  for (const [folder, files] of chosen) if (files.length === 0) chosen.delete(folder);
  return { ok: true, chosen };
}
