import { answerCampaignFile, printedLink } from "@/app/(public)/_pages/files";
import { sheetFile } from "@/lib/drawing";

/** Serves the sheet for signing on paper, A4. */
export function GET(
  request: Request,
  { params }: RouteContext<"/[locale]/[campaign]/sheet.pdf">,
): Promise<Response> {
  return answerCampaignFile(request, params, async (locale, slug) => {
    const bytes = await sheetFile(locale, slug, await printedLink(locale, slug, "sheet"));
    return bytes && { bytes, type: "application/pdf", name: "sheet.pdf" };
  });
}
