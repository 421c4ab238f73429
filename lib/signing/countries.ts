import { isSlug } from "@/lib/campaign/slug";
import { database } from "@/lib/db/client";

/** The public figures by country go up and down in steps of so many signatures; below the first a country is not shown. */
export const COUNTRY_STEP = 10;
/** How often the public figures by country are renewed, in minutes. */
export const COUNTRIES_REFRESH_MINUTES = 10;

/** What the public is shown by country, and what had happened when figures could last change. */
export type CountryFigures = {
  shown: Readonly<Record<string, number>>;
  /** Confirmations, those taken back since included: it only goes up, as everybody can see from the total. */
  gained: number;
  /** Confirmed signatures taken back or no longer counted: it only goes up, too. */
  removed: number;
};

/** How the signatures stand in truth. */
export type CountryCounts = { counts: Readonly<Record<string, number>> } & Pick<
  CountryFigures,
  "gained" | "removed"
>;

/**
 * The figures to show next. The total is public and tells each signature as it comes, so a figure must not tell where one
 * of them came from: no figure rises by as many as were confirmed since figures could last change, nor falls by as many as were
 * taken back, and all of them together stay below the total. What is held back follows with later ones
 * (docs/decisions/0008).
 */
export function nextCountryFigures(before: CountryFigures, now: CountryCounts): CountryFigures {
  const rise = stepsBelow(now.gained - before.gained);
  const fall = stepsBelow(now.removed - before.removed);
  const rounded = (country: string) => Math.floor((now.counts[country] ?? 0) / COUNTRY_STEP) * COUNTRY_STEP;
  // In one order always: which country came first is no one's business.
  const countries = [...new Set([...Object.keys(before.shown), ...Object.keys(now.counts)])].sort();
  const figures = countries.map((country) => {
    const was = before.shown[country] ?? 0;
    const least = Math.max(0, was - fall);
    return { country, least, figure: Math.max(least, Math.min(was, rounded(country))) };
  });
  let room = now.gained - now.removed - figures.reduce((sum, { figure }) => sum + figure, 0);
  const shown: Record<string, number> = {};
  for (const { country, least, figure } of figures) {
    const next =
      room > 0
        ? figure + Math.max(0, Math.min(rise, rounded(country) - figure, stepsBelow(room)))
        : Math.max(least, figure - COUNTRY_STEP - stepsBelow(1 - room));
    room -= next - figure;
    if (next > 0) shown[country] = next;
  }
  // Whatever could have changed and did not tells something, too: from here on it is counted anew.
  const { gained, removed } = rise > 0 || fall > 0 ? now : before;
  return { shown, gained, removed };
}

/** The most signatures in whole steps that are fewer than so many. */
function stepsBelow(changes: number): number {
  return Math.max(0, Math.floor((changes - 1) / COUNTRY_STEP) * COUNTRY_STEP);
}

/**
 * Renews the public figures by country of every campaign for which it is time. Safe to run anywhere, at any time: the
 * campaign's row lets one process after the other do it.
 */
export async function refreshCountryFigures(): Promise<void> {
  const campaigns = await database().campaign.findMany({ select: { id: true } });
  for (const { id } of campaigns)
    await database().$transaction(async (transaction) => {
      await transaction.$executeRaw`
        INSERT INTO country_figures (campaign_id, shown, gained, removed, taken_at)
        VALUES (${id}::uuid, '{}', 0, 0, '-infinity') ON CONFLICT DO NOTHING`;
      const [before] = await transaction.$queryRaw<CountryFigures[]>`
        SELECT shown, gained::float8 AS gained, removed::float8 AS removed FROM country_figures
        WHERE campaign_id = ${id}::uuid AND taken_at <= now() - make_interval(mins => ${COUNTRIES_REFRESH_MINUTES}::int)
        FOR UPDATE`;
      if (!before) return;
      // One statement: the counters and the figures by country are of one moment.
      const [now] = await transaction.$queryRaw<CountryCounts[]>`
        SELECT
          coalesce((SELECT sum(confirmed + removed) FROM confirmed_count WHERE campaign_id = ${id}::uuid), 0)::float8
            AS gained,
          coalesce((SELECT sum(removed) FROM confirmed_count WHERE campaign_id = ${id}::uuid), 0)::float8 AS removed,
          coalesce((SELECT jsonb_object_agg(country, confirmed) FROM (
            SELECT country, sum(confirmed) AS confirmed FROM (
              SELECT country, confirmed FROM signature_hour WHERE campaign_id = ${id}::uuid
              UNION ALL SELECT country, confirmed FROM signature_change WHERE campaign_id = ${id}::uuid
            ) AS figures GROUP BY country
          ) AS tally), '{}') AS counts`;
      if (!now) return;
      const { shown, gained, removed } = nextCountryFigures(before, now);
      await transaction.$executeRaw`
        UPDATE country_figures SET shown = ${JSON.stringify(shown)}::jsonb, gained = ${gained}, removed = ${removed},
          taken_at = now() WHERE campaign_id = ${id}::uuid`;
    });
}

/**
 * Confirmed signatures by country as the public may know them: steps of ten, renewed now and then; all the rest of the
 * present count is `other`. Null when there is no such campaign.
 */
export async function countByCountry(slug: string): Promise<Record<string, number> | null> {
  if (!isSlug(slug)) return null;
  const [row] = await database().$queryRaw<{ shown: Record<string, number>; count: number }[]>`
    SELECT coalesce((SELECT shown FROM country_figures WHERE campaign_id = campaign.id), '{}') AS shown,
      coalesce((SELECT sum(confirmed) FROM confirmed_count WHERE campaign_id = campaign.id), 0)::float8 AS count
    FROM campaign WHERE campaign.slug = ${slug}`;
  if (!row) return null;
  const countries = Object.entries(row.shown).sort(
    ([one, few], [other, many]) => many - few || (one < other ? -1 : 1),
  );
  const other = row.count - countries.reduce((sum, [, count]) => sum + count, 0);
  // After many withdrawals the figures may come to more than there are, until they have followed.
  if (other < 0) return row.count > 0 ? { other: row.count } : {};
  return Object.fromEntries(other > 0 ? [...countries, ["other", other]] : countries);
}
