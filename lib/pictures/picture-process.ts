import { setPriority } from "node:os";
import { makePicture, type PictureJob } from "./job";

/** Niceness of the process, so that signing gets the processors first (setpriority(2): 19 is the nicest). */
const NICENESS = 10;

setPriority(NICENESS);

// One process a picture: whatever a file does to its decoder, the site goes on.
process.once("message", async (job: PictureJob) => {
  process.send?.(await makePicture(job), () => process.disconnect());
});
