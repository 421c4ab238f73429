import { database } from "@/lib/db/client";
import type { Locale } from "@/lib/i18n/locales";

/** What a share code brought. */
export type Reach = {
  visits: number;
  /** Everyone who signed through it, confirmed or not yet. */
  signatures: number;
  confirmed: number;
  /** Confirmed signatures through it and through everyone it brought, to any depth. */
  tree: number;
};

/**
 * What a code brought. Counted when somebody looks, by walking the codes from parent to child: a confirmation writes one
 * row however deep its chain, and no ancestor's row is ever hot (docs/decisions/0007).
 */
export async function reachOf(code: string): Promise<Reach> {
  const [reach] = await database().$queryRaw<Reach[]>`
    WITH RECURSIVE codes (code) AS (
      SELECT ${code}::text
      UNION
      SELECT share_code.code FROM codes JOIN share_code ON share_code.parent = codes.code
    )
    SELECT
      (SELECT coalesce(sum(visits), 0) FROM share_visit WHERE code = ${code})::float8 AS visits,
      (SELECT count(*) FROM signature WHERE ref = ${code})::float8 AS signatures,
      (SELECT count(*) FROM signature WHERE ref = ${code} AND state = 'confirmed')::float8 AS confirmed,
      (SELECT count(*) FROM signature JOIN codes ON signature.ref = codes.code WHERE signature.state = 'confirmed')::float8
        AS tree`;
  return reach ?? { visits: 0, signatures: 0, confirmed: 0, tree: 0 };
}

export type CodeFigures = Omit<Reach, "tree"> & { code: string; channel: string | null; locale: Locale };

/** The most codes that one look at them returns. */
const CODES_SHOWN = 200;

/**
 * The channels of a campaign and the signers' codes that brought the most, for the desk. A code is all that is said of a
 * signer.
 */
export function busiestCodes(slug: string): Promise<CodeFigures[]> {
  return database().$queryRaw<CodeFigures[]>`
    SELECT share_code.code, share_code.channel, share_code.locale,
      coalesce(visited.visits, 0)::float8 AS visits, coalesce(signed.signatures, 0)::float8 AS signatures,
      coalesce(signed.confirmed, 0)::float8 AS confirmed
    FROM campaign JOIN share_code ON share_code.campaign_id = campaign.id
    LEFT JOIN (SELECT code, sum(visits) AS visits FROM share_visit GROUP BY code) AS visited
      ON visited.code = share_code.code
    LEFT JOIN (
      SELECT ref, count(*) AS signatures, count(*) FILTER (WHERE state = 'confirmed') AS confirmed
      FROM signature WHERE ref IS NOT NULL GROUP BY ref
    ) AS signed ON signed.ref = share_code.code
    WHERE campaign.slug = ${slug} AND (visited.visits > 0 OR signed.signatures > 0)
    ORDER BY confirmed DESC, visits DESC, share_code.code LIMIT ${CODES_SHOWN}`;
}
