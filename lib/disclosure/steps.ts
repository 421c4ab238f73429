import { randomInt } from "node:crypto";

/** What is told of people goes up and down in steps of so many; below the first nothing is told. */
export const STEP = 10;
/**
 * A step is taken at its own number of people or up to this many later, drawn in secret. Whoever supplies all but one
 * of them learns of that one in 1 case of so many.
 */
export const SPREAD = 40;
/** From so many networks on, nobody is expected to have signed from all of them alone. */
export const MANY_NETWORKS = 50;
/** Recent signatures whose networks are counted at once, at most: in a surge there are enough networks among these. */
export const NETWORKS_LOOKED_AT = 5_000;

/** How many people there are, and from how many different networks they came. */
export type People = { count: number; networks: number };

/** A random whole number from 0 to below the one given. */
export type Draw = (below: number) => number;

/**
 * The one decision about figures: whether people may be told of yet. A threshold is kept secret and asks for as many
 * networks as people, so that one person with many mailboxes does not meet it.
 */
export function mayTell({ count, networks }: People, threshold: number): boolean {
  return count >= threshold && networks >= Math.min(threshold, MANY_NETWORKS);
}

/** What is told of some people, and at how many the next step up or down is taken. Thresholds stay secret. */
export type Told = { told: number; riseAt: number; fallAt: number };

/** The state in which `told` people are told of, with fresh thresholds. */
export function toldAt(told: number, draw: Draw = randomInt): Told {
  return {
    told,
    riseAt: told + STEP + draw(SPREAD),
    // The first step is taken back at the latest when the last of them has gone.
    fallAt: told === 0 ? 0 : told - draw(Math.min(SPREAD, told)),
  };
}

/** Takes the steps that are due, each with fresh thresholds behind it. Between steps nothing changes. */
export function nextTold(before: Told, people: People, draw: Draw = randomInt): Told {
  let now = before;
  while (mayTell(people, now.riseAt)) now = toldAt(now.told + STEP, draw);
  while (people.count < now.fallAt) now = toldAt(now.told - STEP, draw);
  return now;
}

/** How a demonstration tells: in exact steps, at once, and whatever networks people came from. */
export const AT_ONCE: Draw = () => 0;
