import { forAction, refusedBeforePublishing } from "@/app/admin/_desk/desk-route";
import { lastExports } from "@/lib/export";
import { json } from "@/lib/http/answers";

/**
 * Answers with the latest exports of a campaign, newest first. The page of exports fetches them again and
 * again; scripts with an API token can wait here for a file to be finished.
 */
export async function GET(
  request: Request,
  { params }: RouteContext<"/api/admin/petitions/[slug]/exports">,
): Promise<Response> {
  const { slug } = await params;
  return forAction(
    request,
    "export.list",
    async () => {
      const refusal = await refusedBeforePublishing(slug);
      return refusal ?? json({ exports: await lastExports(slug) });
    },
    { campaign: slug, asPage: false },
  );
}
