import { availableParallelism } from "node:os";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { perProcess } from "@/lib/per-process";
import { type Answer, asSealedPerson, pack, type SealedRow, type Task } from "./decryption-messages";
import { fingerprintOf } from "./fingerprint";
import { END_OF_PART, openPerson, openPersonText, PARTS_OF_PERSON, type Person } from "./person";

export type { SealedRow };

/** Threads beyond this wait for the one that feeds them. */
const THREADS_MAX = 3;
/** What a thread may let lie before it collects its garbage, in megabytes: all of it is short-lived. */
const YOUNG_GENERATION_MEGABYTES = 8;
/** People opened here in one turn of the event loop: about a millisecond, after which others go on. */
const OPENED_IN_ONE_TURN = 200;

/** Hashes of many people, in their order; see `Fingerprint`. */
export type Fingerprints = { names: Float64Array; mailboxes: Float64Array };

type Told = Exclude<Answer, { error: string }>;
type Waiting = { resolve(answer: Told): void; reject(error: Error): void };
type Thread = { worker: Worker; ready: boolean; waiting: Waiting[] };

const state = perProcess(
  "people/decryption-pool",
  (): { decryptionPool?: { threads: Thread[]; users: number } } => ({}),
);

/** Opens many sealed people. Throws as `openPerson` does; `close` when nothing is opened any more. */
export type DecryptionPool = {
  /** How many calls keep every thread busy. */
  atOnce: number;
  /** The parts of all people in a row, as many for each as `PARTS_OF_PERSON`: cheaper than objects. */
  openParts(rows: readonly SealedRow[]): Promise<readonly string[]>;
  fingerprints(rows: readonly SealedRow[], seed: number): Promise<Fingerprints>;
  close(): void;
};

/**
 * Starts opening many people on threads of their own, which leave this one to whoever signs. All users share them; until
 * the first is ready, people are opened here. The last to close ends them.
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
      // Behind the last end there is nothing.
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
 * Opens some thousands of people here, a few in each turn of the event loop so that others go on in between. Starting
 * threads would take longer.
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
  // A thread that ends by itself takes no more, and what it had in hand has failed.
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
