import type { ReturnsFigure } from "@/lib/campaigns";
import type { SourceId } from "./sources.ts";

/** How many had returned by which report: the same figures in every language. */
export const RETURNS: readonly ReturnsFigure<SourceId>[] = [
  { date: "2023-11-14", count: 327000, countedBy: "OCHA", source: "K16" },
  { date: "2024-03-22", count: 525000, countedBy: "IOM", source: "K10" },
  { date: "2026-01-11", count: 1495851, countedBy: "IOM", source: "K11" },
];
