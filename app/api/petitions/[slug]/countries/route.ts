import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerTagged, json } from "@/lib/http/answers";
import { countByCountry } from "@/lib/signing";

/** How long anybody may cache the counts by country, in seconds. */
const COUNTRIES_CACHE_SECONDS = 60;
const HEADERS = { "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" };

/** Serves confirmed signatures by country; countries with few are merged into `other`. */
export function GET(
  request: Request,
  { params }: RouteContext<"/api/petitions/[slug]/countries">,
): Promise<Response> {
  return handleErrors(request, async () => {
    const countries = await countByCountry((await params).slug);
    if (!countries) return json({ error: "not_found" }, 404, HEADERS);
    return answerTagged(request, JSON.stringify(countries), {
      ...HEADERS,
      "content-type": "application/json",
      "cache-control": `public, max-age=${COUNTRIES_CACHE_SECONDS}`,
    });
  });
}
