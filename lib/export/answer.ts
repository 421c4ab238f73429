import { json } from "@/lib/http/answers";
import { checkExportParameters } from "./parameters";
import { type Audit, startExport } from "./run";

/**
 * Answers an authorised export: the file as a stream, 400 with the parameter named, or 404. `X-Export-Rows`
 * gives the expected rows if they could be counted in time. `X-Export-Id` names the export's record, which
 * holds rows and SHA-256 once it is complete. The stream of a file that cannot be completed is aborted.
 * @param ended called once nothing more is read for the file, however it ended.
 */
export async function answerExport(
  request: Request,
  slug: string,
  exporter: { label: string },
  audit: Audit,
  ended: () => void = () => {},
): Promise<Response> {
  const checked = checkExportParameters(new URL(request.url).searchParams);
  if (!checked.ok) return invalid(checked.parameter, checked.message);
  const { parameters } = checked;
  const exporting = await startExport({
    slug,
    parameters,
    actorLabel: exporter.label,
    audit,
    gone: request.signal,
    ended,
  });
  if (exporting.kind === "unknown-campaign") return json({ error: "not_found" }, 404);
  const { id, fileName, contentType, expectedRows, body } = exporting.export;
  return new Response(body, {
    headers: {
      "content-type": contentType,
      "content-disposition": `attachment; filename="${fileName}"`,
      // Compression on the way would delay the first bytes.
      "cache-control": "no-store, no-transform",
      "x-export-id": id,
      ...(expectedRows === null ? {} : { "x-export-rows": String(expectedRows) }),
    },
  });
}

function invalid(parameter: string, message: string): Response {
  return json({ error: "invalid_parameter", parameter, message }, 400);
}
