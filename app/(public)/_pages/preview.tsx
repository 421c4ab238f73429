import { brotliDecompressSync, constants, gunzipSync } from "node:zlib";
import { CampaignPage } from "@/components/campaign/CampaignPage";
import { campaignNamed } from "@/lib/campaigns";
import type { CampaignContent, CampaignDocument } from "@/lib/document";
import { compressors } from "@/lib/http/direct";
import type { Locale } from "@/lib/i18n/locales";
import { pictureSources } from "@/lib/pictures";
import {
  channelCodes,
  hasUpdates,
  ownShareTexts,
  passedGoal,
  SHARE_TEXT_KEYS,
  type ShareTexts,
} from "@/lib/sharing";
import { campaignFigures } from "@/lib/signing";
import { render } from "./render";
import { site } from "./site";

/** What one round trip carries, in bytes: a page whose form is within it can be signed at once. */
export const ROUND_TRIP_BYTES = 14_336;

/**
 * Renders the page of a campaign from what is not published yet, with the figures that are. Null if it does not
 * have the language.
 */
export async function previewPage(
  slug: string,
  locale: Locale,
  content: CampaignContent,
): Promise<string | null> {
  const document = content.documents.get(locale);
  if (!document) return null;
  const published = campaignNamed(slug);
  const [figures, passed, codes, own, news] = await Promise.all([
    campaignFigures(slug),
    passedGoal(slug),
    published === null ? null : channelCodes(slug, 1),
    ownShareTexts(slug, locale),
    hasUpdates(slug, locale),
  ]);
  const unpublished = { id: slug, version: 1, publishedAt: new Date(), archived: false, callBefore: null };
  const unsigned = { status: "open", count: null, goal: content.settings.goal, updatedAt: null } as const;
  return render(
    <CampaignPage
      {...(figures ?? unsigned)}
      site={site()}
      locale={locale}
      slug={slug}
      campaign={{ ...(published ?? unpublished), slug, ...content }}
      passed={passed}
      codes={codes}
      texts={{ ...textsOf(document), ...own }}
      subject={document.share.subject}
      picture={(name) => pictureSources(slug, name)}
      news={news}
    />,
  );
}

function textsOf({ share }: CampaignDocument): ShareTexts {
  const texts = SHARE_TEXT_KEYS.map((key) => [key, share.channels[key] ?? share.text]);
  return Object.fromEntries(texts) as ShareTexts;
}

/** What a page weighs on its way to readers. */
export type PageWeight = {
  /** Bytes, compressed as most browsers ask for it, and as the oldest do. */
  brotli: number;
  gzip: number;
  /** Whether the first round trip carries the whole form, even in the larger of the two. */
  formAtOnce: boolean;
};

/** Weighs a rendered page. */
export async function weightOf(markup: string): Promise<PageWeight> {
  const plain = Buffer.from(markup);
  const [brotli, gzip] = await Promise.all([compressors.br(plain), compressors.gzip(plain)]);
  const begin = gunzipSync(gzip.subarray(0, ROUND_TRIP_BYTES), { finishFlush: constants.Z_SYNC_FLUSH });
  const beginSmall = brotliDecompressSync(brotli.subarray(0, ROUND_TRIP_BYTES), {
    finishFlush: constants.BROTLI_OPERATION_FLUSH,
  });
  const formAtOnce = [begin, beginSmall].every((bytes) => bytes.includes("</form>"));
  return { brotli: brotli.length, gzip: gzip.length, formAtOnce };
}
