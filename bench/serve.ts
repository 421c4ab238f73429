import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@/lib/embedded-postgres";
import type { Context } from "./types";

/** A first start builds the site. */
const START_LIMIT_MILLISECONDS = 240_000;
const POLL_MILLISECONDS = 250;

export type Site = { url: string; pid: number; stop(): Promise<void> };

/** Starts a command that serves on `PORT` and waits until an address, if given, answers. `stop` ends it. */
export async function serve(
  args: string[],
  context: Context,
  { ready, env = () => ({}) }: { ready: string | null; env?: (url: string) => Record<string, string> },
): Promise<Site> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const child: ChildProcess = spawn(process.execPath, args, {
    env: { ...process.env, ...context.env, ...env(url), PORT: String(port) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await ended;
  };
  const deadline = Date.now() + START_LIMIT_MILLISECONDS;
  while (Date.now() < deadline && child.exitCode === null) {
    if (ready === null) return { url, pid: child.pid ?? 0, stop };
    const ok = await fetch(url + ready).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ok) return { url, pid: child.pid ?? 0, stop };
    await sleep(POLL_MILLISECONDS);
  }
  await stop();
  throw new Error(`${args.join(" ")} did not answer`);
}
