import { open, readFile, stat, unlink } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hasCode, PRIVATE_FILE_MODE } from "./files";
import { identityOf, isAlive, POLL_MS, type ProcessIdentity } from "./processes";

/** How long to wait for another process's lock, in milliseconds. */
const LOCK_LIMIT_MS = 120_000;
/** An empty lock file of this age was left behind, rather than being written right now, in milliseconds. */
const EMPTY_LOCK_AGE_MS = 1_000;

/**
 * Runs the work under a lock, so that one process at a time starts a folder's server. Breaks
 * locks of dead processes.
 */
export async function withStartLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const file = path.join(folder, "postgres.lock");
  const deadline = Date.now() + LOCK_LIMIT_MS;
  while (!(await tryLock(file))) {
    if (!(await isHeld(file))) await unlink(file).catch(() => {});
    if (Date.now() > deadline)
      throw new Error(`Another process has been starting the database for too long (${file})`);
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await unlink(file).catch(() => {});
  }
}

async function tryLock(file: string): Promise<boolean> {
  const handle = await open(file, "wx", PRIVATE_FILE_MODE).catch((error: unknown) => {
    if (hasCode(error, "EEXIST")) return null;
    throw error;
  });
  if (handle === null) return false;
  await handle.writeFile(JSON.stringify(await identityOf(process.pid)));
  await handle.close();
  return true;
}

async function isHeld(file: string): Promise<boolean> {
  const holder = await readFile(file, "utf8").catch(() => "");
  if (holder !== "") return isAlive(JSON.parse(holder) as ProcessIdentity);
  const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs < EMPTY_LOCK_AGE_MS;
}
