import { perProcess } from "@/lib/per-process";

/**
 * Exports and packets that one process runs at once. Each holds a database connection until
 * its reader has everything.
 */
export const EXPORTS_AT_ONCE = 6;
/** How many of them one account or token may run at once. */
export const EXPORTS_OF_ONE = 2;

const underWay = perProcess("export/slots", () => new Map<string, number>());

/** A slot for an export. `leave` frees it and may be called more than once. */
export type ExportSlot = { kind: "taken"; leave: () => void } | { kind: "own-limit" } | { kind: "full" };

/** Takes a slot for an export by an account's or token's id. Does not wait and does not use the database. */
export function takeExportSlot(who: string): ExportSlot {
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
