import { randomInt } from "node:crypto";
import { campaignSlugs, onlyCampaign } from "@/lib/campaigns";
import { database } from "@/lib/db/client";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import { CHANNELS, type ChannelCodes, codeOf, makeStem, type Step } from "./codes";

/**
 * The codes of a campaign's channels at one step; null when there is no such campaign. Everybody who passes the petition on
 * at that step in that channel has the same: a code belongs to nobody.
 */
export async function channelCodes(slug: string, step: Step): Promise<ChannelCodes | null> {
  const stem = await keptStem(slug);
  if (stem === null) return null;
  return Object.fromEntries(
    CHANNELS.map((channel) => [channel, codeOf({ stem, channel, step })]),
  ) as ChannelCodes;
}

/** Stems never change, so a process asks for each once. */
const keptStems = new Map<string, string>();

async function keptStem(slug: string): Promise<string | null> {
  const stem = keptStems.get(slug) ?? (await stemOf(slug));
  if (stem !== null) keptStems.set(slug, stem);
  return stem;
}

/**
 * Returns the campaign whose codes begin as this one does. Where there is one campaign, that, whatever the code. Null when
 * several have other beginnings, or while the database is out of reach and their beginnings are not known yet.
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

/** The stem of a campaign, made by whoever asks first. */
async function stemOf(slug: string): Promise<string | null> {
  const read = () => database().campaign.findUnique({ where: { slug }, select: { shareStem: true } });
  const campaign = await read();
  if (campaign === null || campaign.shareStem !== null) return campaign?.shareStem ?? null;
  await database().$executeRaw`
    UPDATE campaign SET share_stem = ${makeStem(randomInt)} WHERE slug = ${slug} AND share_stem IS NULL`;
  return (await read())?.shareStem ?? null;
}
