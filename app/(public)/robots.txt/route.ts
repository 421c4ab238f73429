import { answerTagged } from "@/lib/http/answers";
import { settings } from "@/lib/settings";

/** How long anybody may cache the rules, in seconds. */
const ROBOTS_CACHE_SECONDS = 3_600;
/**
 * Keeps crawlers from what nobody searches for. Short links are allowed because services that fetch previews
 * must follow them. They say `noindex` themselves, as pages with a token do.
 */
const RULES = ["Disallow: /admin", "Disallow: /api/", "Allow: /api/oembed", "Disallow: /dev/"];

/** Serves the rules for crawlers (RFC 9309), and where the map of the site is. */
export function GET(request: Request): Response {
  const text = ["User-agent: *", ...RULES, "", `Sitemap: ${settings().siteUrl}/sitemap.xml`, ""].join("\n");
  return answerTagged(request, text, {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": `public, max-age=${ROBOTS_CACHE_SECONDS}`,
  });
}
