import { guarded } from "@/app/_pages/guard";
import { answerTagged, json } from "@/lib/http/answers";
import { campaignFigures } from "@/lib/signing";

/** How long anybody may keep the public figures, in seconds. */
const FIGURES_CACHE_SECONDS = 10;
const HEADERS = { "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" };

/** The public figures of a campaign: confirmed signatures only. */
export function GET(request: Request, { params }: RouteContext<"/api/petitions/[slug]">): Promise<Response> {
  return guarded(request, async () => {
    const figures = await campaignFigures((await params).slug);
    if (!figures) return json({ error: "not_found" }, 404, HEADERS);
    return answerTagged(request, JSON.stringify(figures), {
      ...HEADERS,
      "content-type": "application/json",
      "cache-control": `public, max-age=${FIGURES_CACHE_SECONDS}`,
    });
  });
}
