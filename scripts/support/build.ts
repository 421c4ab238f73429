import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Environment } from "@/scripts/support/environment";

/** Everything a build is made of; a change in any of it makes the build stale. Campaigns are read at run time. */
const SOURCES = [
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
/** The first follows from the schema, and is written by Prisma at its own times; the second is in no page or route. */
const NOT_SOURCES = new Set(["lib/db/generated", "lib/generator"]);
/** Settings that prerendered pages carry. */
const SETTINGS_IN_PAGES = ["SITE_URL", "ORGANISATION_NAME", "MAIL_FROM"];
const STAMP = ".next/SOURCE_HASH";
const BUILD_ID = ".next/BUILD_ID";
/** Says which package.json and lockfile were installed; scripts/bootstrap.mjs writes and reads it. */
export const INSTALL_STAMP = "node_modules/.installed";
/** Stands behind the stamp in a folder that `npm run release` made. */
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

function settingsHash(env: Environment): string {
  const values = SETTINGS_IN_PAGES.map((name) => env[name] ?? "");
  // Without SITE_URL the pages carry localhost and the port.
  const port = env.SITE_URL ? "" : (env.PORT ?? "");
  return createHash("sha256")
    .update(JSON.stringify([...values, port]))
    .digest("hex");
}

/**
 * Runs `next build` without a database and without secrets: nothing of either may get into it.
 * @returns its exit code.
 */
export async function build(env: Environment, signal?: AbortSignal): Promise<number> {
  const source = await sourceHash();
  const clean: Environment = { ...env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
  for (const name of [
    "DATABASE_URL",
    "EMBEDDED_DATABASE",
    "NEXTAUTH_SECRET",
    "TOKEN_SECRET",
    "DATA_KEYS",
    "RESEND_API_KEY",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
  ]) {
    delete clean[name];
  }
  const code = await new Promise<number>((resolve, reject) => {
    const child = spawn(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
      stdio: "inherit",
      env: clean as NodeJS.ProcessEnv,
    });
    signal?.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
    child.once("error", reject);
    child.once("close", (exit) => resolve(exit ?? 1));
  });
  if (code === 0) await writeFile(STAMP, `${source}\n${settingsHash(env)}\n`);
  return code;
}

/** True when the build on disk was made of other sources, or for other settings unless `BUILD_SETTINGS=any`. */
export async function buildIsStale(env: Environment): Promise<boolean> {
  if (!existsSync(BUILD_ID) || !existsSync(STAMP)) return true;
  const [source, forSettings] = (await readFile(STAMP, "utf8")).split("\n");
  if (source !== (await sourceHash())) return true;
  return env.BUILD_SETTINGS !== "any" && forSettings !== settingsHash(env);
}

/** True in a folder that `npm run release` made: it holds what running needs, and nothing to build with. */
export async function isRelease(): Promise<boolean> {
  return (await readFile(INSTALL_STAMP, "utf8").catch(() => "")).trimEnd().endsWith(RELEASE_MARK);
}
