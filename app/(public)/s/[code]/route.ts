import { handleErrors } from "@/app/(public)/_pages/errors";
import { readerLocale } from "@/app/(public)/_pages/message";
import { CAMPAIGN_SLUG } from "@/lib/campaigns";
import { redirect } from "@/lib/http/answers";
import { isPreviewFetcher, noteVisit, readLinkedCode } from "@/lib/sharing";

/**
 * Follows a short link to the campaign in the reader's language, with the code kept in the address. Sets no cookie. Nothing is
 * looked up before the answer, so known and unknown codes are answered alike.
 */
export function GET(request: Request, { params }: RouteContext<"/s/[code]">): Promise<Response> {
  return handleErrors(request, async () => {
    const code = readLinkedCode((await params).code);
    const locale = readerLocale(request);
    if (code !== null && request.method === "GET" && !isPreviewFetcher(request.headers.get("user-agent")))
      noteVisit(code, locale);
    const reference = code === null ? "" : `?ref=${code}`;
    return redirect(`/${locale}/${CAMPAIGN_SLUG}${reference}`, {
      status: 302,
      headers: { "x-robots-tag": "noindex", vary: "Accept-Language" },
    });
  });
}
