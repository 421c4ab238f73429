import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { type DrawingJob, type Drawn, draw } from "./job";

/** Niceness of the thread, so that signing gets the processors first (setpriority(2): 19 is the nicest). */
const NICENESS = 10;

/** A thread's answer to a job. */
export type DrawingAnswer = Drawn | { error: string };

// On Linux this affects the calling thread alone; elsewhere it would affect the whole process.
if (process.platform === "linux") setPriority(NICENESS);

parentPort?.on("message", async (job: DrawingJob) => {
  try {
    const drawn = await draw(job);
    parentPort?.postMessage(drawn, [drawn.bytes.buffer]);
  } catch (error) {
    parentPort?.postMessage({ error: error instanceof Error ? error.message : "unknown error" });
  }
});
