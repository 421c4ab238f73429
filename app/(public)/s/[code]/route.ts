import { guarded } from "@/app/(public)/_pages/guard";
import { readerLocale } from "@/app/(public)/_pages/message";
import { ONLY_CAMPAIGN } from "@/lib/campaigns";
import { isPreviewFetcher, noteVisit, readLinkedCode } from "@/lib/sharing";

/**
 * A short link: on to the campaign in the reader's language, with the code kept in the address. Sets no cookie. Nothing is
 * looked up before the answer, so known and unknown codes are answered alike.
 */
export function GET(request: Request, { params }: RouteContext<"/s/[code]">): Promise<Response> {
  return guarded(request, async () => {
    const code = readLinkedCode((await params).code);
    const locale = readerLocale(request);
    if (code !== null && request.method === "GET" && !isPreviewFetcher(request.headers.get("user-agent")))
      noteVisit(code, locale);
    const reference = code === null ? "" : `?ref=${code}`;
    return new Response(null, {
      status: 302,
      headers: {
        location: `/${locale}/${ONLY_CAMPAIGN}${reference}`,
        "cache-control": "no-store",
        "x-robots-tag": "noindex",
        vary: "Accept-Language",
      },
    });
  });
}
