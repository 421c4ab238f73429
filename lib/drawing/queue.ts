import { availableParallelism } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { log } from "@/lib/log";
import { perProcess } from "@/lib/per-process";
import type { DrawingAnswer } from "./drawing-thread";
import type { DrawingJob, Drawn } from "./job";
import { DrawingQueueFull } from "./queue-full";

/**
 * Classes of drawings, most urgent first. Pictures are few; printed files are unlimited, since each share
 * code makes another one, so they must not delay pictures.
 */
const CLASSES = ["picture", "packet", "print"] as const;
type DrawingClass = (typeof CLASSES)[number];
const CLASS_OF: Record<DrawingJob["kind"], DrawingClass> = {
  picture: "picture",
  packet: "packet",
  poster: "print",
  sheet: "print",
  qr: "print",
};

const THREADS_MAX = 2;
/** Drawings of one class that may wait. The seeded campaign has twelve pictures. */
const WAITING_MAX = 12;
/** The slowest drawing takes some seconds. */
const DRAWING_LIMIT_MS = 60_000;

type Waiting = { job: DrawingJob; resolve(drawn: Drawn): void; reject(error: Error): void };

export type DrawingQueueOptions = { threads: number; waitingMax: number };

/** Draws files on worker threads, so the event loop stays free. The queue is bounded. */
export class DrawingQueue {
  readonly #threads: number;
  readonly #waitingMax: number;
  readonly #waiting: Record<DrawingClass, Waiting[]> = { picture: [], packet: [], print: [] };
  #idle: Worker[] = [];
  readonly #all = new Set<Worker>();

  constructor({ threads, waitingMax }: DrawingQueueOptions) {
    this.#threads = threads;
    this.#waitingMax = waitingMax;
  }

  /** Whether a drawing of this kind would be refused now. */
  isFull(kind: DrawingJob["kind"]): boolean {
    const free = this.#idle.length > 0 || this.#all.size < this.#threads;
    return !free && this.#waiting[CLASS_OF[kind]].length >= this.#waitingMax;
  }

  /** Draws a file. Throws DrawingQueueFull if too many are waiting, or an error if drawing fails. */
  async draw(job: DrawingJob): Promise<Drawn> {
    if (this.isFull(job.kind)) throw new DrawingQueueFull(`too many drawings wait: ${job.kind}`);
    return new Promise((resolve, reject) => {
      this.#waiting[CLASS_OF[job.kind]].push({ job, resolve, reject });
      this.#next();
    });
  }

  /** Stops the threads. Drawings in progress fail. */
  async close(): Promise<void> {
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }

  #next(): void {
    const list = CLASSES.map((name) => this.#waiting[name]).find(({ length }) => length > 0);
    if (list === undefined) return;
    const worker = this.#idle.pop() ?? (this.#all.size < this.#threads ? this.#start() : undefined);
    if (worker === undefined) return;
    const waiting = list.shift();
    if (waiting !== undefined) this.#ask(worker, waiting);
  }

  #start(): Worker {
    const file = path.join(/* turbopackIgnore: true */ process.cwd(), "lib/drawing/drawing-thread.ts");
    const worker = new Worker(/* turbopackIgnore: true */ file, { execArgv: ["--import", "tsx"] });
    worker.unref();
    // `#next` starts a replacement when there is something to draw.
    worker.on("error", (error) => log.error("a thread that draws failed", error));
    worker.on("exit", () => {
      this.#all.delete(worker);
      this.#idle = this.#idle.filter((other) => other !== worker);
    });
    this.#all.add(worker);
    return worker;
  }

  #ask(worker: Worker, { job, resolve, reject }: Waiting): void {
    const overdue = setTimeout(() => worker.terminate(), DRAWING_LIMIT_MS);
    overdue.unref();
    const answered = (answer: DrawingAnswer) => {
      settle();
      this.#idle.push(worker);
      if ("error" in answer) reject(new Error(`a drawing failed: ${answer.error}`));
      else resolve(answer);
      this.#next();
    };
    const ended = () => {
      settle();
      reject(new Error("a thread that draws ended"));
      this.#next();
    };
    const settle = () => {
      clearTimeout(overdue);
      worker.off("message", answered).off("exit", ended);
    };
    worker.on("message", answered).on("exit", ended);
    worker.postMessage(job);
  }
}

/** Returns the queue of this process. */
export function drawingQueue(): DrawingQueue {
  const limits = { threads: Math.min(availableParallelism(), THREADS_MAX), waitingMax: WAITING_MAX };
  return perProcess("drawing/queue", () => new DrawingQueue(limits));
}
