import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerNotFound } from "@/app/(public)/_pages/message";
import { contentFor } from "@/lib/campaigns";
import { publicTime } from "@/lib/disclosure";
import { answerTagged } from "@/lib/http/answers";
import { isLocale } from "@/lib/i18n/locales";
import { settings } from "@/lib/settings";
import { campaignUpdates } from "@/lib/sharing";
import { campaignFigures } from "@/lib/signing";

/** How long feed readers may cache the feed, in seconds. */
const FEED_CACHE_SECONDS = 300;

type Entry = { id: string; title: string; text: string; at: string; published?: string; link: string };

/**
 * Serves the campaign's news as an Atom feed (RFC 4287), followed by past events from the page's timeline.
 */
export function GET(
  request: Request,
  { params }: RouteContext<"/[locale]/[campaign]/updates.atom">,
): Promise<Response> {
  return handleErrors(request, async () => {
    const { locale, campaign: slug } = await params;
    if (!isLocale(locale)) return answerNotFound(request);
    const content = contentFor(slug, locale);
    const figures = content ? await campaignFigures(slug) : null;
    if (!content || !figures) return answerNotFound(request, locale);
    const { siteUrl, organisationName } = settings();
    const page = `${siteUrl}/${locale}/${slug}`;
    const entries: Entry[] = [
      ...(await campaignUpdates(slug, locale)).map(({ id, title, text, publishedAt, changedAt }) => ({
        id: `urn:uuid:${id}`,
        title,
        text,
        at: publicTime(changedAt ?? publishedAt).toISOString(),
        published: publicTime(publishedAt).toISOString(),
        link: `${page}/updates#${id}`,
      })),
      ...content.timeline.toReversed().map(({ date, claim }) => ({
        id: `${page}#${date}`,
        title: claim.text,
        text: claim.text,
        at: new Date(date).toISOString(),
        link: page,
      })),
    ];
    const feed = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${locale}">
<id>${page}</id>
<title>${escaped(content.headline)}</title>
<updated>${
      entries
        .map(({ at }) => at)
        .sort()
        .at(-1) ?? figures.updatedAt
    }</updated>
<author><name>${escaped(organisationName)}</name></author>
<link rel="self" href="${page}/updates.atom"/>
<link rel="alternate" type="text/html" href="${page}"/>
${entries.map(written).join("\n")}
</feed>
`;
    return answerTagged(request, feed, {
      "content-type": "application/atom+xml; charset=utf-8",
      "cache-control": `public, max-age=${FEED_CACHE_SECONDS}`,
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin",
    });
  });
}

function written({ id, title, text, at, published, link }: Entry): string {
  return `<entry><id>${escaped(id)}</id><title>${escaped(title)}</title><updated>${at}</updated>${published === undefined ? "" : `<published>${published}</published>`}<link rel="alternate" type="text/html" href="${link}"/><content>${escaped(text)}</content></entry>`;
}

/** Escapes or removes the characters that XML does not allow as they are (XML 1.0, 2.2). */
function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
  );
}
