import { AsyncLocalStorage } from "node:async_hooks";
import path from "node:path";
import { codeOf, isOfDatabase, type Trouble, troubleLine, troubleOf } from "@/lib/db/trouble";
import { perProcess } from "@/lib/per-process";

type Fields = Record<string, string | number | boolean | null | undefined>;

/** Stack frames to log: enough to find the place. */
const FRAMES_KEPT = 3;
/**
 * Database trouble affects every request, so each kind is
 * logged at most once per event in this time, in milliseconds.
 */
const TROUBLE_TOLD_MILLISECONDS = 60_000;
/** The program that is running: `web`, `worker` or another of ours. */
const PROGRAM = path.basename(process.argv[1] ?? "", ".ts");

/**
 * The current request: its number in this process, and a
 * function that returns its route class when a line is logged.
 */
type RequestUnderWay = { number: number; route: () => string };

const requests = perProcess("log requests", () => new AsyncLocalStorage<RequestUnderWay | null>());
const counter = perProcess("log counter", () => ({ requests: 0 }));

/**
 * Starts a request context. Log lines inside it carry the request's number and route.
 * @param route returns the route class.
 */
export function beginRequest(route: () => string): void {
  counter.requests += 1;
  requests.enterWith({ number: counter.requests, route });
}

/** Runs work that a request merely triggered. Its log lines carry no request. */
export function forNoRequest<T>(work: () => T): T {
  return requests.run(null, work);
}

/**
 * Describes an error without its message, which may quote what somebody typed. Name, code and place may not.
 */
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

/**
 * Tells an operator what to do about the database, and how many
 * lines were suppressed since; null if it was logged recently.
 */
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
  // The place in our code where database trouble surfaced does not help to fix it.
  write("error", event, { ...fields, ...described, ...(trouble === null ? { at } : advised) });
}

/**
 * Writes one JSON line per event to standard error: time,
 * process, request (its number and route class) and event.
 * Never pass a name, an address, a token, or a path that may contain one. Errors are reduced to name, code
 * and place; database trouble to what to do about it.
 */
export const log = {
  info: (event: string, fields: Fields = {}): void => write("info", event, fields),
  warn: (event: string, fields: Fields = {}): void => write("warn", event, fields),
  error: (event: string, error: unknown, fields: Fields = {}): void => writeError(event, error, fields),
};

/**
 * Has what libraries report as errors on the console logged like our own: without the messages, which may quote
 * what somebody typed. Next prints every error of a page or a Server Action.
 */
export function logConsoleErrors(): void {
  console.error = (...said: unknown[]) =>
    log.error("a library reported an error", said.find((each) => each instanceof Error) ?? said[0]);
}
