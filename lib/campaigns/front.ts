import { database } from "@/lib/db/client";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import { perProcess } from "@/lib/per-process";
import { campaignSlugs, onlyCampaign } from "./published";

/** How long the open campaigns are cached, in milliseconds: as long as a rendered page. */
const FRESH_MILLISECONDS = 2_000;

type Open = { slugs: ReadonlySet<string>; readAt: number };

const known = perProcess("campaigns/front", (): { open?: Open; reading?: Promise<Open> | undefined } => ({}));

/**
 * Returns the campaigns that the front page leads to: the open ones, or all if none is open. Looks nothing up
 * if there is only one campaign. Without the database it uses the last known state.
 */
export async function campaignsInFront(): Promise<readonly string[]> {
  const only = onlyCampaign();
  if (only !== null) return [only];
  const slugs = campaignSlugs();
  const { slugs: open } = await openCampaigns();
  const inFront = slugs.filter((slug) => open.has(slug));
  return inFront.length === 0 ? slugs : inFront;
}

/** Reads the open campaigns, with one query for concurrent callers. */
async function openCampaigns(): Promise<Open> {
  if (known.open && performance.now() - known.open.readAt < FRESH_MILLISECONDS) return known.open;
  known.reading ??= readOpen().finally(() => {
    known.reading = undefined;
  });
  known.open = await known.reading;
  return known.open;
}

async function readOpen(): Promise<Open> {
  try {
    const open = await database().campaign.findMany({ where: { status: "open" }, select: { slug: true } });
    return { slugs: new Set(open.map(({ slug }) => slug)), readAt: performance.now() };
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    // Cached like a reading: the next callers need not wait for the same error.
    return { slugs: known.open?.slugs ?? new Set(), readAt: performance.now() };
  }
}
