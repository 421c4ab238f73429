import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { type DrawingJob, type Drawn, draw } from "./job";

/** As nice as this, a thread leaves the processors to whoever signs meanwhile (setpriority(2): 19 is the nicest). */
const NICENESS = 10;

/** What a thread answers each job with. */
export type DrawingAnswer = Drawn | { error: string };

// On Linux this is of the calling thread alone, elsewhere it would be of the whole process.
if (process.platform === "linux") setPriority(NICENESS);

parentPort?.on("message", async (job: DrawingJob) => {
  try {
    const drawn = await draw(job);
    parentPort?.postMessage(drawn, [drawn.bytes.buffer]);
  } catch (error) {
    parentPort?.postMessage({ error: error instanceof Error ? error.message : "unknown error" });
  }
});
