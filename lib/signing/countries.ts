import { isSlug } from "@/lib/campaigns";
import { database } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import {
  type Figures,
  MANY_NETWORKS,
  NETWORKS_LOOKED_AT,
  publishedChangesOf,
  publishedCountOf,
  STEP,
  tellInSteps,
} from "@/lib/disclosure";
import { NETWORK_KEPT_HOURS } from "@/lib/network";
import { settings } from "@/lib/settings";

/** How often the public figures by country are refreshed, in minutes. */
const COUNTRIES_REFRESH_MINUTES = 10;

/** The public figures by country, and the public totals at the time when the figures could last change. */
export type CountryFigures = {
  shown: Readonly<Record<string, number>>;
  /** All confirmations, including those withdrawn since. Only ever rises, as the total shows everyone. */
  gained: number;
  /** Confirmed signatures withdrawn or no longer counted. Only ever rises, too. */
  removed: number;
};

/** What the secret steps allow to be disclosed per country, and the changes that the public count reveals. */
export type CountrySteps = { steps: Readonly<Record<string, number>> } & Pick<
  CountryFigures,
  "gained" | "removed"
>;

/**
 * Returns the next figures to show. They follow the steps cautiously, because the public count reveals when
 * something happened. No figure rises by as many signatures as were confirmed since figures could last
 * change, nor falls by as many as were withdrawn, and their sum stays below the total. What is held back
 * follows with later changes (docs/decisions/0008).
 */
export function nextCountryFigures(before: CountryFigures, now: CountrySteps): CountryFigures {
  const rise = stepsBelow(now.gained - before.gained);
  const fall = stepsBelow(now.removed - before.removed);
  const stepOf = (country: string) => now.steps[country] ?? 0;
  // Sorted, so that the order does not reveal which country came first.
  const countries = [...new Set([...Object.keys(before.shown), ...Object.keys(now.steps)])].sort();
  const figures = countries.map((country) => {
    const was = before.shown[country] ?? 0;
    const least = Math.max(0, was - fall);
    return { country, least, figure: Math.max(least, Math.min(was, stepOf(country))) };
  });
  let room = now.gained - now.removed - figures.reduce((sum, { figure }) => sum + figure, 0);
  const shown: Record<string, number> = {};
  for (const { country, least, figure } of figures) {
    const next =
      room > 0
        ? figure + Math.max(0, Math.min(rise, stepOf(country) - figure, stepsBelow(room)))
        : Math.max(least, figure - STEP - stepsBelow(1 - room));
    room -= next - figure;
    if (next > 0) shown[country] = next;
  }
  // That a figure could have changed and did not reveals something too, so counting restarts here either way.
  const { gained, removed } = rise > 0 || fall > 0 ? now : before;
  return { shown, gained, removed };
}

/** Returns the largest multiple of `STEP` below a number of changes, at least 0. */
function stepsBelow(changes: number): number {
  return Math.max(0, Math.floor((changes - 1) / STEP) * STEP);
}

/**
 * Refreshes the public figures by country of every campaign that is due; in a demonstration, always. Safe to
 * run in any process, at any time: the lock on the campaign's row of figures admits one process at a time.
 */
export async function refreshCountryFigures(): Promise<void> {
  const campaigns = await database().campaign.findMany({ select: { id: true } });
  const minutes = settings().figuresAtOnce ? 0 : COUNTRIES_REFRESH_MINUTES;
  for (const { id } of campaigns)
    await database().$transaction(async (transaction) => {
      await transaction.$executeRaw`
        INSERT INTO country_figures (campaign_id, shown, gained, removed, taken_at)
        VALUES (${id}::uuid, '{}', 0, 0, '-infinity') ON CONFLICT DO NOTHING`;
      const [before] = await transaction.$queryRaw<CountryFigures[]>`
        SELECT shown, gained::float8 AS gained, removed::float8 AS removed FROM country_figures
        WHERE campaign_id = ${id}::uuid AND taken_at <= now() - make_interval(mins => ${minutes}::int)
        FOR UPDATE`;
      if (!before) return;
      const [published] = await transaction.$queryRaw<Pick<CountryFigures, "gained" | "removed">[]>`
        ${publishedChangesOf(Prisma.sql`${id}::uuid`)}`;
      if (!published) return;
      const told = await tellInSteps(transaction, id, await confirmedByCountry(transaction, id));
      const steps = Object.fromEntries([...told].map(([country, each]) => [country, each.told]));
      const { shown, gained, removed } = nextCountryFigures(before, { steps, ...published });
      await transaction.$executeRaw`
        UPDATE country_figures SET shown = ${JSON.stringify(shown)}::jsonb, gained = ${gained}, removed = ${removed},
          taken_at = now() WHERE campaign_id = ${id}::uuid`;
    });
}

