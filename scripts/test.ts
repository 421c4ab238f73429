import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "@/lib/embedded-postgres";
import { findOrInstallChromium } from "@/scripts/support/chromium";
import { findNginx } from "@/scripts/support/nginx";
import { chooseTests, type TestFolder } from "@/scripts/support/test-paths";

type Count = { passed: number; failed: number };

const MODULES = path.resolve("node_modules");
const BIOME = path.join(MODULES, ".bin/biome");
const NEXT = path.join(MODULES, "next/dist/bin/next");
const TSC = path.join(MODULES, "typescript/bin/tsc");
const VITEST = path.join(MODULES, "vitest/vitest.mjs");
const KNIP = path.join(MODULES, "knip/bin/knip.js");
const PLAYWRIGHT = path.join(MODULES, "@playwright/test/cli.js");

// Without paths, everything runs.
const paths = process.argv.slice(2);
const choice = chooseTests(paths);
if (!choice.ok) {
  console.error(choice.problems.join("\n"));
  process.exit(2);
}

const reports = await mkdtemp(path.join(tmpdir(), "petition-reports-"));
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    interrupted = true;
  });
}

/** @param output collects what the tool prints, to be shown later; without it, output is printed at once. */
type Running = { env?: Record<string, string>; output?: Buffer[] };

/**
 * Runs one tool to its end and forwards signals to it.
 * @returns true if it exited with 0.
 */
async function succeeds(
  program: string,
  args: string[],
  { env = {}, output }: Running = {},
): Promise<boolean> {
  if (interrupted) return false;
  const child = spawn(program, args, {
    stdio: output ? ["ignore", "pipe", "pipe"] : "inherit",
    env: { ...process.env, ...env },
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (piece: Buffer) => output?.push(piece));
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  process.on("SIGTERM", forward);
  const passed = await new Promise<boolean>((resolve) => {
    child.once("error", () => resolve(false));
    child.once("close", (code) => resolve(code === 0));
  });
  process.off("SIGTERM", forward);
  return passed;
}

function heading(name: string): void {
  console.log(`\n── ${name} ${"─".repeat(Math.max(0, 76 - name.length))}`);
}

/** Counts one check as passed or failed. */
function single(passed: boolean): Count {
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1 };
}

/**
 * Returns a runner's counts. A runner that failed without a failed test (a file that does not load) counts as
 * one.
 */
function counted(count: Count, exitedWell: boolean): Count {
  return { passed: count.passed, failed: exitedWell ? count.failed : Math.max(1, count.failed) };
}

async function readReport(file: string): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/**
 * @param files only these; all of the project if empty.
 * @param output as in `succeeds`.
 */
async function vitest(
  project: "unit" | "database" | "attacks" | "edge",
  files: readonly string[] = [],
  output?: Buffer[],
): Promise<Count> {
  const file = path.join(reports, `${project}.json`);
  const args = [
    VITEST,
    "run",
    "--project",
    project,
    ...(files.length === 0 ? ["--passWithNoTests"] : files),
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
  ];
  const well = await succeeds(process.execPath, args, output ? { output } : {});
  const report = await readReport(file);
  return counted(
    { passed: Number(report.numPassedTests ?? 0), failed: Number(report.numFailedTests ?? 0) },
    well,
  );
}

const NO_CHROMIUM =
  "No Chromium: install it (apt-get install chromium, or npx playwright install chromium) or set CHROMIUM_PATH\n";

/**
 * @param output as in `succeeds`.
 * @param files only these; all if empty.
 */
async function playwright(output?: Buffer[], files: readonly string[] = []): Promise<Count> {
  const chromium = findOrInstallChromium();
  if (chromium === null) {
    if (output) output.push(Buffer.from(NO_CHROMIUM));
    else process.stdout.write(NO_CHROMIUM);
    return single(false);
  }
  // Playwright treats paths as regular expressions.
  const patterns = files.map((name) => `/${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?:/|$)`);
  const file = path.join(reports, "browser.json");
  const well = await succeeds(
    process.execPath,
    [
      PLAYWRIGHT,
      "test",
      ...(files.length === 0 ? ["--pass-with-no-tests"] : patterns),
      "--reporter=list,json",
    ],
    {
      env: {
        CHROMIUM_PATH: chromium,
        PLAYWRIGHT_JSON_OUTPUT_NAME: file,
        TEST_PORT: String(await freePort()),
      },
      ...(output ? { output } : {}),
    },
  );
  const stats = ((await readReport(file)).stats ?? {}) as Record<string, unknown>;
  // A flaky test failed once, so it counts as failed until it is fixed.
  const failed = Number(stats.unexpected ?? 0) + Number(stats.flaky ?? 0);
  return counted({ passed: Number(stats.expected ?? 0), failed }, well);
}

const total: Count = { passed: 0, failed: 0 };
function add(count: Count): void {
  total.passed += count.passed;
  total.failed += count.failed;
}

const NO_NGINX = "no nginx on this machine (apt-get install nginx-light)";
const faults = async () => single(await succeeds(process.execPath, ["--import", "tsx", "scripts/faults.ts"]));

/**
 * Starts tests immediately.
 * @returns a function that waits for their end and then prints all their output.
 */
function inBackground(name: string, run: (output: Buffer[]) => Promise<Count>): () => Promise<Count> {
  const output: Buffer[] = [];
  const running = run(output);
  return async () => {
    const count = await running;
    heading(name);
    process.stdout.write(Buffer.concat(output));
    return count;
  };
}

async function runEverything(): Promise<void> {
  heading("lint");
  add(single(await succeeds(BIOME, ["check", "."])));
  heading("types");
  add(
    single(
      (await succeeds(process.execPath, [NEXT, "typegen"])) &&
        (await succeeds(process.execPath, [TSC, "--noEmit"])),
    ),
  );
  heading("unused code");
  add(single(await succeeds(process.execPath, [KNIP, "--no-progress"])));
  // Tests mostly wait for a database or a browser, so the longest run in parallel and are reported after the
  // others.
  const database = inBackground("database", (output) => vitest("database", [], output));
  const browser = inBackground("browser", (output) => playwright(output));
  heading("unit");
  add(await vitest("unit"));
  heading("attacks");
  add(await vitest("attacks"));
  add(await database());
  // Not while both of those run: these tests count failed requests while processes are replaced, and none may
  // fail for lack of CPU.
  heading("edge");
  if (findNginx() === null) console.log(`Skipped: ${NO_NGINX}`);
  else add(await vitest("edge"));
  add(await browser());
  heading("faults");
  add(await faults());
}

async function runChosen(folder: TestFolder, files: readonly string[]): Promise<Count> {
  heading(folder);
  switch (folder) {
    case "browser":
      return playwright(undefined, files);
    case "faults":
      return faults();
    case "edge":
      if (findNginx() !== null) return vitest(folder, files);
      console.log(`Not run: ${NO_NGINX}`);
      return single(false);
    default:
      return vitest(folder, files);
  }
}

if (paths.length === 0) await runEverything();
else for (const [folder, files] of choice.chosen) add(await runChosen(folder, files));

await rm(reports, { recursive: true, force: true });
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 || interrupted ? 1 : 0);
