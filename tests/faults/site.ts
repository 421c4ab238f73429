import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectOrStart, freePort } from "@/lib/embedded-postgres";
import { type FakeResend, startFakeResend } from "@/tests/support/fake-resend";

/** A first start may build the site. */
const START_LIMIT_MILLISECONDS = 300_000;
/** The longest that a killed process may take to be there again: the longest wait of its keeper, and its start. */
const COMEBACK_LIMIT_MILLISECONDS = 30_000;
const POLL_MILLISECONDS = 100;
const API_KEY = "re_faults_123";

export type Victim = "web" | "worker" | "database";

/** The whole site as `npm start` runs it, on a temporary folder, with a mail provider that the scenes have fail. */
export type Site = {
  url: string;
  port: number;
  folder: string;
  keeper: ChildProcess;
  resend: FakeResend;
  /** Where the database is. Throws while it is down, rather than starting one. */
  databaseUrl(): Promise<string>;
  /** The process id of one of its processes, waited for: it may still be on its way back from the last time. */
  processOf(victim: Victim): Promise<number>;
  /** Waits until it takes signatures. */
  ready(): Promise<void>;
  /** Resolves once everything of it has ended. */
  ended: Promise<void>;
  stop(): Promise<void>;
};

export async function startSite(): Promise<Site> {
  const folder = await mkdtemp(path.join(tmpdir(), "petition-faults-"));
  await chmod(folder, 0o755);
  const resend = await startFakeResend({ apiKey: API_KEY });
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const keeper = spawn(process.execPath, ["--import", "tsx", "scripts/start.ts"], {
    env: {
      ...process.env,
      NODE_ENV: "production",
      DATABASE_URL: "",
      DATA_FOLDER: folder,
      PORT: String(port),
      RESEND_API_KEY: resend.apiKey,
      RESEND_BASE_URL: resend.url,
      // Every signer comes from a network of their own: the limits of one network are not what is tested here.
      TRUSTED_PROXY_HOPS: "1",
    },
    // What it logs of its own falls is no news here.
    stdio: ["ignore", "ignore", process.env.FAULTS_VERBOSE ? "inherit" : "ignore"],
  });
  const ended = new Promise<void>((resolve) => keeper.once("exit", () => resolve()));
  const site: Site = {
    url,
    port,
    folder,
    keeper,
    resend,
    ended,
    async databaseUrl() {
      await site.processOf("database");
      return (await connectOrStart(folder)).url;
    },
    processOf: (victim) =>
      within(COMEBACK_LIMIT_MILLISECONDS, `the ${victim} does not come back`, () =>
        victim === "database" ? postmaster(folder) : childRunning(keeper, `scripts/${victim}.ts`),
      ),
    async ready() {
      await within(START_LIMIT_MILLISECONDS, "the site does not answer", () => {
        if (keeper.exitCode !== null) throw new Error("the site ended: FAULTS_VERBOSE=1 shows why");
        return fetch(`${url}/api/health/ready`, { signal: AbortSignal.timeout(5_000) }).then(
          (answer) => (answer.ok ? true : null),
          () => null,
        );
      });
    },
    async stop() {
      if (keeper.exitCode === null && keeper.signalCode === null) keeper.kill("SIGTERM");
      await ended;
      await resend.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await site.ready();
  } catch (error) {
    await site.stop();
    throw error;
  }
  return site;
}

/** Asks until there is an answer other than null. */
export async function within<T>(
  limitMilliseconds: number,
  otherwise: string,
  ask: () => Promise<T | null>,
): Promise<T> {
  const deadline = performance.now() + limitMilliseconds;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() > deadline) throw new Error(otherwise);
    await sleep(POLL_MILLISECONDS);
  }
}

/** The process that runs a script for the site; null while it is down. */
async function childRunning(keeper: ChildProcess, script: string): Promise<number | null> {
  const children = await readFile(`/proc/${keeper.pid}/task/${keeper.pid}/children`, "utf8").catch(() => "");
  for (const pid of children.split(" ").filter(Boolean)) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (command.includes(script)) return Number(pid);
  }
  return null;
}

/** The database's first process; null while it is down. */
async function postmaster(folder: string): Promise<number | null> {
  const lines = await readFile(path.join(folder, "postgres", "postmaster.pid"), "utf8").catch(() => "");
  const pid = Number(lines.split("\n")[0]);
  if (!pid) return null;
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return command.includes("postgres") ? pid : null;
}
