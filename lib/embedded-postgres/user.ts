import { createHash } from "node:crypto";
import { chmod, mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { run } from "./processes";

/** Where data and programs go if the user that runs PostgreSQL cannot reach the checkout. */
const REACHABLE_HOME = "/var/lib/halt-the-expulsions";
/** PostgreSQL refuses to run as root. The first of these users that exists on the machine runs it instead. */
const UNPRIVILEGED_USERS = ["postgres", "nobody"];

/** The user that runs PostgreSQL; null for the current one. */
export type RunAs = { uid: number; gid: number } | null;

/**
 * Chooses the user that runs PostgreSQL: the current one, unless it is root. Existing
 * data stays with its owner.
 */
export async function chooseUser(data: string): Promise<RunAs> {
  if (process.getuid?.() !== 0) return null;
  const owner = await stat(path.join(data, "PG_VERSION")).catch(() => null);
  if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  for (const name of UNPRIVILEGED_USERS) {
    const ids = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]).catch(() => null);
    const [uid, gid] = (ids ?? []).map(({ stdout }) => Number(stdout.trim()));
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Error(
    "PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody to run it as",
  );
}

/** Whether `user` can run, read or write a file. Asks the system instead of working out permissions. */
export async function canReach(user: RunAs, test: "-x" | "-r" | "-w", file: string): Promise<boolean> {
  if (user === null) return true;
  return run("/bin/sh", ["-c", `test ${test} "$1"`, "sh", file], { ...user, cwd: "/" }).then(
    () => true,
    () => false,
  );
}

/**
 * Creates the folder outside the checkout, open to every user, that stands in for an
 * unreachable state folder.
 */
export async function reachableHome(folder: string): Promise<string> {
  const name = createHash("sha256").update(path.dirname(folder)).digest("hex").slice(0, 12);
  const home = path.join(REACHABLE_HOME, name);
  await mkdir(home, { recursive: true, mode: 0o755 });
  await chmod(REACHABLE_HOME, 0o755);
  await chmod(home, 0o755);
  return home;
}
