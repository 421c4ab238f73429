import { setTimeout as sleep } from "node:timers/promises";

/**
 * Time grid for responses whose timing must not reveal what is in
 * the database, in milliseconds from the start of the request.
 * Longer than the work takes, so that measuring shows only the
 * timer's precision. Too short for a person to notice.
 */
export const SPAN_MILLISECONDS = 25;

/**
 * Does the work, then waits until the next multiple of SPAN_MILLISECONDS, also after a failure (OWASP ASVS
 * 5.0, 6.3.8: no enumeration by timing).
 */
export async function inEvenTime<T>(work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    return await work();
  } finally {
    const took = performance.now() - began;
    await sleep((Math.floor(took / SPAN_MILLISECONDS) + 1) * SPAN_MILLISECONDS - took);
  }
}
