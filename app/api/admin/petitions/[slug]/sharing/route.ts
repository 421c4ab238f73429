import { forAction, refusedBeforePublishing } from "@/app/admin/_desk/desk-route";
import { json } from "@/lib/http/answers";
import { shareSums } from "@/lib/sharing";

/** Answers with what links bring to the campaign, in the same rounded sums for everybody. */
export async function GET(
  request: Request,
  { params }: RouteContext<"/api/admin/petitions/[slug]/sharing">,
): Promise<Response> {
  const { slug } = await params;
  return forAction(
    request,
    "sharing.figures",
    async () => {
      const refusal = await refusedBeforePublishing(slug);
      if (refusal) return refusal;
      const sums = await shareSums(slug);
      return json(sums.map(({ kind, key, figures }) => ({ kind, key, ...figures })));
    },
    { campaign: slug, asPage: false },
  );
}
