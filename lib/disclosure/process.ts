import { randomInt } from "node:crypto";
import { perProcess } from "@/lib/per-process";
import { settings } from "@/lib/settings";
import { nextTold, STEP, type Told, toldAt } from "./steps";

// What one process tells of people while it runs: measurements, which are kept nowhere.

const toldByProcess = perProcess("disclosure/process", () => new Map<string, Told>());

/** A gauge about people as metrics may show it: in tens, by secret steps, so that no scrape tells of one person. */
export function discloseGauge(name: string, count: number): number {
  if (settings().figuresAtOnce) return count;
  // A process that starts has told nothing yet: it begins at the tens below.
  const before = toldByProcess.get(name) ?? toldAt(count - (count % STEP));
  const now = nextTold(before, { count, networks: Number.POSITIVE_INFINITY });
  toldByProcess.set(name, now);
  return now.told;
}

/**
 * Holds back what is measured of single people until there is more of the same kind: between ten and twenty go out
 * together, how many is drawn afresh each time.
 */
export class HeldBack<Item> {
  readonly #waiting = new Map<string, { items: Item[]; threshold: number }>();

  /** Adds one of a kind. @returns all that may go out now, most often nothing. */
  add(kind: string, item: Item): Item[] {
    if (settings().figuresAtOnce) return [item];
    const waiting = this.#waiting.get(kind) ?? { items: [], threshold: STEP + randomInt(STEP) };
    waiting.items.push(item);
    if (waiting.items.length < waiting.threshold) {
      this.#waiting.set(kind, waiting);
      return [];
    }
    this.#waiting.delete(kind);
    return waiting.items;
  }
}

/** A moment as outsiders may know it: the hour it was in. */
export function publicTime(moment: Date): Date {
  const hour = new Date(moment);
  hour.setUTCMinutes(0, 0, 0);
  return hour;
}
