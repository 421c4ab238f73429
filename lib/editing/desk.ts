import { cache } from "react";
import { campaignNamed, isSlug } from "@/lib/campaigns";
import { database } from "@/lib/db/client";
import { type CampaignOutcome, type CampaignStatus, Prisma } from "@/lib/db/generated/client";
import { type CampaignFiles, outlineOf } from "@/lib/document";
import type { Locale } from "@/lib/i18n/locales";
import type { WorkingState } from "./held";

/** As much of a file as is read for a campaign's title, in characters. */
const HEAD_CHARACTERS = 20_000;

/** A campaign as the desk knows it, published or not. */
export type DeskCampaign = {
  slug: string;
  /** As published; before that, as drafted in the first language that has one; else the slug. */
  title: string;
  status: CampaignStatus;
  outcome: CampaignOutcome | null;
  /** Number of the published version; null if it was never published. */
  version: number | null;
  /** What becomes of the version that is being worked on; null if there is none. */
  working: WorkingState | null;
  languages: readonly Locale[];
  /** Whether somebody else has to publish what one wrote. */
  fourEyes: boolean;
  archived: boolean;
  handedOverAt: Date | null;
};

/** Returns a campaign, published or not, or null. Reads it once for each request. */
export const deskCampaign = cache(async (slug: string): Promise<DeskCampaign | null> => {
  const [found] = isSlug(slug) ? await readCampaigns(Prisma.sql`WHERE campaign.slug = ${slug}`) : [];
  return found ?? null;
});

/** Returns all campaigns, oldest first. Reads them once for each request. */
export const deskCampaigns = cache((): Promise<DeskCampaign[]> => readCampaigns(Prisma.empty));

type Row = Omit<DeskCampaign, "title" | "languages"> & { id: string };

async function readCampaigns(which: Prisma.Sql): Promise<DeskCampaign[]> {
  const rows = await database().$queryRaw<Row[]>`
    SELECT campaign.id, campaign.slug, campaign.status, campaign.outcome, published.number AS version,
      working.state AS working, campaign.four_eyes AS "fourEyes", campaign.archived_at IS NOT NULL AS archived,
      campaign.handed_over_at AS "handedOverAt"
    FROM campaign
    LEFT JOIN campaign_version AS published
      ON published.campaign_id = campaign.id AND published.state = 'published'
    LEFT JOIN campaign_version AS working
      ON working.campaign_id = campaign.id AND working.state IN ('draft', 'in_review', 'scheduled')
    ${which} ORDER BY campaign.created_at, campaign.id`;
  // The published ones that this process has read need no look at their files.
  const unread = rows.filter(({ slug, version }) => campaignNamed(slug)?.version !== version);
  const heads = await headsOf(unread.map(({ id }) => id));
  return rows.map(({ id, ...row }) => ({ ...row, ...describe(row.slug, heads.get(id)) }));
}

function describe(slug: string, head: CampaignFiles | undefined): Pick<DeskCampaign, "title" | "languages"> {
  const read = campaignNamed(slug);
  if (head === undefined && read) {
    const { languages } = read.settings;
    return { title: read.documents.get(languages[0])?.title ?? slug, languages };
  }
  const { languages, titles } = outlineOf(head ?? new Map());
  return { title: titles.values().next().value ?? slug, languages };
}

/** Returns how the files of campaigns begin, by campaign: those published, or else those that are worked on. */
async function headsOf(campaignIds: readonly string[]): Promise<Map<string, CampaignFiles>> {
  if (campaignIds.length === 0) return new Map();
  const files = await database().$queryRaw<{ campaignId: string; path: string; text: string }[]>`
    SELECT version.campaign_id AS "campaignId", path, left(text, ${HEAD_CHARACTERS}::int) AS text
    FROM (
      SELECT DISTINCT ON (campaign_id) campaign_id, id FROM campaign_version
      WHERE campaign_id = ANY(${campaignIds}::uuid[]) AND state <> 'superseded'
      ORDER BY campaign_id, state = 'published' DESC
    ) AS version JOIN campaign_file ON version_id = version.id`;
  const byCampaign = Map.groupBy(files, ({ campaignId }) => campaignId);
  return new Map(
    [...byCampaign].map(([id, own]) => [id, new Map(own.map(({ path, text }) => [path, text]))] as const),
  );
}
