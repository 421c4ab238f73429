import { guarded } from "@/app/_pages/guard";
import { readerLocale } from "@/app/_pages/message";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import { countVisit, followCode, isPreviewFetcher } from "@/lib/sharing";

/**
 * A short link: on to the campaign in the sharer's language, with the code kept in the address. Sets no cookie. A code
 * that does not exist, or cannot be looked up, still leads people to the petition, in their own language.
 */
export function GET(request: Request, { params }: RouteContext<"/s/[code]">): Promise<Response> {
  return guarded(request, async () => {
    const { code } = await params;
    const target = await followed(code);
    if (target === null) return found(`/${readerLocale(request)}/${CAMPAIGN_SLUG}`);
    if (request.method === "GET" && !isPreviewFetcher(request.headers.get("user-agent")))
      await countVisit(code).catch(() => {});
    return found(`/${target.locale}/${target.slug}?ref=${code}`);
  });
}

async function followed(code: string): ReturnType<typeof followCode> {
  return followCode(code).catch(() => null);
}

function found(location: string): Response {
  return new Response(null, {
    status: 302,
    headers: { location, "cache-control": "no-store", "x-robots-tag": "noindex" },
  });
}
