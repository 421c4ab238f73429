import { v7 as uuidv7 } from "uuid";
import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { Locale } from "@/lib/i18n/locales";

/** Most news items shown at once. */
const UPDATES_SHOWN = 50;
/** Longest title and text of news, in characters. */
export const UPDATE_TITLE_MAX_CHARACTERS = 150;
export const UPDATE_TEXT_MAX_CHARACTERS = 5_000;

export type CampaignUpdate = {
  id: string;
  title: string;
  text: string;
  publishedAt: Date;
  /** When it was last corrected; null if never. */
  changedAt: Date | null;
};

/** Returns a campaign's news in one language, newest first. */
export function campaignUpdates(slug: string, locale: Locale): Promise<CampaignUpdate[]> {
  return database().campaignUpdate.findMany({
    where: { campaign: { slug }, locale },
    select: { id: true, title: true, text: true, publishedAt: true, changedAt: true },
    orderBy: { publishedAt: "desc" },
    take: UPDATES_SHOWN,
  });
}

/** Whether a campaign has news in a language. */
export async function hasUpdates(slug: string, locale: Locale): Promise<boolean> {
  const one = await database().campaignUpdate.findFirst({
    where: { campaign: { slug }, locale },
    select: { id: true },
  });
  return one !== null;
}

/**
 * Publishes news of a campaign. The caller has checked that the user is an owner.
 * @returns its id.
 */
export async function publishUpdate(
  slug: string,
  update: { locale: Locale; title: string; text: string },
  writer: Prisma.TransactionClient = database(),
): Promise<string> {
  const id = uuidv7();
  await writer.campaignUpdate.create({ data: { id, campaign: { connect: { slug } }, ...update } });
  return id;
}

/** Returns the words of a campaign's news, and locks it; null when the campaign has none with this id. */
export async function lockUpdate(
  slug: string,
  id: string,
  transaction: Prisma.TransactionClient,
): Promise<{ locale: string; title: string; text: string } | null> {
  const [update] = await transaction.$queryRaw<{ locale: string; title: string; text: string }[]>`
    SELECT campaign_update.locale, campaign_update.title, campaign_update.text
    FROM campaign_update JOIN campaign ON campaign.id = campaign_update.campaign_id
    WHERE campaign_update.id = ${id}::uuid AND campaign.slug = ${slug} FOR UPDATE OF campaign_update`;
  return update ?? null;
}

/** Corrects news that the transaction has locked, keeping its position and publication time. */
export async function correctUpdate(
  id: string,
  changes: { title?: string; text?: string },
  transaction: Prisma.TransactionClient,
): Promise<void> {
  await transaction.campaignUpdate.update({ where: { id }, data: { ...changes, changedAt: new Date() } });
}

/**
 * Deletes news.
 * @returns false when the campaign has none with this id.
 */
export async function removeUpdate(
  slug: string,
  id: string,
  writer: Prisma.TransactionClient,
): Promise<boolean> {
  const { count } = await writer.campaignUpdate.deleteMany({ where: { id, campaign: { slug } } });
  return count > 0;
}
