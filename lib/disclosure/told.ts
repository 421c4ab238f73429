import type { Prisma } from "@/lib/db/generated/client";
import { settings } from "@/lib/settings";
import { AT_ONCE, nextTold, type People, type Told, toldAt } from "./steps";

/** A number of people `of` something, such as a country, and how many networks they came from. */
export type Figures = People & { of: string };

type Row = Told & { of: string };

/**
 * Takes the steps that are due for each of several figures of a campaign, stores them with their secret
 * thresholds, and returns what may be disclosed. Figures that are not passed count as zero. The caller's
 * transaction makes processes take turns on a campaign.
 * @returns what may be disclosed of each, and whether that has just changed.
 */
export async function tellInSteps(
  transaction: Prisma.TransactionClient,
  campaignId: string,
  figures: readonly Figures[],
  among: "countries" | "names" = "countries",
): Promise<Map<string, { told: number; changed: boolean }>> {
  const held = await transaction.$queryRaw<Row[]>`
    SELECT "of", told, rise_at AS "riseAt", fall_at AS "fallAt" FROM told_figure
    WHERE campaign_id = ${campaignId}::uuid AND ("of" = 'names') = ${among === "names"}`;
  const known = new Map(held.map(({ of, ...told }) => [of, told]));
  const people = new Map(figures.map(({ of, ...rest }) => [of, rest]));
  const told = new Map<string, { told: number; changed: boolean }>();
  const changed: Row[] = [];
  for (const of of new Set([...known.keys(), ...people.keys()])) {
    const before = known.get(of);
    const now = next(before, people.get(of) ?? { count: 0, networks: 0 });
    told.set(of, { told: now.told, changed: now.told !== (before?.told ?? 0) });
    if (now !== before) changed.push({ of, ...now });
  }
  if (changed.length > 0)
    await transaction.$executeRaw`
      INSERT INTO told_figure (campaign_id, "of", told, rise_at, fall_at)
      SELECT ${campaignId}::uuid, "of", told, "riseAt", "fallAt"
      FROM json_to_recordset(${JSON.stringify(changed)}::json) AS changed ("of" text, told int, "riseAt" int, "fallAt" int)
      ON CONFLICT (campaign_id, "of") DO UPDATE
        SET told = EXCLUDED.told, rise_at = EXCLUDED.rise_at, fall_at = EXCLUDED.fall_at, changed_at = now()`;
  return told;
}

function next(before: Told | undefined, people: People): Told {
  if (settings().figuresAtOnce)
    return nextTold(before ?? toldAt(0, AT_ONCE), { ...people, networks: Number.POSITIVE_INFINITY }, AT_ONCE);
  return nextTold(before ?? toldAt(0), people);
}
