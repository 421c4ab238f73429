import { handleErrors } from "@/app/(public)/_pages/errors";
import { contentFor, shownLanguage } from "@/lib/campaigns";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import { json } from "@/lib/http/answers";
import { escapeHtml } from "@/lib/http/escape-html";
import { DEFAULT_LOCALE, isLocale, type Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import { settings } from "@/lib/settings";
import { campaignFigures } from "@/lib/signing";

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
    const { slug, locale } = petition;
    const title = await titleOf(petition);
    const width = atMost(searchParams.get("maxwidth"), WIDTH);
    const height = atMost(searchParams.get("maxheight"), HEIGHT);
    const answer = {
      version: "1.0",
      type: "rich",
      provider_name: organisationName,
      provider_url: siteUrl,
      title,
      cache_age: OEMBED_CACHE_SECONDS,
      thumbnail_url: `${siteUrl}/${locale}/${slug}/opengraph-image`,
      thumbnail_width: 1200,
      thumbnail_height: 630,
      html: `<iframe src="${siteUrl}/embed/${slug}?locale=${locale}" title="${escapeHtml(title)}" width="${width}" height="${height}" style="border:0"></iframe>`,
      width,
      height,
    };
    const cacheControl = `public, max-age=${OEMBED_CACHE_SECONDS}`;
    return json(answer, 200, { ...HEADERS, "cache-control": cacheControl });
  });
}

type Petition = { slug: string; locale: Locale; title: string };

/** Returns the petition's title, after what became of it. Without the database, the title alone. */
async function titleOf({ slug, locale, title }: Petition): Promise<string> {
  try {
    const outcome = (await campaignFigures(slug))?.outcome;
    if (outcome === undefined) return title;
    const words = messagesFor(locale).outcome;
    return words.titled({ outcome: words.names[outcome], title });
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    return title;
  }
}

function petitionAt(address: string): Petition | null {
  if (!URL.canParse(address)) return null;
  const { origin, pathname } = new URL(address);
  if (origin !== settings().siteUrl) return null;
  const [, first = "", second = ""] = pathname.split("/");
  if (!isLocale(first) && first !== "embed") return null;
  const locale = isLocale(first) ? first : shownLanguage(second, DEFAULT_LOCALE);
  const content = contentFor(second, locale);
  return content ? { slug: second, locale, title: content.title } : null;
}

function atMost(asked: string | null, most: number): number {
  const number = Number(asked ?? most);
  return Number.isInteger(number) && number > 0 ? Math.min(number, most) : most;
}
