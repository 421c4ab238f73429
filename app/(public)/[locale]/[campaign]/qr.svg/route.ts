import { answerCampaignFile, printedLink } from "@/app/(public)/_pages/files";
import { qrFile } from "@/lib/drawing";

/** Serves a QR code that opens the campaign. */
export function GET(
  request: Request,
  { params }: RouteContext<"/[locale]/[campaign]/qr.svg">,
): Promise<Response> {
  return answerCampaignFile(request, params, async (locale, slug) => ({
    bytes: await qrFile(await printedLink(locale, slug, "qr")),
    type: "image/svg+xml; charset=utf-8",
    name: "qr.svg",
  }));
}
