import { database } from "@/lib/db/client";
import { type Audience, discloseSums, NETWORKS_LOOKED_AT } from "@/lib/disclosure";

/**
 * Returns how many confirmed signatures each published version of a campaign has, as far as an audience may
 * know: others than those who may open signatories are told tens, and nothing of a version that few have signed.
 */
export async function signersByVersion(slug: string, audience: Audience): Promise<Map<number, number>> {
  const rows = await database().$queryRaw<
    { campaignId: string; version: number; confirmed: number; networks: number }[]
  >`
    SELECT campaign_id AS "campaignId", text_version AS version, count(*)::float8 AS confirmed,
      (SELECT count(DISTINCT network_key)::int FROM (
        SELECT network_key FROM signature AS one
        WHERE one.campaign_id = signature.campaign_id AND one.text_version = signature.text_version
          AND one.state = 'confirmed' AND one.network_key IS NOT NULL
        LIMIT ${NETWORKS_LOOKED_AT}::int) AS looked_at) AS networks
    FROM signature
    WHERE campaign_id = (SELECT id FROM campaign WHERE slug = ${slug})
      AND state = 'confirmed' AND text_version IS NOT NULL
    GROUP BY campaign_id, text_version`;
  const sums = rows.map(({ campaignId, version, confirmed, networks }) => ({
    key: `text ${campaignId} ${version}`,
    version,
    figures: { confirmed },
    networks,
  }));
  return new Map(discloseSums(sums, audience).map((sum) => [sum.version, sum.figures.confirmed]));
}
