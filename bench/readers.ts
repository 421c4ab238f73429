import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import autocannon from "autocannon";

const CONNECTIONS = 64;

export type Readers = { address: string; seconds: number; perSecond: number; folder: string };

/** wrk sends as fast as it is answered: a delay before each request, told by the clock, keeps it to a pace. */
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

/** Readers who open one page at a pace. @returns pages a second, and answers that were not the page. */
export async function readMany({ address, seconds, perSecond, folder }: Readers): Promise<{
  perSecond: number;
  failed: number;
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
    const failed = [...stdout.matchAll(/(?:Non-2xx or 3xx responses|connect|read|write|timeout):? (\d+)/g)];
    return {
      perSecond: Number(/Requests\/sec:\s*([\d.]+)/.exec(stdout)?.[1]),
      failed: failed.reduce((sum, [, count]) => sum + Number(count), 0),
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
    return { perSecond: result.requests.average, failed: result.non2xx + result.errors };
  } finally {
    await rm(script, { force: true });
  }
}
