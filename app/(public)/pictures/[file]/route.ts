import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerNotFound } from "@/app/(public)/_pages/message";
import { answerTagged } from "@/lib/http/answers";
import { renditionAt } from "@/lib/pictures";

/** Serves a campaign's picture in one width and format. The address contains its content's hash, so it is cached for good. */
export function GET(request: Request, { params }: RouteContext<"/pictures/[file]">): Promise<Response> {
  return handleErrors(request, async () => {
    const rendition = await renditionAt((await params).file);
    if (rendition === null) return answerNotFound(request);
    return answerTagged(request, rendition.bytes, {
      "content-type": rendition.type,
      "cache-control": "public, max-age=31536000, immutable",
      "cross-origin-resource-policy": "cross-origin",
    });
  });
}
