import { handleErrors } from "@/app/(public)/_pages/errors";
import { contentFor } from "@/lib/campaigns";
import { json } from "@/lib/http/answers";
import { escapeHtml } from "@/lib/http/escape-html";
import { DEFAULT_LOCALE, isLocale, type Locale } from "@/lib/i18n/locales";
import { settings } from "@/lib/settings";

/** The framed form's default size, in CSS pixels. */
const WIDTH = 640;
const HEIGHT = 900;
/** How long consumers may cache the answer, in seconds. */
const OEMBED_CACHE_SECONDS = 3600;
const HEADERS = { "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" };

/** Serves oEmbed 1.0: how to show a pasted petition link, as a frame with the form. JSON only. */
export function GET(request: Request): Promise<Response> {
  return handleErrors(request, async () => {
    const { searchParams } = new URL(request.url);
    if ((searchParams.get("format") ?? "json") !== "json")
      return json({ error: "not_implemented" }, 501, HEADERS);
    const petition = petitionAt(searchParams.get("url") ?? "");
    if (!petition) return json({ error: "not_found" }, 404, HEADERS);
    const { siteUrl, organisationName } = settings();
    const { slug, locale, headline } = petition;
    const width = atMost(searchParams.get("maxwidth"), WIDTH);
    const height = atMost(searchParams.get("maxheight"), HEIGHT);
    const answer = {
      version: "1.0",
      type: "rich",
      provider_name: organisationName,
      provider_url: siteUrl,
      title: headline,
      cache_age: OEMBED_CACHE_SECONDS,
      thumbnail_url: `${siteUrl}/${locale}/${slug}/opengraph-image`,
      thumbnail_width: 1200,
      thumbnail_height: 630,
      html: `<iframe src="${siteUrl}/embed/${slug}?locale=${locale}" title="${escapeHtml(headline)}" width="${width}" height="${height}" style="border:0"></iframe>`,
      width,
      height,
    };
    const cacheControl = `public, max-age=${OEMBED_CACHE_SECONDS}`;
    return json(answer, 200, { ...HEADERS, "cache-control": cacheControl });
  });
}

function petitionAt(address: string): { slug: string; locale: Locale; headline: string } | null {
  if (!URL.canParse(address)) return null;
  const { origin, pathname } = new URL(address);
  if (origin !== settings().siteUrl) return null;
  const [, first = "", second = ""] = pathname.split("/");
  const locale = isLocale(first) ? first : DEFAULT_LOCALE;
  if (!isLocale(first) && first !== "embed") return null;
  const content = contentFor(second, locale);
  return content ? { slug: second, locale, headline: content.headline } : null;
}

function atMost(asked: string | null, most: number): number {
  const number = Number(asked ?? most);
  return Number.isInteger(number) && number > 0 ? Math.min(number, most) : most;
}
