import { randomBytes } from "node:crypto";
import { chown, lstat, mkdir, readdir, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { exists, PRIVATE_FILE_MODE } from "./files";
import { run } from "./processes";
import { programEnvironment, reachablePrograms } from "./programs";
import { canReach, chooseUser, type RunAs, reachableHome } from "./user";

export const SUPERUSER = "petition";

/** Owner only: PostgreSQL refuses data that others can read. */
const PRIVATE_FOLDER_MODE = 0o700;

/** Returns where a state folder's data lies: in its `postgres` folder, or where that symbolic link leads. */
export async function locateData(folder: string): Promise<string> {
  const data = path.join(folder, "postgres");
  const info = await lstat(data).catch(() => null);
  return info?.isSymbolicLink() ? readlink(data) : data;
}

/**
 * Creates the cluster of a state folder unless it exists.
 * @returns where its data lies.
 * @throws if something else is in its place.
 */
export async function ensureCluster(folder: string, password: string): Promise<string> {
  const data = await locateData(folder);
  if (await exists(path.join(data, "PG_VERSION"))) return data;
  const leftovers = await readdir(data).catch(() => []);
  if (leftovers.length > 0)
    throw new Error(`${data} holds something that is no PostgreSQL data: move it away`);
  await rm(data, { recursive: true, force: true });
  await createCluster(folder, password);
  return locateData(folder);
}

/** Creates the cluster beside its final place and moves it there whole: a crash leaves no partial cluster. */
async function createCluster(folder: string, password: string): Promise<void> {
  const user = await chooseUser(await locateData(folder));
  const { initdb } = await reachablePrograms(user, folder);
  const data = await placeForData(user, folder);
  const growing = `${data}.new`;
  await rm(growing, { recursive: true, force: true });
  await mkdir(growing, { mode: PRIVATE_FOLDER_MODE });
  await giveTo(user, growing);
  // Beside the data folder, which must be empty for initdb.
  const passwordFile = `${growing}.password`;
  await writeFile(passwordFile, `${password}\n`, { mode: PRIVATE_FILE_MODE });
  await giveTo(user, passwordFile);
  try {
    await runInitdb(initdb, user, growing, passwordFile);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(growing, data);
}

async function runInitdb(initdb: string, user: RunAs, data: string, passwordFile: string): Promise<void> {
  const options = [
    `--pgdata=${data}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
  ];
  try {
    await run(initdb, options, { ...(user ?? {}), cwd: data, env: programEnvironment() });
  } catch (error) {
    const words = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    throw new Error(`initdb failed: ${words.trim().split("\n").at(-1) ?? ""}`);
  }
}

/** Finds a place for the data that `user` can write to, and links to it if it is outside the state folder. */
async function placeForData(user: RunAs, folder: string): Promise<string> {
  const data = path.join(folder, "postgres");
  if (user === null || (await canWorkIn(user, folder))) return data;
  // A new name each time: a fresh clone in the same place must not find data whose password is lost.
  const elsewhere = path.join(await reachableHome(folder), `data-${randomBytes(4).toString("hex")}`);
  await rm(data, { force: true });
  await symlink(elsewhere, data);
  console.error(`The database's user cannot reach ${folder}: its data is kept in ${elsewhere}`);
  return elsewhere;
}

async function canWorkIn(user: RunAs, folder: string): Promise<boolean> {
  const trial = path.join(folder, "postgres.new");
  await rm(trial, { recursive: true, force: true });
  await mkdir(trial, { mode: PRIVATE_FOLDER_MODE });
  await giveTo(user, trial);
  const reachable = await canReach(user, "-w", trial);
  await rm(trial, { recursive: true });
  return reachable;
}

async function giveTo(user: RunAs, file: string): Promise<void> {
  if (user !== null) await chown(file, user.uid, user.gid);
}
