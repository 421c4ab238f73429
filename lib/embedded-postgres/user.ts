import { createHash } from "node:crypto";
import { chmod, mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { run } from "./processes";

/** Where data and programs go when the checkout is closed to the user that runs PostgreSQL. */
const REACHABLE_HOME = "/var/lib/halt-the-expulsions";
/** PostgreSQL refuses to run as root. The first of these users that the machine has runs it instead. */
const UNPRIVILEGED_USERS = ["postgres", "nobody"];

/** The user that runs PostgreSQL; null for the current one. */
export type RunAs = { uid: number; gid: number } | null;

/** Chooses who runs PostgreSQL: us, unless we are root. Existing data stays with the user who owns it. */
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

/** Whether `user` can run, read or write a file. Asks the system itself rather than working permissions out. */
export async function canReach(user: RunAs, test: "-x" | "-r" | "-w", file: string): Promise<boolean> {
  if (user === null) return true;
  return run("/bin/sh", ["-c", `test ${test} "$1"`, "sh", file], { ...user, cwd: "/" }).then(
    () => true,
    () => false,
  );
}

/** Makes the folder outside the checkout, open to every user, that stands in for a closed state folder. */
export async function reachableHome(folder: string): Promise<string> {
  const name = createHash("sha256").update(path.dirname(folder)).digest("hex").slice(0, 12);
  const home = path.join(REACHABLE_HOME, name);
  await mkdir(home, { recursive: true, mode: 0o755 });
  await chmod(REACHABLE_HOME, 0o755);
  await chmod(home, 0o755);
  return home;
}
