import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { open } from "./encryption";
import { type Answer, type Packed, unpack } from "./opening-messages";

/** As nice as this, a thread leaves the processors to whoever signs meanwhile (setpriority(2): 19 is the nicest). */
const NICENESS = 10;

// On Linux this is of the calling thread alone, elsewhere it would be of the whole process.
if (process.platform === "linux") setPriority(NICENESS);

function answer(packed: Packed): Answer {
  try {
    const texts = unpack(packed).map(({ value, dataKeyId, place }) => open(value, dataKeyId, place));
    return { text: texts.join(""), lengths: Uint32Array.from(texts, ({ length }) => length) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : "unknown error" };
  }
}

parentPort?.on("message", (packed: Packed) => parentPort?.postMessage(answer(packed)));
parentPort?.postMessage("ready");
