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

/** Countries with fewer confirmed signatures than this are merged into `other`, so that nobody stands out. */
export const COUNTRY_MINIMUM_SIGNATURES = 10;

/**
 * Confirmed signatures by country, small countries merged into `other`; null when there is no such campaign. Sums the
 * hours that a trigger keeps, never the signatures themselves.
 */
export async function countByCountry(slug: string): Promise<Record<string, number> | null> {
  if (!isSlug(slug)) return null;
  const rows = await database().$queryRaw<{ country: string | null; count: number }[]>`
    SELECT CASE WHEN tally.signatures >= ${COUNTRY_MINIMUM_SIGNATURES} THEN tally.country ELSE 'other' END AS country,
      coalesce(sum(tally.signatures), 0)::float8 AS count
    FROM campaign LEFT JOIN LATERAL (
      SELECT figures.country, sum(figures.confirmed) AS signatures FROM (
        SELECT country, confirmed FROM signature_hour WHERE campaign_id = campaign.id
        UNION ALL SELECT country, confirmed FROM signature_change WHERE campaign_id = campaign.id
      ) AS figures GROUP BY figures.country
    ) AS tally ON true
    WHERE campaign.slug = ${slug} GROUP BY 1 ORDER BY 2 DESC, 1`;
  if (rows.length === 0) return null;
  return Object.fromEntries(rows.filter((row) => row.count > 0).map((row) => [row.country, row.count]));
}
