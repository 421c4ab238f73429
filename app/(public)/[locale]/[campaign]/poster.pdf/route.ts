import { answerCampaignFile, printedLink } from "@/app/(public)/_pages/files";
import { posterFile } from "@/lib/drawing";

/** Serves the poster to print, A4. */
export function GET(
  request: Request,
  { params }: RouteContext<"/[locale]/[campaign]/poster.pdf">,
): Promise<Response> {
  return answerCampaignFile(request, params, async (locale, slug) => {
    const bytes = await posterFile(locale, slug, await printedLink(locale, slug, "poster"));
    return bytes && { bytes, type: "application/pdf", name: "poster.pdf" };
  });
}
