import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@/lib/embedded-postgres";

const PGBOUNCER = "/usr/sbin/pgbouncer";
const POLL_MS = 50;

/** Whether this machine has Debian's pgbouncer. */
export const POOLER_INSTALLED = spawnSync(PGBOUNCER, ["--version"]).status === 0;

export type Pooler = {
  /** The address of a database through the pooler. */
  urlOf(database: string): string;
  /** A fast restart, as an upgrade of the package does: connections are dropped. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * pgbouncer in front of every database of a server, as docs/deploy.md says: a session for one transaction at a time, and
 * fewer of them than clients.
 * @param more lines of its section `[pgbouncer]`.
 * @param target changes how it reaches the server, for example by another password.
 */
export async function startPooler(
  server: URL,
  more = "ignore_startup_parameters = statement_timeout,idle_in_transaction_session_timeout",
  target: Record<string, string> = {},
): Promise<Pooler> {
  const folder = await mkdtemp(path.join(tmpdir(), "petition-pooler-"));
  await chmod(folder, 0o755);
  const port = await freePort();
  const reached = {
    host: server.hostname,
    port: server.port,
    user: server.username,
    password: server.password,
  };
  const parts = Object.entries({ ...reached, ...target }).map(([name, value]) => `${name}=${value}`);
  const file = path.join(folder, "pgbouncer.ini");
  await writeFile(
    file,
    `[databases]
* = ${parts.join(" ")}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
${more}
`,
  );
  let running: ChildProcess | undefined;
  async function start(): Promise<void> {
    // It refuses to run as root.
    const user = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
    running = spawn(PGBOUNCER, ["-q", ...user, file], { stdio: "ignore" });
    while (!(await listens(port))) await sleep(POLL_MS);
  }
  async function stop(): Promise<void> {
    if (!running) return;
    const ended = running.exitCode === null ? once(running, "exit") : null;
    running.kill("SIGKILL");
    await ended;
    running = undefined;
  }
  await start();
  return {
    urlOf: (database) => `postgresql://petition@127.0.0.1:${port}/${database}`,
    async restart() {
      await stop();
      await start();
    },
    async stop() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("close", () => socket.destroy());
    socket.once("connect", () => socket.end());
  });
}
