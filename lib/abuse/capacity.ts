import { setTimeout as sleep } from "node:timers/promises";
import { eventLoopDelay } from "@/lib/http/event-loop";
import { perProcess } from "@/lib/per-process";

/** Most signings one process handles at once. */
export const SIGNINGS_IN_FLIGHT = 1_000;
/** The limit never drops below this, however slow the process is. */
const SIGNINGS_AT_LEAST = 50;
/** The limit is lowered when a signing takes longer than this, in milliseconds. */
const SLOW_MILLISECONDS = 1_000;
/**
 * The limit is also lowered when the event loop lags more than this, in milliseconds: requests then wait long
 * before they are even read.
 */
const LATE_MILLISECONDS = 100;
/**
 * Factor applied when the limit is lowered, at most once per `SLOW_MILLISECONDS`. Each quick signing raises
 * the limit by one.
 */
const DECREASE = 0.7;
/** Longest a signer waits, in milliseconds. Behind a pooler, an unreachable database fails much later. */
export const SIGNING_LIMIT_MILLISECONDS = 4_000;

const state = perProcess("abuse/capacity", () => ({ inFlight: 0, limit: SIGNINGS_IN_FLIGHT, loweredAt: 0 }));

/**
 * Runs the work within this process's limits (additive increase, multiplicative decrease).
 * @returns null at once, without touching the database, when as many signings are in flight as the process
 * can answer soon. Also null when the work takes too long: it carries on in the background, and signing again
 * is safe.
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

/**
 * Whether enough people are signing that new ones should wait. With fewer, turning people away helps nobody.
 */
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
