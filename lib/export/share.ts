import { perProcess } from "@/lib/per-process";

/** Exports and packets that one process makes at once: each holds a connection of its own while its reader takes it. */
export const EXPORTS_AT_ONCE = 6;
/** How many of them one account or token may have. */
export const EXPORTS_OF_ONE = 2;

const underWay = perProcess("export/share", () => new Map<string, number>());

/** A place taken: `leave` gives it back, however often it is called. */
export type ExportPlace = { kind: "taken"; leave: () => void } | { kind: "own-limit" } | { kind: "full" };

/** Takes a place for an export of somebody by their id, at once and without the database. */
export function takeExportPlace(who: string): ExportPlace {
  const own = underWay.get(who) ?? 0;
  if (own >= EXPORTS_OF_ONE) return { kind: "own-limit" };
  const all = [...underWay.values()].reduce((sum, count) => sum + count, 0);
  if (all >= EXPORTS_AT_ONCE) return { kind: "full" };
  underWay.set(who, own + 1);
  let left = false;
  const leave = () => {
    if (left) return;
    left = true;
    const still = (underWay.get(who) ?? 1) - 1;
    if (still === 0) underWay.delete(who);
    else underWay.set(who, still);
  };
  return { kind: "taken", leave };
}
