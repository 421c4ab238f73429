import { setTimeout as sleep } from "node:timers/promises";

/**
 * Signings that one process works on at once. At the rate it keeps up they are done within a second; more would only wait
 * until all of them are late.
 */
export const SIGNINGS_IN_FLIGHT = 1_000;
/** How long a signer waits at most, in milliseconds. Behind a pooler, a database that is gone answers much later. */
export const SIGNING_LIMIT_MILLISECONDS = 4_500;

let inFlight = 0;

/**
 * Does the work within this process's limits. Null, without the database, when too many signings are under way; null, too,
 * when the work takes too long: it goes on, and signing again is safe.
 */
export async function withinCapacity<T>(work: () => Promise<T>): Promise<T | null> {
  if (inFlight >= SIGNINGS_IN_FLIGHT) return null;
  inFlight += 1;
  const working = work().finally(() => {
    inFlight -= 1;
  });
  const waited = new AbortController();
  const late = sleep(SIGNING_LIMIT_MILLISECONDS, null, { ref: false, signal: waited.signal }).catch(
    () => null,
  );
  try {
    return await Promise.race([working, late]);
  } finally {
    waited.abort();
    working.catch(() => {});
  }
}
