import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerTagged } from "@/lib/http/answers";
import { EMPTY_PAGE_POLICY } from "@/lib/http/baseline";
import { formatNumber } from "@/lib/i18n/format";
import { directionOf, isLocale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import { campaignFigures } from "@/lib/signing";

/** How long anybody may cache the badge, in seconds. */
const BADGE_CACHE_SECONDS = 60;
const WIDTH = 320;

/**
 * Serves the count as a small image for other sites; `?locale=` selects the language. It loads and runs
 * nothing.
 */
export function GET(
  request: Request,
  { params }: RouteContext<"/api/petitions/[slug]/badge.svg">,
): Promise<Response> {
  return handleErrors(request, async () => {
    const asked = new URL(request.url).searchParams.get("locale") ?? "";
    const locale = isLocale(asked) ? asked : "en";
    const figures = await campaignFigures((await params).slug);
    if (!figures) return new Response(null, { status: 404 });
    const { signed } = messagesFor(locale).count;
    const words = signed({ count: formatNumber(figures.count, locale) });
    const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="40" viewBox="0 0 ${WIDTH} 40" role="img" aria-label="${words}"><path fill="#14286b" d="M0 0h${WIDTH}v40H0z"/><path fill="#b8142f" d="M0 34h${WIDTH}v6H0z"/><text x="${WIDTH / 2}" y="23" fill="#fff" font-family="system-ui,sans-serif" font-size="15" font-weight="700" text-anchor="middle" direction="${directionOf(locale)}">${words}</text></svg>`;
    return answerTagged(request, picture, {
      "content-type": "image/svg+xml; charset=utf-8",
      "content-security-policy": `${EMPTY_PAGE_POLICY}; sandbox`,
      "cache-control": `public, max-age=${BADGE_CACHE_SECONDS}`,
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin",
    });
  });
}
