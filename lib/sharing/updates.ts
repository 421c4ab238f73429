import { v7 as uuidv7 } from "uuid";
import { database } from "@/lib/db/client";
import type { Locale } from "@/lib/i18n/locales";

/** Entries in a feed. */
const UPDATES_SHOWN = 50;

export type CampaignUpdate = { id: string; title: string; text: string; publishedAt: Date };

/** News of a campaign in one language, newest first. */
export function campaignUpdates(slug: string, locale: Locale): Promise<CampaignUpdate[]> {
  return database().campaignUpdate.findMany({
    where: { campaign: { slug }, locale },
    select: { id: true, title: true, text: true, publishedAt: true },
    orderBy: { publishedAt: "desc" },
    take: UPDATES_SHOWN,
  });
}

/** Publishes news of a campaign. The caller has checked that an owner asks. */
export async function publishUpdate(
  slug: string,
  update: { locale: Locale; title: string; text: string },
): Promise<void> {
  await database().campaignUpdate.create({
    data: { id: uuidv7(), campaign: { connect: { slug } }, ...update },
  });
}
