import { forExport } from "@/app/admin/_desk/export";
import { recordAudit } from "@/lib/audit";
import { answerExport } from "@/lib/export";

/**
 * Streams signatories as CSV, XLSX or NDJSON from one snapshot. The export is recorded before its first byte.
 */
export function GET(
  request: Request,
  { params }: RouteContext<"/api/admin/petitions/[slug]/export">,
): Promise<Response> {
  return forExport(request, "export.file", params, (actor, slug, leave) =>
    answerExport(
      request,
      slug,
      actor,
      (action, detail) => recordAudit({ actor, action, campaign: slug, detail }),
      leave,
    ),
  );
}
