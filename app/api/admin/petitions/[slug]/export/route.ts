import { guarded } from "@/app/_pages/guard";
import { authorise, recordAudit } from "@/lib/admin";
import { answerExport } from "@/lib/export";
import { json } from "@/lib/http/answers";

/** Signatories as CSV, XLSX or NDJSON, streamed from one snapshot; on record before its first byte. */
export function GET(
  request: Request,
  { params }: RouteContext<"/api/admin/petitions/[slug]/export">,
): Promise<Response> {
  return guarded(request, async () => {
    const authorised = await authorise(request, "exporter");
    if (!authorised.ok)
      return json({ error: authorised.status === 401 ? "unauthorized" : "forbidden" }, authorised.status);
    const { actor } = authorised;
    return answerExport(request, (await params).slug, actor, (action, detail) =>
      recordAudit({ actor, action, detail }),
    );
  });
}
