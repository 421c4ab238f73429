import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** Runs a program to completion, without a shell. */
export const run = promisify(execFile);

/** Polling interval, in milliseconds. */
export const POLL_MS = 50;

/** Identifies a process. The start time tells it apart from a later process with the same number. */
export type ProcessIdentity = { pid: number; startedAt: string };

/** Returns the identity of a process; `startedAt` is empty if it is not running. */
export async function identityOf(pid: number): Promise<ProcessIdentity> {
  return { pid, startedAt: (await startTimeOf(pid)) ?? "" };
}

/** Whether that very process is still running. */
export async function isAlive({ pid, startedAt }: ProcessIdentity): Promise<boolean> {
  return (await startTimeOf(pid)) === startedAt;
}

/** Waits for a process to end. @returns false if it still runs after `limitMs`. */
export async function waitUntilGone(identity: ProcessIdentity, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (await isAlive(identity)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** Returns the command line of a process, or an empty text if it is not running. */
export async function commandOf(pid: number): Promise<string> {
  if (process.platform === "linux") {
    const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    return line.replaceAll("\0", " ");
  }
  return ps("command=", pid);
}

/** Returns a process's start time, for comparison only; null if the process is gone or a zombie. */
async function startTimeOf(pid: number): Promise<string | null> {
  if (process.platform === "linux") {
    const line = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
    // The second field is the name in brackets, which may contain anything: count from after its end.
    const fields = line?.slice(line.lastIndexOf(")") + 2).split(" ");
    const [state, start] = [fields?.[0], fields?.[19]];
    return start === undefined || state === "Z" || state === "X" ? null : start;
  }
  return (await ps("lstart=", pid)).trim() || null;
}

async function ps(column: string, pid: number): Promise<string> {
  const { stdout } = await run("ps", ["-o", column, "-p", String(pid)]).catch(() => ({ stdout: "" }));
  return stdout;
}
