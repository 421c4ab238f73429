import { randomInt } from "node:crypto";

/** Figures about people move in steps of this size; below the first step nothing is disclosed. */
export const STEP = 10;
/**
 * A step is taken at its own number of people or up to this many later, drawn in secret. Someone who supplies
 * all but one of those people learns about that one in 1 of this many cases.
 */
export const SPREAD = 40;
/** With this many networks, nobody is expected to have signed from all of them alone. */
export const MANY_NETWORKS = 50;
/**
 * Counts the networks of at most this many recent signatures: in a surge there are enough networks in them.
 */
export const NETWORKS_LOOKED_AT = 5_000;

/** A number of people, and the number of different networks they came from. */
export type People = { count: number; networks: number };

/** Returns a random integer from 0 to below the given one. */
export type Draw = (below: number) => number;

/**
 * Decides whether people may be disclosed yet; every figure is decided here. A threshold is secret and asks
 * for as many networks as people, so that one person with many mailboxes does not meet it.
 */
export function mayTell({ count, networks }: People, threshold: number): boolean {
  return count >= threshold && networks >= Math.min(threshold, MANY_NETWORKS);
}

/**
 * The disclosed number of people, and the numbers at which the next step up or down is
 * taken. Thresholds stay secret.
 */
export type Told = { told: number; riseAt: number; fallAt: number };

/** Returns the state that discloses `told` people, with fresh thresholds. */
export function toldAt(told: number, draw: Draw = randomInt): Told {
  return {
    told,
    riseAt: told + STEP + draw(SPREAD),
    // The first step is taken back when its last person has gone, at the latest.
    fallAt: told === 0 ? 0 : told - draw(Math.min(SPREAD, told)),
  };
}

/** Takes the steps that are due, with fresh thresholds after each. Between steps nothing changes. */
export function nextTold(before: Told, people: People, draw: Draw = randomInt): Told {
  let now = before;
  while (mayTell(people, now.riseAt)) now = toldAt(now.told + STEP, draw);
  while (people.count < now.fallAt) now = toldAt(now.told - STEP, draw);
  return now;
}

/** For demonstrations: steps are exact and taken at once. Callers also ignore networks then. */
export const AT_ONCE: Draw = () => 0;
