import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerNotFound } from "@/app/(public)/_pages/message";
import { contentFor } from "@/lib/campaigns";
import { publicTime } from "@/lib/disclosure";
import { type CampaignDocument, plainText } from "@/lib/document";
import { answerTagged } from "@/lib/http/answers";
import { isLocale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import { settings } from "@/lib/settings";
import { campaignUpdates } from "@/lib/sharing";
import { type CampaignFigures, campaignFigures } from "@/lib/signing";

/** How long feed readers may cache the feed, in seconds. */
const FEED_CACHE_SECONDS = 300;

type Entry = { id: string; title: string; text: string; at: string; published?: string; link: string };

/**
 * Serves what became of the campaign and its news as an Atom feed (RFC 4287), followed by past events from the
 * page's timelines.
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
      ...outcomeOf(content, figures, page),
      ...(await campaignUpdates(slug, locale)).map(({ id, title, text, publishedAt, changedAt }) => ({
        id: `urn:uuid:${id}`,
        title,
        text,
        at: publicTime(changedAt ?? publishedAt).toISOString(),
        published: publicTime(publishedAt).toISOString(),
        link: `${page}/updates#${id}`,
      })),
      ...eventsOf(content, page),
    ];
    const feed = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${locale}">
<id>${page}</id>
<title>${escaped(content.title)}</title>
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

/** What became of the campaign, in the words of its document. */
function outcomeOf(
  { locale, title, summary, outcome: reached }: CampaignDocument,
  { outcome, updatedAt }: CampaignFigures,
  page: string,
): Entry[] {
  if (outcome === undefined) return [];
  const words = messagesFor(locale).outcome;
  const titled = words.titled({ outcome: words.names[outcome], title });
  return [
    { id: `${page}#outcome`, title: titled, text: plainText(reached ?? summary), at: updatedAt, link: page },
  ];
}

/** The events of all timelines, newest first. */
function eventsOf({ sections }: CampaignDocument, page: string): Entry[] {
  const events = sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind === "timeline" ? block.events : [])),
  );
  const seen = new Map<string, number>();
  const entries = events.map(({ date, text }) => {
    const before = seen.get(date) ?? 0;
    seen.set(date, before + 1);
    const words = plainText(text);
    const at = new Date(date).toISOString();
    return {
      id: `${page}#${date}${before === 0 ? "" : `.${before + 1}`}`,
      title: words,
      text: words,
      at,
      link: page,
    };
  });
  return entries.sort((one, other) => other.at.localeCompare(one.at));
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
