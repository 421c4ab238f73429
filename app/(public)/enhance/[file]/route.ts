import { enhancementAt } from "@/app/(public)/_pages/enhancement";
import { answerNotFound } from "@/app/(public)/_pages/message";

/** What a browser with JavaScript adds to the pages. The address holds the content's hash, so it is kept for good. */
export async function GET(request: Request, { params }: RouteContext<"/enhance/[file]">): Promise<Response> {
  const enhancement = enhancementAt(`/enhance/${(await params).file}`);
  if (!enhancement) return answerNotFound(request);
  return new Response(enhancement.code, {
    headers: {
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
      "cross-origin-resource-policy": "same-origin",
    },
  });
}
