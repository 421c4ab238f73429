import { randomInt } from "node:crypto";
import { perProcess } from "@/lib/per-process";
import { settings } from "@/lib/settings";
import { nextTold, STEP, type Told, toldAt } from "./steps";

// Measurements about people that one process discloses while it runs. They are stored nowhere.

const toldByProcess = perProcess("disclosure/process", () => new Map<string, Told>());

/**
 * Returns a gauge about people as metrics may show it: in tens, with secret thresholds, so that no
 * scrape reveals one person.
 */
export function discloseGauge(name: string, count: number): number {
  if (settings().figuresAtOnce) return count;
  // A new process has disclosed nothing yet: it starts at the multiple of ten below.
  const before = toldByProcess.get(name) ?? toldAt(count - (count % STEP));
  const now = nextTold(before, { count, networks: Number.POSITIVE_INFINITY });
  toldByProcess.set(name, now);
  return now.told;
}

/**
 * Holds back measurements of single people until there are enough of the same kind. Releases ten to nineteen
 * at a time; the number is drawn afresh each time.
 */
export class HeldBack<Item> {
  readonly #waiting = new Map<string, { items: Item[]; threshold: number }>();

  /** Adds one item. @returns all items of its kind that may go out now, usually none. */
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

/** Rounds a time down to the hour, for outsiders. */
export function publicTime(moment: Date): Date {
  const hour = new Date(moment);
  hour.setUTCMinutes(0, 0, 0);
  return hour;
}
