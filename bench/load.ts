import { execFile } from "node:child_process";
import { promisify } from "node:util";
import autocannon from "autocannon";

const run = promisify(execFile);

export type Load = { address: string; seconds: number; connections: number };

/**
 * Requests one address as fast as it answers, using wrk if installed, else autocannon, which is slower.
 * @returns answers per second. Throws if any answer was not a 2xx.
 */
export async function answersPerSecond({ address, seconds, connections }: Load): Promise<number> {
  const args = ["-t1", `-c${connections}`, `-d${seconds}s`, "-H", "Accept-Encoding: gzip", address];
  const output = await run("wrk", args).then(
    ({ stdout }) => stdout,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    },
  );
  if (output !== null) {
    if (/Non-2xx|Socket errors/.test(output)) throw new Error(`answers failed under load: ${output}`);
    return Number(/Requests\/sec:\s*([\d.]+)/.exec(output)?.[1]);
  }
  const result = await autocannon({
    url: address,
    duration: seconds,
    connections,
    headers: { "accept-encoding": "gzip" },
  });
  if (result.non2xx + result.errors > 0) throw new Error("answers failed under load");
  return result.requests.average;
}
