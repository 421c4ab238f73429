import { mkdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureCluster, locateData } from "./cluster";
import { type Access, connectionUrl, DATABASE } from "./connection";
import { canListen, freePort } from "./ports";
import { identityOf, isAlive, POLL_MS, type ProcessIdentity } from "./processes";
import { findServer, lastLogLine, spawnServer, stopServer, waitUntilReady } from "./server";
import { withStartLock } from "./start-lock";
import { readState, type State, writeState } from "./state";

/**
 * After kill -9 of a server its backends live on and block a new one. How long to wait
 * for them, in milliseconds.
 */
const ORPHANED_BACKENDS_LIMIT_MS = 15_000;

/** A running PostgreSQL of this checkout. */
export type EmbeddedDatabase = {
  /** Connection string of the application's database. It contains the password: do not print it. */
  url: string;
  /** Process id of the server. */
  pid: number;
  /** False if another live process of this checkout keeps the server: `stop` then leaves it running. */
  ours: boolean;
  /** Fast shutdown: rolls back open transactions; committed data is on disk. Safe to call twice. */
  stop(): Promise<void>;
  /** Resolves once the server is gone, whatever ended it. */
  gone(): Promise<void>;
};

/**
 * Connects to the PostgreSQL of a state folder (`.data`), and starts it if it is not running. A server that
 * another live process keeps is shared: `ours` is false and `stop` leaves it running. A server whose keeper
 * was killed is adopted. Works as root (PostgreSQL then runs as another user) and after any kind of crash.
 * @throws a one-line error if it cannot be started; nothing is left running then.
 */
export async function connectOrStart(folder: string): Promise<EmbeddedDatabase> {
  const home = path.resolve(folder);
  await mkdir(home, { recursive: true, mode: 0o755 });
  return withStartLock(home, async () => {
    const state = await readState(home);
    return (await connectToRunning(home, state)) ?? (await start(home, state));
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

/** Joins or adopts the running server; returns null if there is none. */
async function connectToRunning(home: string, state: State): Promise<EmbeddedDatabase | null> {
  const running = await findServer(await locateData(home));
  if (running === null) return null;
  const access = { password: state.password, port: running.port };
  if (!(await waitUntilReady(running.server, access))) return null;
  const { keeper } = state;
  const kept = keeper !== null && keeper.pid !== process.pid && (await isAlive(keeper));
  if (!kept) await writeState(home, { ...access, keeper: await identityOf(process.pid) });
  return describe(running.server, access, !kept);
}

async function start(home: string, state: State): Promise<EmbeddedDatabase> {
  await writeState(home, state);
  const data = await ensureCluster(home, state.password);
  const deadline = Date.now() + ORPHANED_BACKENDS_LIMIT_MS;
  for (;;) {
    const port = state.port !== null && (await canListen(state.port)) ? state.port : await freePort();
    const access = { password: state.password, port };
    const server = await tryStart(home, data, access);
    if (server !== null) {
      await writeState(home, { ...access, keeper: await identityOf(process.pid) });
      return describe(server, access, true);
    }
    if (Date.now() > deadline)
      throw new Error(`The embedded database did not start: ${await lastLogLine(home)}`);
    await sleep(POLL_MS * 4);
  }
}

/** @returns null when the server ended before it was ready. */
async function tryStart(home: string, data: string, access: Access): Promise<ProcessIdentity | null> {
  const child = await spawnServer(home, data, access.port);
  const server = await identityOf(child.pid ?? 0);
  try {
    return (await waitUntilReady(server, access)) ? server : null;
  } catch (error) {
    child.kill("SIGINT");
    throw error;
  }
}

function describe(server: ProcessIdentity, access: Access, ours: boolean): EmbeddedDatabase {
  return {
    url: connectionUrl(access, DATABASE),
    pid: server.pid,
    ours,
    stop: ours ? () => stopServer(server) : async () => {},
    gone: async () => {
      while (await isAlive(server)) await sleep(POLL_MS * 4);
    },
  };
}
