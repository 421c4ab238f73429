import { forAction } from "@/app/admin/_desk/desk-route";
import { campaignNamed } from "@/lib/campaigns";
import { overviewFor } from "@/lib/desk";
import { json } from "@/lib/http/answers";

/**
 * Answers with the figures of the campaign's overview, as far as the caller's role may see them. The overview
 * fetches them again and again; so may scripts with an API token.
 */
export function GET(
  request: Request,
  { params }: RouteContext<"/api/admin/petitions/[slug]/figures">,
): Promise<Response> {
  return forAction(
    request,
    "desk.figures",
    async ({ actor }) => {
      const { slug } = await params;
      const figures = campaignNamed(slug) === null ? null : await overviewFor(slug, actor);
      return figures === null ? json({ error: "not_found" }, 404) : json(figures);
    },
    { asPage: false },
  );
}
