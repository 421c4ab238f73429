import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "@/scripts/support/environment";

const BACKOFF_FIRST_MS = 200;
const BACKOFF_LAST_MS = 5_000;
/** A child that ran this long was healthy, so its next restart is quick again. */
const HEALTHY_AFTER_MS = 10_000;
/** Slightly longer than the grace period that children allow themselves. */
const STOP_LIMIT_MS = 28_000;

export type Supervised = {
  /** Ends the current child; its replacement starts with the environment as it is then. */
  restart(): void;
  /** Ends the child for good, gracefully, and resolves when it is gone. */
  stop(): Promise<void>;
};

/** Waits longer after each consecutive failure; resets after a healthy period. */
export class Backoff {
  #delayMs = BACKOFF_FIRST_MS;

  async wait(livedMs: number, signal: AbortSignal): Promise<void> {
    if (livedMs > HEALTHY_AFTER_MS) this.#delayMs = BACKOFF_FIRST_MS;
    await sleep(this.#delayMs, undefined, { signal }).catch(() => {});
    this.#delayMs = Math.min(this.#delayMs * 2, BACKOFF_LAST_MS);
  }
}

/**
 * Keeps one of our scripts running as a separate process and restarts it if it dies. The child has an IPC
 * channel, whose end tells it that we were killed.
 */
export function supervise(name: string, script: string, args: string[], env: () => Environment): Supervised {
  const ending = new AbortController();
  let child: ChildProcess | null = null;

  const finished = (async () => {
    const backoff = new Backoff();
    while (!ending.signal.aborted) {
      const startedAt = Date.now();
      const running = spawn(process.execPath, ["--import", "tsx", script, ...args], {
        env: env() as NodeJS.ProcessEnv,
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      });
      child = running;
      const how = await new Promise<string>((resolve) => {
        running.once("error", (error) => resolve(error.message));
        running.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
      });
      child = null;
      if (ending.signal.aborted) return;
      console.error(`The ${name} process ended (${how}); starting it again`);
      await backoff.wait(Date.now() - startedAt, ending.signal);
    }
  })();

  return {
    restart: () => child?.kill("SIGTERM"),
    async stop() {
      ending.abort();
      const running = child;
      running?.kill("SIGTERM");
      const force = setTimeout(() => running?.kill("SIGKILL"), STOP_LIMIT_MS);
      await finished;
      clearTimeout(force);
    },
  };
}

/** Resolves when a supervised child should end, by a signal or because its supervisor is gone. */
export function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => resolve());
    if (process.channel) {
      process.once("disconnect", () => resolve());
    }
  });
}
