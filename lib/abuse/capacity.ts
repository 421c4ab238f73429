/**
 * Signings that one process works on at once. At the rate it keeps up they are done within a second; more would only wait
 * until all of them are late.
 */
export const SIGNINGS_IN_FLIGHT = 1_000;

let inFlight = 0;

/** Does the work unless this process is at its limit of signings; null then, at once and without the database. */
export async function withinCapacity<T>(work: () => Promise<T>): Promise<T | null> {
  if (inFlight >= SIGNINGS_IN_FLIGHT) return null;
  inFlight += 1;
  try {
    return await work();
  } finally {
    inFlight -= 1;
  }
}
