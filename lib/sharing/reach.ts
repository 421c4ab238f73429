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
  /** The same step by step: through the code itself, through those it brought, and so on. */
  steps: number[];
};

/**
 * What a code brought. Counted when somebody looks, by walking the codes from parent to child: a confirmation writes one
 * row however deep its chain, and no ancestor's row is ever hot (docs/decisions/0007).
 */
export async function reachOf(code: string): Promise<Reach> {
  const [[counted], steps] = await Promise.all([
    database().$queryRaw<Pick<Reach, "visits" | "signatures" | "confirmed">[]>`
      SELECT (SELECT coalesce(sum(visits), 0) FROM share_visit WHERE code = ${code})::float8 AS visits,
        (SELECT count(*) FROM signature WHERE ref = ${code})::float8 AS signatures,
        (SELECT count(*) FROM signature WHERE ref = ${code} AND state = 'confirmed')::float8 AS confirmed`,
    // A code leads to its own tree once: codes never come in a circle, since a parent is older than its child.
    database().$queryRaw<{ confirmed: number }[]>`
      WITH RECURSIVE codes (code, step) AS (
        SELECT ${code}::text, 1
        UNION ALL
        SELECT share_code.code, codes.step + 1 FROM codes JOIN share_code ON share_code.parent = codes.code
      )
      SELECT count(signature.id)::float8 AS confirmed
      FROM codes LEFT JOIN signature ON signature.ref = codes.code AND signature.state = 'confirmed'
      GROUP BY codes.step ORDER BY codes.step`,
  ]);
  const each = steps.map(({ confirmed }) => confirmed);
  // The last steps are of people who brought nobody yet.
  const brought = each.slice(0, each.findLastIndex((confirmed) => confirmed > 0) + 1);
  const tree = brought.reduce((sum, confirmed) => sum + confirmed, 0);
  return { ...(counted ?? { visits: 0, signatures: 0, confirmed: 0 }), tree, steps: brought };
}

export type CodeFigures = Omit<Reach, "tree" | "steps"> & {
  code: string;
  channel: string | null;
  locale: Locale;
};

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

/** One code in a tree: how many steps it is from the first, what it came through, and what it brought by itself. */
export type Branch = CodeFigures & { parent: string | null; step: number };

/** The most branches of a tree that are shown. */
export const BRANCHES_SHOWN = 500;

/** The tree of a code, those nearest to it first; empty when there is no such code in the campaign. */
export function treeOf(slug: string, code: string): Promise<Branch[]> {
  return database().$queryRaw<Branch[]>`
    WITH RECURSIVE codes (code, parent, channel, locale, step) AS (
      SELECT share_code.code, NULL::text, share_code.channel, share_code.locale, 1
      FROM share_code JOIN campaign ON campaign.id = share_code.campaign_id
      WHERE share_code.code = ${code} AND campaign.slug = ${slug}
      UNION ALL
      SELECT share_code.code, share_code.parent, share_code.channel, share_code.locale, codes.step + 1
      FROM codes JOIN share_code ON share_code.parent = codes.code
    ),
    shown AS (SELECT * FROM codes ORDER BY step, code LIMIT ${BRANCHES_SHOWN})
    SELECT shown.code, shown.parent, shown.channel, shown.locale, shown.step,
      (SELECT coalesce(sum(visits), 0) FROM share_visit WHERE share_visit.code = shown.code)::float8 AS visits,
      (SELECT count(*) FROM signature WHERE ref = shown.code)::float8 AS signatures,
      (SELECT count(*) FROM signature WHERE ref = shown.code AND state = 'confirmed')::float8 AS confirmed
    FROM shown ORDER BY shown.step, confirmed DESC, shown.code`;
}

export type OriginFigures = { origin: string; signatures: number; confirmed: number };

/** The other sites whose pages held the form, and what each brought. */
export function signaturesByOrigin(slug: string): Promise<OriginFigures[]> {
  return database().$queryRaw<OriginFigures[]>`
    SELECT origin, count(*)::float8 AS signatures, count(*) FILTER (WHERE state = 'confirmed')::float8 AS confirmed
    FROM signature
    WHERE campaign_id = (SELECT id FROM campaign WHERE slug = ${slug}) AND origin IS NOT NULL
    GROUP BY origin ORDER BY confirmed DESC, signatures DESC, origin LIMIT ${CODES_SHOWN}`;
}
