import { forAction, refusedBeforePublishing } from "@/app/admin/_desk/desk-route";
import { overviewFor } from "@/lib/desk";
import { json } from "@/lib/http/answers";

/**
 * Answers with the figures of the campaign's overview, as far as the caller may see them. The overview
 * fetches them again and again; so may scripts with an API token.
 */
export async function GET(
  request: Request,
  { params }: RouteContext<"/api/admin/petitions/[slug]/figures">,
): Promise<Response> {
  const { slug } = await params;
  return forAction(
    request,
    "desk.figures",
    async (visit) => {
      const refusal = await refusedBeforePublishing(slug);
      if (refusal) return refusal;
      const figures = await overviewFor(slug, visit);
      return figures === null ? json({ error: "not_found" }, 404) : json(figures);
    },
    { campaign: slug, asPage: false },
  );
}
