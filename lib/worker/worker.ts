import { setTimeout as sleep } from "node:timers/promises";
import { v4 as uuidv4 } from "uuid";
import { isRush } from "@/lib/abuse";
import { log } from "@/lib/log";
import { type MailTransport, sendOnce } from "@/lib/mail";
import { JOBS, type Job } from "./jobs";

/** Mail batches one worker handles at once: while one is being sent, the next is composed. */
const BATCHES_AT_ONCE = 2;
/** How often an idle worker looks for mail and jobs, in milliseconds. */
const IDLE_MILLISECONDS = 300;
/** How long a worker waits after an error, in milliseconds. */
const TROUBLE_MILLISECONDS = 1_000;
/** How soon a job postponed in a rush is checked again, in milliseconds. */
const POSTPONED_MILLISECONDS = 60_000;

/**
 * Sends mail and runs the periodic jobs until the signal aborts. Finishes or releases mail in hand first. Any
 * number of workers may run. Database errors are logged and retried, never fatal.
 */
export async function runWorker(transport: MailTransport, signal: AbortSignal): Promise<void> {
  const sending = Array.from({ length: BATCHES_AT_ONCE }, () => {
    const workerId = uuidv4();
    return repeat(signal, () => sendOnce(transport, workerId, signal));
  });
  await Promise.all([runJobs(JOBS, signal), ...sending]);
}

/** Runs due jobs one after another until the signal aborts. An error in one leaves the others running. */
export async function runJobs(jobs: readonly Job[], signal: AbortSignal): Promise<void> {
  // A monotonic clock: if the time of day were set back, due jobs would be delayed.
  const schedule = jobs.map((job) => ({ job, dueAt: 0, ranAt: performance.now(), running: false }));
  await repeat(signal, async () => {
    let more = false;
    for (const entry of schedule) {
      if (signal.aborted) return false;
      const now = performance.now();
      if (entry.running || now < entry.dueAt) continue;
      if (await isPostponed(entry.job, now - entry.ranAt)) {
        entry.dueAt = now + POSTPONED_MILLISECONDS;
        continue;
      }
      entry.ranAt = now;
      entry.dueAt = now + entry.job.everySeconds * 1_000;
      entry.running = true;
      const running = runJob(entry.job).finally(() => {
        entry.running = false;
      });
      if (!entry.job.inBackground && (await running)) {
        entry.dueAt = now;
        more = true;
      }
    }
    return more;
  });
}

/** @returns whether the job has more to do. */
async function runJob({ name, run }: Job): Promise<boolean> {
  try {
    return (await run()) === true;
  } catch (error) {
    log.error("job failed, it runs again later", error, { job: name });
    return false;
  }
}

async function isPostponed(job: Job, sinceLastRun: number): Promise<boolean> {
  const { postponedInRushSeconds } = job;
  if (postponedInRushSeconds === undefined || sinceLastRun >= postponedInRushSeconds * 1_000) return false;
  return isRush().catch(() => true);
}

/** Repeats a step until the signal aborts. Pauses after each run that found nothing to do. */
async function repeat(signal: AbortSignal, step: () => Promise<boolean>): Promise<void> {
  while (!signal.aborted) {
    try {
      if (!(await step())) await sleep(IDLE_MILLISECONDS, undefined, { signal }).catch(() => {});
    } catch (error) {
      log.error("the worker is in trouble, trying again", error);
      await sleep(TROUBLE_MILLISECONDS, undefined, { signal }).catch(() => {});
    }
  }
}
