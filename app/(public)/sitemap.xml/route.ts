import { campaignNamed, campaignSlugs, languagesOf } from "@/lib/campaigns";
import { publicTime } from "@/lib/disclosure";
import { answerTagged } from "@/lib/http/answers";
import { DEFAULT_LOCALE } from "@/lib/i18n/locales";
import { settings } from "@/lib/settings";

/** How long anybody may cache the map, in seconds. */
const SITEMAP_CACHE_SECONDS = 300;

/**
 * Serves the pages of all campaigns for search engines (sitemaps.org 0.9), each with those that say the same
 * in other languages.
 */
export function GET(request: Request): Response {
  const map = `<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
${campaignSlugs().flatMap(pagesOf).join("\n")}
</urlset>
`;
  return answerTagged(request, map, {
    "content-type": "application/xml; charset=utf-8",
    "cache-control": `public, max-age=${SITEMAP_CACHE_SECONDS}`,
  });
}

/** Slugs and languages hold nothing that XML would have escaped. */
function pagesOf(slug: string): string[] {
  const { siteUrl } = settings();
  const languages = languagesOf(slug);
  const campaign = campaignNamed(slug);
  const changed = campaign ? publicTime(campaign.publishedAt).toISOString() : "";
  const address = (language: string) => `${siteUrl}/${language}/${slug}`;
  const elsewhere = languages.includes(DEFAULT_LOCALE) ? DEFAULT_LOCALE : languages[0];
  const alternates = [
    ...languages.map((language) => [language, address(language)]),
    ...(elsewhere === undefined ? [] : [["x-default", address(elsewhere)]]),
  ].map(([language, page]) => `<xhtml:link rel="alternate" hreflang="${language}" href="${page}"/>`);
  return languages.map(
    (language) =>
      `<url><loc>${address(language)}</loc><lastmod>${changed}</lastmod>${alternates.join("")}</url>`,
  );
}
