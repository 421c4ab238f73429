import { database } from "@/lib/db/client";
import { type Audience, discloseSums } from "@/lib/disclosure";

/**
 * Among this many signers nobody stands out, so their networks are not counted. Networks are forgotten within
 * days, and the public count moves in smaller steps than these figures.
 */
const MANY_SIGNERS = 500;

/**
 * Returns how many confirmed signatures each published version of a campaign has, as far as an audience may
 * know: others than those who may open signatories are told tens, and nothing of a version that few have signed.
 */
export async function signersByVersion(slug: string, audience: Audience): Promise<Map<number, number>> {
  const rows = await database().$queryRaw<
    { campaignId: string; version: number; confirmed: number; networks: number }[]
  >`
    SELECT campaign_id AS "campaignId", text_version AS version, count(*)::float8 AS confirmed,
      count(DISTINCT network_key)::float8 AS networks
    FROM signature
    WHERE campaign_id = (SELECT id FROM campaign WHERE slug = ${slug})
      AND state = 'confirmed' AND text_version IS NOT NULL
    GROUP BY campaign_id, text_version`;
  const sums = rows.map(({ campaignId, version, confirmed, networks }) => ({
    key: `text ${campaignId} ${version}`,
    version,
    figures: { confirmed },
    networks: confirmed < MANY_SIGNERS ? networks : confirmed,
  }));
  return new Map(discloseSums(sums, audience).map((sum) => [sum.version, sum.figures.confirmed]));
}
