import { setTimeout as sleep } from "node:timers/promises";

/**
 * Answers that must not tell by their time what is in the database leave at the end of such a span, in milliseconds from
 * the request's beginning. Longer than the work takes, so that whoever measures learns how exact a timer is, and nothing
 * of the work; too short for a person to notice.
 */
export const SPAN_MILLISECONDS = 25;

/**
 * Does the work and waits for the end of the span it ended in (OWASP ASVS 5.0, 6.3.8: no enumeration by time).
 * Failures take as long.
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
