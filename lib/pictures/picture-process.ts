import { setPriority } from "node:os";
import { PROCESSOR_SECONDS } from "./formats";
import { makePicture, type PictureAnswer, type PictureJob } from "./job";

/** Niceness of the process, so that signing gets the processors first (setpriority(2): 19 is the nicest). */
const NICENESS = 10;
const LOOK_MILLISECONDS = 500;
const MICROSECONDS = 1_000_000;

setPriority(NICENESS);

// One process a picture: whatever a file does to its decoder, the site goes on.
process.once("message", async (job: PictureJob) => {
  const watch = setInterval(() => {
    const { user, system } = process.cpuUsage();
    // A decoder that is under way cannot be stopped but with its process.
    if (user + system > PROCESSOR_SECONDS * MICROSECONDS) answer({ kind: "slow" }, () => process.exit());
  }, LOOK_MILLISECONDS);
  const made = await makePicture(job);
  clearInterval(watch);
  answer(made, () => process.disconnect());
});

function answer(made: PictureAnswer, sent: () => void): void {
  process.send?.(made, sent);
}
