import type { OverviewFigures } from "@/lib/desk";

/** The names of all times in the figures. JSON has no type for them. */
const TIMES = new Set(["asOf", "at", "createdAt", "lastAt", "pausedUntil", "since"]);

/** Reads the figures from the JSON that `GET /api/admin/petitions/[slug]/figures` answers. */
export function readFigures(text: string): OverviewFigures {
  return JSON.parse(text, (name: string, value: unknown) =>
    TIMES.has(name) && typeof value === "string" ? new Date(value) : value,
  );
}
