import { AsyncLocalStorage } from "node:async_hooks";
import path from "node:path";
import { codeOf, isOfDatabase, type Trouble, troubleLine, troubleOf } from "@/lib/db/trouble";
import { perProcess } from "@/lib/per-process";

type Fields = Record<string, string | number | boolean | null | undefined>;

/** Frames of a stack that are kept: enough to find the place. */
const FRAMES_KEPT = 3;
/** Trouble with the database meets every request: each kind is told once in this time for each event, in milliseconds. */
const TROUBLE_TOLD_MILLISECONDS = 60_000;
/** What is running: `web`, `worker`, or another of our programs. */
const PROGRAM = path.basename(process.argv[1] ?? "", ".ts");

/** A request that is being answered: its number in this process, and the class of its address, asked for when it is told. */
type RequestUnderWay = { number: number; route: () => string };

const requests = perProcess("log requests", () => new AsyncLocalStorage<RequestUnderWay | null>());
const counter = perProcess("log counter", () => ({ requests: 0 }));

/** A request begins: every line that is written in what follows from here says for which. @param route its class of address. */
export function beginRequest(route: () => string): void {
  counter.requests += 1;
  requests.enterWith({ number: counter.requests, route });
}

/** Does work that a request only happened to begin: lines are of no request. */
export function forNoRequest<T>(work: () => T): T {
  return requests.run(null, work);
}

/** What went wrong, as far as it may be told: a message may quote what somebody typed, name, code and place may not. */
function describe(error: unknown): Fields {
  if (!(error instanceof Error)) return { error: "unknown error" };
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const at = frames
    .slice(0, FRAMES_KEPT)
    .map((frame) => frame.trim())
    .join(" ");
  return { error: error.name, code: codeOf(error), at };
}

function write(level: "info" | "warn" | "error", event: string, fields: Fields): void {
  const request = requests.getStore();
  const where = { program: PROGRAM, pid: process.pid, request: request?.number, route: request?.route() };
  const line = { time: new Date().toISOString(), level, event, ...where, ...fields };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

const troubles = new Map<string, { toldAt: number; untold: number }>();

/** What an operator has to do about the database, and how often it was left out since; null while it was told lately. */
function advice(event: string, trouble: Trouble): Fields | null {
  const { kind, code } = trouble;
  const known = troubles.get(`${event} ${kind}`);
  const now = performance.now();
  if (known && now - known.toldAt < TROUBLE_TOLD_MILLISECONDS) {
    known.untold += 1;
    return null;
  }
  troubles.set(`${event} ${kind}`, { toldAt: now, untold: 0 });
  return { code, trouble: kind, advice: troubleLine(trouble), untold: known?.untold ?? 0 };
}

function writeError(event: string, error: unknown, fields: Fields): void {
  const trouble = isOfDatabase(error) ? troubleOf(error) : null;
  const advised = trouble === null ? {} : advice(event, trouble);
  if (advised === null) return;
  const { at, ...described } = describe(error);
  // Where trouble with the database surfaced in our code helps nobody to end it.
  write("error", event, { ...fields, ...described, ...(trouble === null ? { at } : advised) });
}

/**
 * One line of JSON for each event, on standard error: when, in which process, for which request (its number in that process
 * and the class of its address), what. Never give it a name, an address, a token, or a path that may hold one; an error is
 * reduced to its name, its code and where it arose, trouble with the database to what is to be done about it.
 */
export const log = {
  info: (event: string, fields: Fields = {}): void => write("info", event, fields),
  warn: (event: string, fields: Fields = {}): void => write("warn", event, fields),
  error: (event: string, error: unknown, fields: Fields = {}): void => writeError(event, error, fields),
};
