import { availableParallelism } from "node:os";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { perProcess } from "@/lib/per-process";
import { type Answer, asSealedPerson, pack, type SealedRow, type Task } from "./decryption-messages";
import { fingerprintOf } from "./fingerprint";
import { END_OF_PART, openPerson, openPersonText, PARTS_OF_PERSON, type Person } from "./person";

export type { SealedRow };

/** Most threads. More would only wait for the one that feeds them. */
const THREADS_MAX = 3;
/** Size of a thread's young generation, in megabytes. All its garbage is short-lived. */
const YOUNG_GENERATION_MEGABYTES = 8;
/** People opened on this thread per turn of the event loop: about a millisecond of work. */
const OPENED_IN_ONE_TURN = 200;

/** Hashes of many people, in the order given; see `Fingerprint`. */
export type Fingerprints = { names: Float64Array; mailboxes: Float64Array };

type Told = Exclude<Answer, { error: string }>;
type Waiting = { resolve(answer: Told): void; reject(error: Error): void };
type Thread = { worker: Worker; ready: boolean; waiting: Waiting[] };

const state = perProcess(
  "people/decryption-pool",
  (): { decryptionPool?: { threads: Thread[]; users: number } } => ({}),
);

/** Decrypts many sealed people. Throws as `openPerson` does. Call `close` when done. */
export type DecryptionPool = {
  /** How many concurrent calls keep every thread busy. */
  atOnce: number;
  /** Returns the parts of all people in a row, `PARTS_OF_PERSON` for each. Cheaper than objects. */
  openParts(rows: readonly SealedRow[]): Promise<readonly string[]>;
  fingerprints(rows: readonly SealedRow[], seed: number): Promise<Fingerprints>;
  close(): void;
};

/**
 * Starts decrypting on worker threads, which leave this thread to people signing. All callers share one pool.
 * Until a thread is ready, people are decrypted here. The last `close` ends the threads.
 */
export function beginDecrypting(): DecryptionPool {
  state.decryptionPool ??= { threads: startThreads(), users: 0 };
  const shared = state.decryptionPool;
  shared.users += 1;
  let closed = false;

  const readyThread = () =>
    shared.threads
      .filter(({ ready }) => ready)
      .sort((one, other) => one.waiting.length - other.waiting.length)[0];

  return {
    atOnce: shared.threads.length * 2,
    async openParts(rows) {
      if (rows.length === 0) return [];
      const thread = readyThread();
      const said = thread ? await ask(thread, { packed: pack(rows), seed: null }) : null;
      const text = said && "text" in said ? said.text : rows.map(asSealedPerson).map(openPersonText).join("");
      const parts = text.split(END_OF_PART);
      // Nothing follows the last end mark.
      parts.pop();
      if (parts.length !== rows.length * PARTS_OF_PERSON) throw new Error("a person of other parts");
      return parts;
    },
    async fingerprints(rows, seed) {
      const thread = readyThread();
      const said = thread && rows.length > 0 ? await ask(thread, { packed: pack(rows), seed }) : null;
      if (said && "names" in said) return said;
      const prints = rows.map((row) => fingerprintOf(openPerson(asSealedPerson(row)), seed));
      return {
        names: Float64Array.from(prints, ({ name }) => name),
        mailboxes: Float64Array.from(prints, ({ mailbox }) => mailbox),
      };
    },
    close() {
      if (closed) return;
      closed = true;
      shared.users -= 1;
      if (shared.users > 0) return;
      delete state.decryptionPool;
      for (const { worker } of shared.threads) void worker.terminate();
    },
  };
}

/**
 * Decrypts up to some thousands of people on this thread, a few per turn of the event loop so that other work
 * can proceed. Starting threads would take longer.
 */
export async function openPeople(rows: readonly SealedRow[]): Promise<Person[]> {
  const people: Person[] = [];
  for (let from = 0; from < rows.length; from += OPENED_IN_ONE_TURN) {
    if (from > 0) await nextTurn();
    for (const row of rows.slice(from, from + OPENED_IN_ONE_TURN))
      people.push(openPerson(asSealedPerson(row)));
  }
  return people;
}

function startThreads(): Thread[] {
  return Array.from({ length: Math.min(availableParallelism(), THREADS_MAX) }, startThread);
}

function startThread(): Thread {
  const file = path.join(/* turbopackIgnore: true */ process.cwd(), "lib/people/decryption-thread.ts");
  const worker = new Worker(/* turbopackIgnore: true */ file, {
    execArgv: ["--import", "tsx"],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MEGABYTES },
  });
  const thread: Thread = { worker, ready: false, waiting: [] };
  worker.on("message", (message: "ready" | Answer) => {
    if (message === "ready") thread.ready = true;
    else settle(thread.waiting.shift(), message);
  });
  // A thread that has ended takes no more tasks; those it had fail.
  const ended = () => {
    thread.ready = false;
    for (const { reject } of thread.waiting.splice(0)) reject(new Error("a thread that opens people ended"));
  };
  worker.once("error", ended);
  worker.once("exit", ended);
  worker.unref();
  return thread;
}

function ask({ worker, waiting }: Thread, task: Task): Promise<Told> {
  return new Promise((resolve, reject) => {
    waiting.push({ resolve, reject });
    const { values, lengths, ids, keyOf } = task.packed;
    worker.postMessage(task, [values.buffer, lengths.buffer, ids.buffer, keyOf.buffer]);
  });
}

function settle(waiting: Waiting | undefined, message: Answer): void {
  if ("error" in message) waiting?.reject(new Error(message.error));
  else waiting?.resolve(message);
}
