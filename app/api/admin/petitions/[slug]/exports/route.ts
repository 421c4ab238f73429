import { forAction } from "@/app/admin/_desk/desk-route";
import { campaignNamed } from "@/lib/campaigns";
import { lastExports } from "@/lib/export";
import { json } from "@/lib/http/answers";

/**
 * Answers with the latest exports of a campaign, newest first. The page of exports fetches them again and
 * again; scripts with an API token can wait here for a file to be finished.
 */
export function GET(
  request: Request,
  { params }: RouteContext<"/api/admin/petitions/[slug]/exports">,
): Promise<Response> {
  return forAction(
    request,
    "export.list",
    async () => {
      const { slug } = await params;
      return campaignNamed(slug) === null
        ? json({ error: "not_found" }, 404)
        : json({ exports: await lastExports(slug) });
    },
    { asPage: false },
  );
}
