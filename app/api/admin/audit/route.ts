import { forAction } from "@/app/admin/_desk/desk-route";
import { searchIn } from "@/app/admin/settings/audit/search";
import { logReader, recordAudit, searchAudit } from "@/lib/audit";
import { csvCell } from "@/lib/export";

/** The most entries in one file; use `before=` for older ones. */
const EXPORTED_ENTRIES = 100_000;

/**
 * Serves the audit log as CSV, newest first. Only people who may read the whole log get each entry's sequence
 * number and hash. The export itself is logged.
 */
export function GET(request: Request): Promise<Response> {
  return forAction(request, "audit.export", async (visit) => {
    const { actor, query } = visit;
    const { audience, campaigns } = logReader(visit);
    const entries = await searchAudit({ ...searchIn(query), campaigns }, audience, EXPORTED_ENTRIES);
    await recordAudit({ actor, action: "audit.export", detail: { entries: entries.length } });
    const lines = entries.map((entry) => [
      entry.sequence?.toString() ?? "",
      entry.at.toISOString(),
      entry.actorKind,
      entry.actorLabel,
      entry.action,
      entry.detail,
      entry.hash === null ? "" : Buffer.from(entry.hash).toString("hex"),
    ]);
    const rows = [["sequence", "at", "actorKind", "actor", "action", "detail", "hash"], ...lines];
    return new Response(`\uFEFF${rows.map((row) => `${row.map(csvCell).join(",")}\r\n`).join("")}`, {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": 'attachment; filename="audit-log.csv"',
        "cache-control": "no-store",
      },
    });
  });
}
