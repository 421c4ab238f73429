import { isSlug } from "@/lib/campaign/slug";
import { database } from "@/lib/db/client";

/** What the public may know of a campaign: confirmed signatures only. */
export type CampaignFigures = {
  slug: string;
  status: "open" | "closed";
  count: number;
  goal: number;
  updatedAt: string;
};

/** The figures of a campaign as they stand now, or null when there is no such campaign. Sums 16 rows, never counts. */
export async function campaignFigures(slug: string): Promise<CampaignFigures | null> {
  if (!isSlug(slug)) return null;
  const [row] = await database().$queryRaw<
    { slug: string; status: "open" | "closed"; goal: number; count: number; updatedAt: Date }[]
  >`
    SELECT campaign.slug, campaign.status, campaign.goal,
      coalesce(sum(confirmed_count.confirmed), 0)::float8 AS count,
      coalesce(max(confirmed_count.updated_at), campaign.created_at) AS "updatedAt"
    FROM campaign LEFT JOIN confirmed_count ON confirmed_count.campaign_id = campaign.id
    WHERE campaign.slug = ${slug} GROUP BY campaign.id`;
  if (!row) return null;
  const { status, count, goal, updatedAt } = row;
  return { slug, status, count, goal, updatedAt: updatedAt.toISOString() };
}
