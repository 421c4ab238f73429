import { answerCampaignFile } from "@/app/(public)/_pages/files";
import { pictureFile } from "@/lib/drawing";

const POSTED_FORMATS = ["square", "story"] as const;

/** Serves images to post: `square` (1080×1080) and `story` (1080×1920). */
export function GET(
  request: Request,
  { params }: RouteContext<"/[locale]/[campaign]/picture/[format]">,
): Promise<Response> {
  return answerCampaignFile(request, params, async (locale, slug) => {
    const asked = (await params).format;
    const format = POSTED_FORMATS.find((known) => known === asked);
    if (format === undefined) return null;
    const bytes = await pictureFile(locale, slug, format);
    return bytes && { bytes, type: "image/png", name: `${format}.png` };
  });
}
