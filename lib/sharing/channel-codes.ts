import { randomInt } from "node:crypto";
import { campaignSlugs, onlyCampaign } from "@/lib/campaigns";
import { database } from "@/lib/db/client";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import { CHANNELS, type ChannelCodes, codeOf, makeStem, type Step } from "./codes";

/**
 * Returns a campaign's share codes by channel, for one step; null when there is no such campaign. A code
 * identifies nobody: everyone who shares at that step in that channel uses the same one.
 */
export async function channelCodes(slug: string, step: Step): Promise<ChannelCodes | null> {
  const stem = await keptStem(slug);
  if (stem === null) return null;
  return Object.fromEntries(
    CHANNELS.map((channel) => [channel, codeOf({ stem, channel, step })]),
  ) as ChannelCodes;
}

/** Cached stems by campaign. Stems never change, so a process reads each one once. */
const keptStems = new Map<string, string>();

async function keptStem(slug: string): Promise<string | null> {
  const stem = keptStems.get(slug) ?? (await stemOf(slug));
  if (stem !== null) keptStems.set(slug, stem);
  return stem;
}

/**
 * Returns the campaign whose stem a code begins with. If there is only one campaign, returns that one
 * whatever the code. Null when no campaign matches, or when the database is unreachable and the stems are not
 * cached yet.
 */
export async function campaignOfCode(code: string): Promise<string | null> {
  const only = onlyCampaign();
  if (only !== null) return only;
  try {
    for (const slug of campaignSlugs()) {
      const stem = await keptStem(slug);
      if (stem !== null && code.startsWith(stem)) return slug;
    }
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
  }
  return null;
}

/** Returns the stem of a campaign, creating it on first use. */
async function stemOf(slug: string): Promise<string | null> {
  const read = () => database().campaign.findUnique({ where: { slug }, select: { shareStem: true } });
  const campaign = await read();
  if (campaign === null || campaign.shareStem !== null) return campaign?.shareStem ?? null;
  await database().$executeRaw`
    UPDATE campaign SET share_stem = ${makeStem(randomInt)} WHERE slug = ${slug} AND share_stem IS NULL`;
  return (await read())?.shareStem ?? null;
}
