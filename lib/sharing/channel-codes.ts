import { randomInt } from "node:crypto";
import { database } from "@/lib/db/client";
import { CHANNELS, type ChannelCodes, codeOf, makeStem, type Step } from "./codes";

/**
 * The codes of a campaign's channels at one step; null when there is no such campaign. Everybody who passes the petition on
 * at that step in that channel has the same: a code belongs to nobody.
 */
export async function channelCodes(slug: string, step: Step): Promise<ChannelCodes | null> {
  const stem = keptStems.get(slug) ?? (await stemOf(slug));
  if (stem === null) return null;
  keptStems.set(slug, stem);
  return Object.fromEntries(
    CHANNELS.map((channel) => [channel, codeOf({ stem, channel, step })]),
  ) as ChannelCodes;
}

/** Stems never change, so a process asks for each once. */
const keptStems = new Map<string, string>();

/** The stem of a campaign, made by whoever asks first. */
async function stemOf(slug: string): Promise<string | null> {
  const read = () => database().campaign.findUnique({ where: { slug }, select: { shareStem: true } });
  const campaign = await read();
  if (campaign === null || campaign.shareStem !== null) return campaign?.shareStem ?? null;
  await database().$executeRaw`
    UPDATE campaign SET share_stem = ${makeStem(randomInt)} WHERE slug = ${slug} AND share_stem IS NULL`;
  return (await read())?.shareStem ?? null;
}
