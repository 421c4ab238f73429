import { enhancementAt } from "@/app/(public)/_pages/enhancement";
import { answerNotFound } from "@/app/(public)/_pages/message";

/**
 * Serves the scripts that enhance pages. The address contains the content's hash, so it is cached for good.
 */
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
