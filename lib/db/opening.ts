import { availableParallelism } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { open } from "./encryption";
import { type Answer, pack, type Sealed } from "./opening-messages";

export type { Sealed };

/** Threads beyond this wait for the one that feeds them. */
const THREADS_MAX = 3;
/** What a thread may let lie before it collects its garbage, in megabytes: all of it is short-lived. */
const YOUNG_GENERATION_MEGABYTES = 8;

type Waiting = { resolve(texts: string[]): void; reject(error: Error): void };
type Thread = { worker: Worker; ready: boolean; waiting: Waiting[] };

// Next loads this module once per route bundle; a process has one set of threads.
const held = globalThis as { openingThreads?: { threads: Thread[]; users: number } };

/** Opens many sealed values, in their order. Throws as `open` does; `close` when nothing is opened any more. */
export type Opening = {
  /** How many calls of `openAll` keep every thread busy. */
  atOnce: number;
  openAll(values: readonly Sealed[]): Promise<readonly string[]>;
  close(): void;
};

/**
 * Has sealed values opened on threads of their own, which leave this one to whoever signs. All who open share them; until
 * the first is ready, values are opened here. The last to close ends them.
 */
export function beginOpening(): Opening {
  held.openingThreads ??= { threads: startThreads(), users: 0 };
  const shared = held.openingThreads;
  shared.users += 1;
  let closed = false;
  return {
    atOnce: shared.threads.length * 2,
    async openAll(values) {
      if (values.length === 0) return [];
      const [thread] = shared.threads
        .filter(({ ready }) => ready)
        .sort((one, other) => one.waiting.length - other.waiting.length);
      if (thread) return ask(thread, values);
      return values.map(({ value, dataKeyId, place }) => open(value, dataKeyId, place));
    },
    close() {
      if (closed) return;
      closed = true;
      shared.users -= 1;
      if (shared.users > 0) return;
      delete held.openingThreads;
      for (const { worker } of shared.threads) void worker.terminate();
    },
  };
}

function startThreads(): Thread[] {
  return Array.from({ length: Math.min(availableParallelism(), THREADS_MAX) }, startThread);
}

function startThread(): Thread {
  const file = path.join(/* turbopackIgnore: true */ process.cwd(), "lib/db/opening-thread.ts");
  const worker = new Worker(/* turbopackIgnore: true */ file, {
    execArgv: ["--import", "tsx"],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MEGABYTES },
  });
  const thread: Thread = { worker, ready: false, waiting: [] };
  worker.on("message", (message: "ready" | Answer) => {
    if (message === "ready") thread.ready = true;
    else answer(thread.waiting.shift(), message);
  });
  // A thread that ends by itself takes no more, and what it had in hand has failed.
  const ended = () => {
    thread.ready = false;
    for (const { reject } of thread.waiting.splice(0)) reject(new Error("a thread that opens values ended"));
  };
  worker.once("error", ended);
  worker.once("exit", ended);
  worker.unref();
  return thread;
}

function ask({ worker, waiting }: Thread, values: readonly Sealed[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    waiting.push({ resolve, reject });
    const packed = pack(values);
    worker.postMessage(packed, [packed.bytes.buffer]);
  });
}

function answer(waiting: Waiting | undefined, message: Answer): void {
  if ("error" in message) {
    waiting?.reject(new Error(message.error));
    return;
  }
  let at = 0;
  const texts = Array.from(message.lengths, (length) => {
    at += length;
    return message.text.slice(at - length, at);
  });
  waiting?.resolve(texts);
}
