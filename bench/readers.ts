import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import autocannon from "autocannon";

const CONNECTIONS = 64;

export type Readers = { address: string; seconds: number; perSecond: number; folder: string };

/** wrk sends as fast as it gets answers, so a clock-based delay before each request keeps it to a rate. */
const paced = (perSecond: number) => `
local ffi = require("ffi")
ffi.cdef[[typedef struct { long s; long ns; } moment; int clock_gettime(int, moment*);]]
local now = ffi.new("moment")
local due = 0
function delay()
  ffi.C.clock_gettime(1, now)
  local at = tonumber(now.s) * 1000 + tonumber(now.ns) / 1000000
  if due < at - 1000 then due = at end
  due = due + ${1_000 / perSecond}
  return math.max(0, math.floor(due - at))
end
`;

/** Returns the load generator for readers: wrk if installed, else autocannon. */
export async function readerProgram(): Promise<"wrk" | "autocannon"> {
  const { code } = await promisify(execFile)("wrk", ["-v"]).then(
    () => ({ code: "" }),
    (error: NodeJS.ErrnoException) => error,
  );
  return code === "ENOENT" ? "autocannon" : "wrk";
}

/**
 * Opens one page at a constant rate.
 * @returns pages per second, and counts by kind of requests that did not get the page.
 */
export async function readMany({ address, seconds, perSecond, folder }: Readers): Promise<{
  perSecond: number;
  failed: number;
  outcomes: Record<"status" | "connect" | "read" | "write" | "timeout", number>;
}> {
  const script = path.join(folder, "pace.lua");
  await writeFile(script, paced(perSecond));
  const args = [
    "-t1",
    `-c${CONNECTIONS}`,
    `-d${seconds}s`,
    "-s",
    script,
    "-H",
    "Accept-Encoding: gzip",
    address,
  ];
  try {
    const { stdout } = await promisify(execFile)("wrk", args);
    const count = (kind: string) => Number(new RegExp(`\\b${kind}:? (\\d+)`).exec(stdout)?.[1] ?? 0);
    const outcomes = {
      status: count("Non-2xx or 3xx responses"),
      connect: count("connect"),
      read: count("read"),
      write: count("write"),
      timeout: count("timeout"),
    };
    return {
      perSecond: Number(/Requests\/sec:\s*([\d.]+)/.exec(stdout)?.[1]),
      failed: Object.values(outcomes).reduce((sum, each) => sum + each, 0),
      outcomes,
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const result = await autocannon({
      url: address,
      duration: seconds,
      connections: CONNECTIONS,
      overallRate: perSecond,
      headers: { "accept-encoding": "gzip" },
    });
    const { non2xx, errors, timeouts } = result;
    const outcomes = { status: non2xx, connect: errors - timeouts, read: 0, write: 0, timeout: timeouts };
    return { perSecond: result.requests.average, failed: non2xx + errors, outcomes };
  } finally {
    await rm(script, { force: true });
  }
}
