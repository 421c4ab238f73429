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

/** Counts by country are rounded down to a multiple of this, so that one more signature does not say where it is from. */
export const COUNTRY_COUNT_STEP = 10;

/**
 * Confirmed signatures by country, each rounded down; small countries and what rounding took off are `other`, so that the
 * sum is the public count. Null when there is no such campaign.
 */
export async function countByCountry(slug: string): Promise<Record<string, number> | null> {
  const rows = await database().$queryRaw<{ country: string | null; count: number }[]>`
    SELECT part.country, coalesce(sum(part.count), 0)::float8 AS count
    FROM campaign LEFT JOIN LATERAL (
      SELECT signature.country, count(*) AS signatures FROM signature
      WHERE signature.campaign_id = campaign.id AND signature.state = 'confirmed' GROUP BY signature.country
    ) AS tally ON true
    CROSS JOIN LATERAL (
      SELECT CASE WHEN tally.signatures >= ${COUNTRY_MINIMUM_SIGNATURES}::int
        THEN tally.signatures - tally.signatures % ${COUNTRY_COUNT_STEP}::int ELSE 0 END AS shown
    ) AS rounded
    CROSS JOIN LATERAL (
      VALUES (tally.country::text, rounded.shown), ('other', tally.signatures - rounded.shown)
    ) AS part (country, count)
    WHERE campaign.slug = ${slug} GROUP BY 1 ORDER BY part.country = 'other', 2 DESC, 1`;
  if (rows.length === 0) return null;
  return Object.fromEntries(rows.filter((row) => row.count > 0).map((row) => [row.country, row.count]));
}
