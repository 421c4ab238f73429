import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type PublishedCampaign, setCampaigns } from "@/lib/campaigns";
import { type CampaignContent, type CampaignFiles, readCampaign } from "@/lib/document";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";

/** Returns the text files of a campaign's folder. */
function filesIn(folder: string): CampaignFiles {
  const names = readdirSync(folder).filter((name) => /\.(md|yaml)$/.test(name));
  return new Map(names.map((name) => [name, readFileSync(path.join(folder, name), "utf8")]));
}

/** Returns what a campaign's folder says. */
function contentIn(folder: string): CampaignContent {
  const read = readCampaign(filesIn(folder));
  if (!read.ok) throw new Error(`${folder}: ${JSON.stringify(read.faults[0])}`);
  return read.content;
}

/** Returns a campaign as if it had been published. */
export function asPublished(
  content: CampaignContent,
  published: Partial<PublishedCampaign> = {},
): PublishedCampaign {
  return {
    ...content,
    id: "00000000-0000-7000-8000-000000000000",
    slug: content.settings.slug,
    version: 1,
    publishedAt: new Date("2026-11-01T08:00:00Z"),
    archived: false,
    callBefore: null,
    ...published,
  };
}

/** Returns what the folder of the campaign that ships says. */
function shippedContent(): CampaignContent {
  return contentIn(path.join("campaigns", CAMPAIGN_SLUG));
}

/** Publishes the shipped campaign in this process alone, for tests without a database. */
export function useShippedCampaign(published: Partial<PublishedCampaign> = {}): PublishedCampaign {
  const campaign = asPublished(shippedContent(), published);
  setCampaigns([campaign]);
  return campaign;
}
