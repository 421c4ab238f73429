import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import { connectOrStart, freePort } from "@/lib/db/embedded";
import { type FailureMode, type FakeResend, startFakeResend } from "@/tests/support/fake-resend";

/** Signers who press at the same time. */
const SIGNERS = 8;
/** How long a signer waits for an answer, in milliseconds; none counts as not acknowledged. */
const PATIENCE_MILLISECONDS = 4_000;
/** Between two kills, in milliseconds: long enough to come back and be under load again. */
const KILL_INTERVAL_MILLISECONDS = 1_500;
const START_LIMIT_MILLISECONDS = 300_000;
/** After the last kill everything owed is sent within this time: a lease of 30 s, and the same again. */
const DRAIN_LIMIT_MILLISECONDS = 60_000;
/** The longest that a killed process may take to be there again: the longest wait of its keeper, and its start. */
const COMEBACK_LIMIT_MILLISECONDS = 15_000;
const POLL_MILLISECONDS = 250;
const API_KEY = "re_faults_123";
const TROUBLES: readonly FailureMode[] = ["500", "429", "nonsense", "cut-after-accept", "refused-connection"];

export type FaultCounts = {
  seconds: number;
  kills: { web: number; worker: number; database: number };
  attempts: number;
  acknowledged: number;
  rows: number;
  /** Acknowledged signatures without a row: each is a broken promise. */
  lost: number;
  /** Addresses that were mailed, and those mailed more than once, or not at all. */
  mailed: number;
  mailedTwice: number;
  unmailed: number;
  drainSeconds: number;
};

/** Whether what was promised was kept. */
export function promisesKept(counts: FaultCounts): boolean {
  return counts.acknowledged > 0 && counts.lost === 0 && counts.mailedTwice === 0 && counts.unmailed === 0;
}

/**
 * Runs the whole site with a mail provider that fails, signs all the time, and kills web, worker and database in turn
 * with SIGKILL. Traffic stays on loopback and ends by itself.
 * @param rounds how often each of the three is killed.
 */
