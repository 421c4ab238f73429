import { answerCampaignFile } from "@/app/(public)/_pages/files";
import { pictureFile } from "@/lib/drawing";

/** Serves the image for link previews, 1200×630. */
export function GET(
  request: Request,
  { params }: RouteContext<"/[locale]/[campaign]/opengraph-image">,
): Promise<Response> {
  return answerCampaignFile(request, params, async (locale, slug) => {
    const bytes = await pictureFile(locale, slug, "preview");
    return bytes && { bytes, type: "image/png", name: "preview.png" };
  });
}
