import { execFile, spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const run = promisify(execFile);
const SYSTEM = "/lib/systemd/system";
/** What the units start: it must be there, and is not run. */
const STARTED = ["srv/petition/node_modules/.bin/node", "bin/sh", "usr/bin/find"];
/** The highest exposure, in tenths: what is left is the network, the JIT compiler and the machine's own files. */
const EXPOSURE = 12;

const noAnalyzer = spawnSync("systemd-analyze", ["--version"]).status !== 0;
const skipped = noAnalyzer ? " (skipped: systemd-analyze is not installed)" : "";
let root = "";
const units = (await readdir("deploy/systemd")).filter((name) => /\.(service|timer)$/.test(name));

describe.skipIf(noAnalyzer)(`the units, on a Debian with its own${skipped}`, () => {
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), "petition-systemd-"));
    for (const program of STARTED) {
      await mkdir(path.dirname(path.join(root, program)), { recursive: true });
      await writeFile(path.join(root, program), "", { mode: 0o755 });
    }
    await cp(SYSTEM, path.join(root, SYSTEM), { recursive: true, verbatimSymlinks: true });
    await cp("deploy/systemd", path.join(root, "etc/systemd/system"), { recursive: true });
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  test("are understood to the last word", async () => {
    const { stdout, stderr } = await run("systemd-analyze", [
      "verify",
      `--root=${root}`,
      "--man=no",
      ...units,
    ]);
    expect(stdout + stderr).toBe("");
  });

  test.each(units.filter((name) => name.endsWith(".service")))("%s is closed in", async (unit) => {
    const options = ["--offline=true", "--no-pager", `--root=${root}`, `--threshold=${EXPOSURE}`];
    const { stdout } = await run("systemd-analyze", ["security", ...options, unit]);
    expect(stdout).toContain(`Overall exposure level for ${unit}`);
  });
});