export async function runFaults(rounds: number): Promise<FaultCounts> {
  const folder = await mkdtemp(path.join(tmpdir(), "petition-faults-"));
  await chmod(folder, 0o755);
  const resend = await startFakeResend({ apiKey: API_KEY });
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const site = spawn(process.execPath, ["--import", "tsx", "scripts/start.ts"], {
    env: {
      ...process.env,
      NODE_ENV: "production",
      DATABASE_URL: "",
      DATA_FOLDER: folder,
      PORT: String(port),
      BUILD_SETTINGS: "any",
      RESEND_API_KEY: resend.apiKey,
      RESEND_BASE_URL: resend.url,
      // Every signer comes from a network of their own: the limit of one network is not what is tested here.
      TRUSTED_PROXY_HOPS: "1",
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = new Promise<void>((resolve) => site.once("exit", () => resolve()));
  try {
    await answering(site, url);
    return await underFire({ url, folder, site, resend, rounds });
  } finally {
    if (site.exitCode === null && site.signalCode === null) site.kill("SIGTERM");
    await ended;
    await resend.close();
    await rm(folder, { recursive: true, force: true });
  }
}

type Scene = { url: string; folder: string; site: ChildProcess; resend: FakeResend; rounds: number };

async function underFire({ url, folder, site, resend, rounds }: Scene): Promise<FaultCounts> {
  const began = performance.now();
  const acknowledged = new Set<string>();
  let attempts = 0;
  let signing = true;
  const signers = Array.from({ length: SIGNERS }, async (_, signer) => {
    while (signing) {
      const email = `signer${signer}.${attempts++}@example.net`;
      if (await signed(url, email, attempts)) acknowledged.add(email);
    }
  });

  const kills = { web: 0, worker: 0, database: 0 };
  for (let round = 0; round < rounds; round++) {
    for (const victim of ["web", "worker", "database"] as const) {
      resend.fail(TROUBLES[(round + kills.web) % TROUBLES.length] ?? "500", 2);
      await sleep(KILL_INTERVAL_MILLISECONDS);
      const pid = await comingUp(() =>
        victim === "database" ? postmaster(folder) : childRunning(site, `scripts/${victim}.ts`),
      );
      process.kill(pid, "SIGKILL");
      kills[victim]++;
    }
  }
  await sleep(KILL_INTERVAL_MILLISECONDS);
  signing = false;
  await Promise.all(signers);
  resend.recover();
  await answering(site, url);
  const drainBegan = performance.now();
  const { url: databaseUrl } = await connectOrStart(folder);
  const rows = await drained(databaseUrl);
  const drainSeconds = (performance.now() - drainBegan) / 1000;

  const mails = new Map<string, number>();
  for (const { to } of resend.accepted) mails.set(String(to), (mails.get(String(to)) ?? 0) + 1);
  return {
    seconds: (performance.now() - began) / 1000,
    kills,
    attempts,
    acknowledged: acknowledged.size,
    rows,
    // An acknowledged signature is owed one mail, so one without a row is one without a mail as well.
    lost: [...acknowledged].filter((email) => !mails.has(email)).length,
    mailed: mails.size,
    mailedTwice: [...mails.values()].filter((times) => times > 1).length,
    unmailed: rows - mails.size,
    drainSeconds,
  };
}

/** The process id of a victim, waited for: it may still be on its way back from the last time. */
async function comingUp(find: () => Promise<number | null>): Promise<number> {
  const deadline = Date.now() + COMEBACK_LIMIT_MILLISECONDS;
  for (;;) {
    const pid = await find();
    if (pid !== null) return pid;
    if (Date.now() > deadline) throw new Error("a process that was killed does not come back");
    await sleep(POLL_MILLISECONDS);
  }
}

/** Signs as a program would. True only for the answer that promises: 202. */
async function signed(url: string, email: string, number: number): Promise<boolean> {
  const network = `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
  try {
    const answer = await fetch(`${url}/api/petitions/${CAMPAIGN_SLUG}/signatures`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", "x-forwarded-for": network },
      body: JSON.stringify({ name: "Zarghuna Kargar", email, country: "AF", consent: "yes", locale: "ps" }),
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    });
    await answer.body?.cancel();
    if (answer.status !== 202) await sleep(POLL_MILLISECONDS);
    return answer.status === 202;
  } catch {
    await sleep(POLL_MILLISECONDS);
    return false;
  }
}

async function answering(site: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MILLISECONDS;
  while (Date.now() < deadline && site.exitCode === null) {
    const ready = await fetch(`${url}/api/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await sleep(POLL_MILLISECONDS);
  }
  throw new Error("the site does not answer");
}

/** Waits until no mail is owed any more. @returns the signatures there are. */
async function drained(databaseUrl: string): Promise<number> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const deadline = Date.now() + DRAIN_LIMIT_MILLISECONDS;
    for (;;) {
      const { rows } = await client.query<{ owed: number; signatures: number }>(
        `SELECT (SELECT count(*) FROM mail WHERE state IN ('queued', 'batched'))::int AS owed,
          (SELECT count(*) FROM signature)::int AS signatures`,
      );
      const [counts] = rows;
      if (counts === undefined) throw new Error("the database counts nothing");
      if (counts.owed === 0 || Date.now() > deadline) return counts.signatures;
      await sleep(POLL_MILLISECONDS);
    }
  } finally {
    await client.end();
  }
}

/** The process that runs a script for the site, by its place in the process table; null while it is down. */
async function childRunning(site: ChildProcess, script: string): Promise<number | null> {
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const [command, status] = await Promise.all([
      readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => ""),
      readFile(`/proc/${entry}/status`, "utf8").catch(() => ""),
    ]);
    if (command.includes(script) && new RegExp(`^PPid:\\s+${site.pid}$`, "m").test(status))
      return Number(entry);
  }
  return null;
}

/** The database's first process; null while it is down. */
async function postmaster(folder: string): Promise<number | null> {
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const command = await readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => "");
    const [program = "", ...args] = command.split("\0");
    if (program.endsWith("/postgres") && args.some((argument) => argument.startsWith(folder)))
      return Number(entry);
  }
  return null;
}
