import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { connectOrStart } from "@/lib/embedded-postgres";

/** A first start builds the site. */
const START_LIMIT_MS = 300_000;
const POLL_MS = 250;
/** How long until every process has heard of new limits. */
const ANNOUNCED_MS = 500;
/** Fixed, so that tests can sign what the provider would send. */
export const TEST_WEBHOOK_SECRET = `whsec_${Buffer.from("a secret that only tests know 32b").toString("base64")}`;
/**
 * Settings that an operator may have made and tests must not use: no mail may be sent, no real data touched.
 */
const NOT_FOR_TESTS = [
  "DATABASE_URL",
  "DEV_MAILBOX",
  "HOST",
  "MAIL_FROM",
  "MAIL_PROVIDER",
  "METRICS_TOKEN",
  "ORGANISATION_NAME",
  "RESEND_API_KEY",
  "RESEND_BASE_URL",
  "SITE_URL",
  "TRUSTED_PROXY_HOPS",
];

/** The highest limits an owner may set: all tests come from one network. */
export const NO_LIMIT_IN_THE_WAY = { perMinute: 600, perHour: 6_000 };

/**
 * Sets how many may sign from one network without a proof of work, as an owner would; in force within a
 * second.
 */
export async function limitNetworks({ perMinute, perHour }: typeof NO_LIMIT_IN_THE_WAY): Promise<void> {
  const client = new Client({ connectionString: process.env.TEST_DATABASE_URL });
  await client.connect();
  await client.query(
    `INSERT INTO abuse_policy SELECT id, $1, $2, 600000, 20000000, false, false FROM campaign
     ON CONFLICT (campaign_id) DO UPDATE SET network_per_minute = $1, network_per_hour = $2`,
    [perMinute, perHour],
  );
  await client.end();
  await sleep(ANNOUNCED_MS);
}

/**
 * Playwright's global setup: runs the whole site as `npm start` does, with its data in a temporary folder.
 * Tests find TEST_DATABASE_URL in their environment. Returns the function that stops it.
 */
export default async function startSite(): Promise<() => Promise<void>> {
  const port = process.env.TEST_PORT ?? "";
  const folder = await mkdtemp(path.join(tmpdir(), "petition-browser-"));
  await chmod(folder, 0o755);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_ENV: "production",
    DATA_FOLDER: folder,
    PORT: port,
    RESEND_WEBHOOK_SECRET: TEST_WEBHOOK_SECRET,
  };
  for (const name of NOT_FOR_TESTS) {
    delete env[name];
    delete env[`${name}_FILE`];
  }
  const site = spawn(process.execPath, ["--import", "tsx", "scripts/start.ts"], { env, stdio: "inherit" });
  const ended = new Promise<void>((resolve) => site.once("exit", () => resolve()));

  const stop = async (): Promise<void> => {
    if (site.exitCode === null && site.signalCode === null) site.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };

  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    const live = await fetch(`http://localhost:${port}/api/health/live`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (live) break;
    if (site.exitCode !== null || site.signalCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error("The site did not start: see above");
    }
    await sleep(POLL_MS);
  }
  process.env.TEST_DATA_FOLDER = folder;
  process.env.TEST_DATABASE_URL = (await connectOrStart(folder)).url;
  await limitNetworks(NO_LIMIT_IN_THE_WAY);
  return stop;
}
