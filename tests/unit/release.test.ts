import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { INSTALL_STAMP, RELEASE_MARK } from "@/scripts/support/build";

const SCRIPT = "scripts/backup.ts";
let folder: string;

/** A release as far as its starter looks at it, with one command that says that it ran. */
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petition-release-"));
  for (const name of ["scripts/bootstrap.mjs", "package.json", "package-lock.json"])
    await cp(name, path.join(folder, name));
  await writeFile(path.join(folder, SCRIPT), 'console.log("it ran");\n');
  await mkdir(path.join(folder, "node_modules"));
  await symlink(path.resolve("node_modules/tsx"), path.join(folder, "node_modules/tsx"));
  const installed = (await readFile(INSTALL_STAMP, "utf8")).trim();
  await writeFile(path.join(folder, INSTALL_STAMP), `${installed}${RELEASE_MARK}\n`);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs the command where neither npm nor anything else can be found. */
function run(): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const args = [path.join(folder, "scripts/bootstrap.mjs"), "backup"];
    execFile(process.execPath, args, { env: { ...process.env, PATH: "" } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    );
  });
}

async function contents(): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return Promise.all(
    names.sort().map(async (name) => `${name} ${(await stat(path.join(folder, name))).mtimeMs}`),
  );
}

test("a release starts as it is: nothing is installed and nothing written", async () => {
  const before = await contents();
  expect(await run()).toEqual({ code: 0, output: "it ran\n" });
  expect(await contents()).toEqual(before);
});

test("a release whose lockfile was changed is installed anew before anything runs", async () => {
  await writeFile(path.join(folder, "package-lock.json"), "{}");
  const { code, output } = await run();
  expect(code).not.toBe(0);
  expect(output).toContain("npm");
  expect(output).not.toContain("it ran");
});