/**
 * Counts confirmed signatures by country, and the networks they came from. Each paper signature counts as a
 * network of its own, because an owner vouches for it.
 */
function confirmedByCountry(transaction: Prisma.TransactionClient, campaignId: string): Promise<Figures[]> {
  return transaction.$queryRaw<Figures[]>`
    WITH counts AS (
      SELECT country AS "of", sum(confirmed) AS count FROM (
        SELECT country, confirmed FROM signature_hour WHERE campaign_id = ${campaignId}::uuid
        UNION ALL SELECT country, confirmed FROM signature_change WHERE campaign_id = ${campaignId}::uuid
      ) AS figures GROUP BY country
    ),
    tallied AS (
      INSERT INTO network_tally (campaign_id, "of", day, networks)
      SELECT ${campaignId}::uuid, "of", day, count(DISTINCT network_key) FROM counts
      CROSS JOIN LATERAL (
        SELECT (signed_at AT TIME ZONE 'UTC')::date AS day, network_key FROM signature
        WHERE campaign_id = ${campaignId}::uuid AND country = counts."of" AND state = 'confirmed' AND network_key IS NOT NULL
          AND signed_at > now() - make_interval(hours => ${NETWORK_KEPT_HOURS}::int)
        ORDER BY signed_at DESC LIMIT ${NETWORKS_LOOKED_AT}
      ) AS recent
      WHERE (SELECT coalesce(sum(networks), 0) FROM network_tally AS known
        WHERE known.campaign_id = ${campaignId}::uuid AND known."of" = counts."of") < ${MANY_NETWORKS}
      GROUP BY 2, 3
      -- Who withdraws takes no network along: the keys of later days do not tell whose it was.
      ON CONFLICT (campaign_id, "of", day) DO UPDATE SET networks = greatest(network_tally.networks, EXCLUDED.networks)
      RETURNING "of", day, networks
    ),
    networks AS (
      SELECT "of", sum(networks) AS networks FROM (
        SELECT "of", day, networks FROM tallied
        UNION ALL
        SELECT "of", day, networks FROM network_tally AS known WHERE campaign_id = ${campaignId}::uuid
          AND NOT EXISTS (SELECT FROM tallied WHERE tallied."of" = known."of" AND tallied.day = known.day)
        UNION ALL
        SELECT country, NULL, count(*) FROM signature
        WHERE campaign_id = ${campaignId}::uuid AND source = 'paper' AND state = 'confirmed' GROUP BY country
      ) AS each GROUP BY "of"
    )
    SELECT counts."of"::text AS "of", counts.count::float8 AS count, coalesce(networks.networks, 0)::float8 AS networks
    FROM counts LEFT JOIN networks USING ("of")`;
}

/**
 * Returns confirmed signatures by country as the public may see them: in steps of ten, refreshed
 * periodically. The rest of the published count is `other`. Null when there is no such campaign, or it was never
 * published.
 */
export async function countByCountry(slug: string): Promise<Record<string, number> | null> {
  if (!isSlug(slug)) return null;
  const [row] = await database().$queryRaw<{ shown: Record<string, number>; count: number }[]>`
    SELECT coalesce((SELECT shown FROM country_figures WHERE campaign_id = campaign.id), '{}') AS shown,
      ${publishedCountOf(Prisma.sql`campaign.id`)}::float8 AS count
    FROM campaign WHERE campaign.slug = ${slug} AND campaign.status <> 'draft'`;
  if (!row) return null;
  const countries = Object.entries(row.shown).sort(
    ([one, few], [other, many]) => many - few || (one < other ? -1 : 1),
  );
  const other = row.count - countries.reduce((sum, [, count]) => sum + count, 0);
  // After many withdrawals, the figures can exceed the total until they have caught up.
  if (other < 0) return row.count > 0 ? { other: row.count } : {};
  return Object.fromEntries(other > 0 ? [...countries, ["other", other]] : countries);
}
