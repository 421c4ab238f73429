import { forExport } from "@/app/admin/_desk/export";
import { checkPacketParameters } from "@/lib/export";
import { json } from "@/lib/http/answers";
import { makePacket } from "@/lib/privacy";

/**
 * Serves the PDF for handing the petition over: cover, call, figures and, with `names=yes`, people who chose
 * to be shown.
 */
export function GET(
  request: Request,
  { params }: RouteContext<"/api/admin/petitions/[slug]/packet">,
): Promise<Response> {
  return forExport(request, "export.packet", params, async (actor, slug, leave) => {
    const checked = checkPacketParameters(new URL(request.url).searchParams);
    if (!checked.ok)
      return json(
        { error: "invalid_parameter", parameter: checked.parameter, message: checked.message },
        400,
      );
    const { names, reason } = checked.parameters;
    const now = new Date();
    const bytes = await makePacket(slug, { names: names === "yes", reason: reason ?? null }, actor, now);
    leave();
    if (bytes === null) return json({ error: "not_found" }, 404);
    const made = now.toISOString().slice(0, 16).replaceAll(":", "");
    return new Response(new Uint8Array(bytes), {
      headers: {
        "content-type": "application/pdf",
        "content-disposition": `attachment; filename="${slug}_packet${names ? "_names" : ""}_made-${made}Z.pdf"`,
        "cache-control": "no-store",
      },
    });
  });
}
