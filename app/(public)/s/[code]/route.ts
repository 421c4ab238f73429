import { handleErrors } from "@/app/(public)/_pages/errors";
import { readerLocale } from "@/app/(public)/_pages/message";
import { campaignPath } from "@/lib/campaigns";
import { redirect } from "@/lib/http/answers";
import { campaignOfCode, isPreviewFetcher, noteVisit, readLinkedCode } from "@/lib/sharing";

/**
 * Redirects a short link to the campaign in the reader's language, keeping the code in the address. Sets no
 * cookie. The code itself is not looked up before the answer; only its prefix selects the campaign, so known
 * and unknown codes of a campaign get the same answer. With several campaigns, an unknown prefix leads to
 * their list.
 */
export function GET(request: Request, { params }: RouteContext<"/s/[code]">): Promise<Response> {
  return handleErrors(request, async () => {
    const code = readLinkedCode((await params).code);
    const locale = readerLocale(request);
    if (code !== null && request.method === "GET" && !isPreviewFetcher(request.headers.get("user-agent")))
      noteVisit(code, locale);
    const reference = code === null ? "" : `?ref=${code}`;
    const slug = await campaignOfCode(code ?? "");
    return redirect((slug === null ? `/${locale}` : campaignPath(slug, locale)) + reference, {
      status: 302,
      headers: { "x-robots-tag": "noindex", vary: "Accept-Language" },
    });
  });
}
