import type { ExportRun } from "@/lib/export";

/** Reads the exports from the JSON that `GET /api/admin/petitions/[slug]/exports` answers. */
export function readRuns(text: string): readonly ExportRun[] {
  const { exports } = JSON.parse(text, (name: string, value: unknown) =>
    name === "startedAt" && typeof value === "string" ? new Date(value) : value,
  ) as { exports: ExportRun[] };
  return exports;
}
