import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@/lib/embedded-postgres";

const POLL_MILLISECONDS = 100;

/** A second web process of the build under test. */
export type WebProcess = { port: number; stop(): Promise<void> };

/** Starts a web process with settings of its own, beside the site under test and on the same data. */
export async function startWebProcess(settings: Record<string, string>): Promise<WebProcess> {
  const port = await freePort();
  const secrets = await readFile(path.join(process.env.TEST_DATA_FOLDER ?? "", "secrets.json"), "utf8");
  const web = spawn(process.execPath, ["--import", "tsx", "scripts/web.ts"], {
    stdio: "inherit",
    env: {
      ...process.env,
      ...(JSON.parse(secrets) as Record<string, string>),
      NODE_ENV: "production",
      DATABASE_URL: process.env.TEST_DATABASE_URL ?? "",
      PORT: String(port),
      ...settings,
    },
  });
  const ended = once(web, "exit");
  while (!(await fetch(`http://localhost:${port}/api/health/live`).catch(() => null))) {
    if (web.exitCode !== null) throw new Error("the web process ended: see above");
    await sleep(POLL_MILLISECONDS);
  }
  return {
    port,
    async stop() {
      if (web.exitCode === null && web.signalCode === null) web.kill("SIGTERM");
      await ended;
    },
  };
}
