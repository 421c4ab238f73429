import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { settingNames } from "@/lib/settings";

/**
 * Inputs of a build; a change to any of them makes the build stale. A release carries them, so that it can tell.
 * Campaigns are read at run time.
 */
export const SOURCES = [
  "app",
  "components",
  "lib",
  "public",
  "instrumentation.ts",
  "next.config.js",
  "package-lock.json",
  "prisma/schema.prisma",
  "proxy.ts",
  "tsconfig.json",
];
/**
 * Prisma generates the first from the schema, at times of its own; the second is part of no page or route.
 */
const NOT_SOURCES = new Set(["lib/db/generated", "lib/generator"]);
const STAMP = ".next/SOURCE_HASH";
const BUILD_ID = ".next/BUILD_ID";
/** Records which package.json and lockfile were installed; written and read by scripts/bootstrap.mjs. */
export const INSTALL_STAMP = "node_modules/.installed";
/** Appended to the stamp in a folder made by `npm run release`. */
export const RELEASE_MARK = " release";

async function filesUnder(name: string): Promise<string[]> {
  if (NOT_SOURCES.has(name) || !existsSync(name)) return [];
  if (!(await stat(name)).isDirectory()) return [name];
  const entries = (await readdir(name)).sort();
  return (await Promise.all(entries.map((entry) => filesUnder(path.posix.join(name, entry))))).flat();
}

async function sourceHash(): Promise<string> {
  const hash = createHash("sha256");
  const files = (await Promise.all(SOURCES.map(filesUnder))).flat();
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(await readFile(file))
      .update("\0");
  return hash.digest("hex");
}

/**
 * Returns this process's environment without any of our settings, so that one build serves every
 * organisation. Settings are emptied rather than removed, since Next would fill missing ones from `.env`.
 */
export function buildEnvironment(): NodeJS.ProcessEnv {
  const unset = Object.fromEntries(settingNames().map((name) => [name, ""]));
  return { ...process.env, ...unset, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
}

/**
 * Runs `next build`.
 * @returns its exit code.
 */
export async function build(signal?: AbortSignal): Promise<number> {
  const source = await sourceHash();
  const code = await new Promise<number>((resolve, reject) => {
    const child = spawn(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
      stdio: "inherit",
      env: buildEnvironment(),
    });
    signal?.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
    child.once("error", reject);
    child.once("close", (exit) => resolve(exit ?? 1));
  });
  if (code === 0) await writeFile(STAMP, `${source}\n`);
  return code;
}

/** Returns whether the build is missing or was made from other sources. */
export async function buildIsStale(): Promise<boolean> {
  if (!existsSync(BUILD_ID) || !existsSync(STAMP)) return true;
  return (await readFile(STAMP, "utf8")).trim() !== (await sourceHash());
}

/**
 * Returns whether this folder was made by `npm run release`: it has what running needs, but nothing to build
 * with.
 */
export async function isRelease(): Promise<boolean> {
  return (await readFile(INSTALL_STAMP, "utf8").catch(() => "")).trimEnd().endsWith(RELEASE_MARK);
}
