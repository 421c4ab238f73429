import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { type Answer, type Task, unpack } from "./decryption-messages";
import { fingerprintOf } from "./fingerprint";
import { openPerson, openPersonText } from "./person";

/** Niceness at which a thread yields to people signing (setpriority(2): 19 is the nicest). */
const NICENESS = 10;

// On Linux this affects only the calling thread; elsewhere it would affect the whole process.
if (process.platform === "linux") setPriority(NICENESS);

function answer({ packed, seed }: Task): Answer {
  try {
    const rows = unpack(packed);
    if (seed === null) return { text: rows.map(openPersonText).join("") };
    const names = new Float64Array(rows.length);
    const mailboxes = new Float64Array(rows.length);
    rows.forEach((row, number) => {
      const { name, mailbox } = fingerprintOf(openPerson(row), seed);
      names[number] = name;
      mailboxes[number] = mailbox;
    });
    return { names, mailboxes };
  } catch (error) {
    return { error: error instanceof Error ? error.message : "unknown error" };
  }
}

parentPort?.on("message", (task: Task) => {
  const said = answer(task);
  parentPort?.postMessage(said, "names" in said ? [said.names.buffer, said.mailboxes.buffer] : []);
});
parentPort?.postMessage("ready");
