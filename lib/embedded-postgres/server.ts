import { type ChildProcess, spawn } from "node:child_process";
import { open, readFile, stat, unlink } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Access, ensureDatabase } from "./connection";
import { hasCode, PRIVATE_FILE_MODE } from "./files";
import { HOST } from "./ports";
import { commandOf, identityOf, isAlive, POLL_MS, type ProcessIdentity, waitUntilGone } from "./processes";
import { programEnvironment, reachablePrograms } from "./programs";
import { chooseUser } from "./user";

/** Time limit of a start, crash recovery included, in milliseconds. */
const START_LIMIT_MS = 300_000;
/**
 * Time limit of a fast shutdown, in milliseconds. Then it becomes an immediate one, which is safe:
 * the next start recovers.
 */
const FAST_SHUTDOWN_LIMIT_MS = 30_000;
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;
/** PostgreSQL's error code for a wrong password. */
const INVALID_PASSWORD = "28P01";

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

/** Finds the live server of a data folder, if `postmaster.pid` there names one. */
export async function findServer(data: string): Promise<{ server: ProcessIdentity; port: number } | null> {
  const file = path.join(data, "postmaster.pid");
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n");
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!Number.isInteger(pid) || pid <= 0) return null;
  const server = await identityOf(pid);
  if (server.startedAt === "") return null;
  const command = await commandOf(pid);
  if (command.includes("postgres") && command.includes(data)) return { server, port };
  // In a new container another program often has the file's process id, and PostgreSQL would refuse to start.
  await unlink(file).catch(() => {});
  return null;
}

/** Starts the server in its own session, so that the terminal's Ctrl-C never reaches it. */
export async function spawnServer(folder: string, data: string, port: number): Promise<ChildProcess> {
  const user = await chooseUser(data);
  const { postgres } = await reachablePrograms(user, folder);
  const log = await openLog(folder);
  const options = Object.entries(SERVER_SETTINGS).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(postgres, ["-D", data, "-p", String(port), ...options], {
    ...(user ?? {}),
    cwd: data,
    env: programEnvironment(),
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

/**
 * Waits until the server answers queries.
 * @returns false if it ended before.
 * @throws if the password is wrong, or the server is not ready in time.
 */
export async function waitUntilReady(server: ProcessIdentity, access: Access): Promise<boolean> {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    try {
      await ensureDatabase(access);
      return true;
    } catch (error) {
      if (hasCode(error, INVALID_PASSWORD)) {
        throw new Error(
          "The embedded database refuses its password: .data/postgres.json does not belong to .data/postgres",
        );
      }
      if (!(await isAlive(server))) return false;
      if (Date.now() > deadline)
        throw new Error("The embedded database did not become ready in time", { cause: error });
      await sleep(POLL_MS);
    }
  }
}

/** Stops a server. Open transactions are rolled back; committed data is on disk. */
export async function stopServer(server: ProcessIdentity): Promise<void> {
  if (!(await isAlive(server))) return;
  process.kill(server.pid, "SIGINT");
  if (await waitUntilGone(server, FAST_SHUTDOWN_LIMIT_MS)) return;
  if (await isAlive(server)) process.kill(server.pid, "SIGQUIT");
  await waitUntilGone(server, FAST_SHUTDOWN_LIMIT_MS);
}

/** Returns the last error in the server's log, or its last line if there is none. */
export async function lastLogLine(folder: string): Promise<string> {
  const lines = (await readFile(logFile(folder), "utf8").catch(() => "")).trim().split("\n");
  return lines.findLast((line) => /FATAL|ERROR|could not/.test(line)) ?? lines.at(-1) ?? "";
}

function logFile(folder: string): string {
  return path.join(folder, "postgres.log");
}

async function openLog(folder: string) {
  const file = logFile(folder);
  const size = await stat(file).then(
    (info) => info.size,
    () => 0,
  );
  return open(file, size > LOG_LIMIT_BYTES ? "w" : "a", PRIVATE_FILE_MODE);
}
