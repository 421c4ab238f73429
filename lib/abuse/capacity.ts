import { setTimeout as sleep } from "node:timers/promises";
import { eventLoopDelay } from "@/lib/http/event-loop";
import { perProcess } from "@/lib/per-process";

/** Signings that one process works on at once, at most. */
export const SIGNINGS_IN_FLIGHT = 1_000;
/** Signings that it always works on, however slow it is. */
const SIGNINGS_AT_LEAST = 50;
/** When signings take longer than this, in milliseconds, fewer are worked on at once. */
const SLOW_MILLISECONDS = 1_000;
/** When the event loop is later than this, in milliseconds, likewise: requests then wait long before they are even read. */
const LATE_MILLISECONDS = 100;
/** By how much fewer, once in such a time; while they are quick, each that ends makes room for one more. */
const DECREASE = 0.7;
/** How long a signer waits at most, in milliseconds. Behind a pooler, a database that is gone answers much later. */
export const SIGNING_LIMIT_MILLISECONDS = 4_000;

const state = perProcess("abuse/capacity", () => ({ inFlight: 0, limit: SIGNINGS_IN_FLIGHT, loweredAt: 0 }));

/**
 * Does the work within this process's limits. Null, at once and without the database, when as many signings are under way as
 * it can answer soon (additive increase, multiplicative decrease). Null, too, when the work takes too long: it goes on, and
 * signing again is safe.
 */
export async function withinCapacity<T>(work: () => Promise<T>): Promise<T | null> {
  if (state.inFlight >= state.limit) return null;
  state.inFlight += 1;
  const began = performance.now();
  const working = work().finally(() => {
    state.inFlight -= 1;
    adaptLimit(performance.now(), began);
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

/** Whether so many are signing that others had better wait: fewer signers are not helped by turning anybody away. */
export function isCrowded(): boolean {
  return state.inFlight >= SIGNINGS_AT_LEAST;
}

function adaptLimit(now: number, began: number): void {
  if (now - began < SLOW_MILLISECONDS && eventLoopDelay() < LATE_MILLISECONDS) {
    state.limit = Math.min(SIGNINGS_IN_FLIGHT, state.limit + 1);
  } else if (now - state.loweredAt > SLOW_MILLISECONDS) {
    state.limit = Math.max(SIGNINGS_AT_LEAST, Math.floor(state.limit * DECREASE));
    state.loweredAt = now;
  }
}
