import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerTagged, json } from "@/lib/http/answers";
import { FIGURES_CACHE_CONTROL } from "@/lib/http/page-cache";
import { campaignFigures } from "@/lib/signing";

const HEADERS = { "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" };

/** Serves the public figures of a campaign: confirmed signatures only. */
export function GET(request: Request, { params }: RouteContext<"/api/petitions/[slug]">): Promise<Response> {
  return handleErrors(request, async () => {
    const figures = await campaignFigures((await params).slug);
    if (!figures) return json({ error: "not_found" }, 404, HEADERS);
    return answerTagged(request, JSON.stringify(figures), {
      ...HEADERS,
      "content-type": "application/json",
      "cache-control": FIGURES_CACHE_CONTROL,
    });
  });
}
