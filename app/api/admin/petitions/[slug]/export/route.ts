import { forExport } from "@/app/admin/_desk/export";
import { recordAudit } from "@/lib/audit";
import { answerExport } from "@/lib/export";

/** Signatories as CSV, XLSX or NDJSON, streamed from one snapshot; on record before its first byte. */
export function GET(
  request: Request,
  { params }: RouteContext<"/api/admin/petitions/[slug]/export">,
): Promise<Response> {
  return forExport(request, "export.file", params, (actor, slug, leave) =>
    answerExport(request, slug, actor, (action, detail) => recordAudit({ actor, action, detail }), leave),
  );
}
