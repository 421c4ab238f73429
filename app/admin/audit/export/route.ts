import { forAction } from "@/app/admin/_desk/action";
import { recordAudit, searchAudit } from "@/lib/audit";
import { audienceOf } from "@/lib/disclosure";
import { csvCell } from "@/lib/export";
import { searchIn } from "../search";

/** The most entries in one file; older ones by `before=`. */
const EXPORTED_ENTRIES = 100_000;

/** The log as CSV, newest first, to those who may read all of it with each entry's place and fingerprint. That it was taken is in the log too. */
export function GET(request: Request): Promise<Response> {
  return forAction(request, "audit.export", async ({ actor, query }) => {
    const entries = await searchAudit(searchIn(query), audienceOf(actor), EXPORTED_ENTRIES);
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
