import { randomInt } from "node:crypto";
import { database } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { settings } from "@/lib/settings";
import { mayTell } from "./steps";

/** The public count moves by at least this many changes at a time, confirmations and withdrawals alike. */
const FEWEST_CHANGES = 3;
/**
 * A step waits for three to five changes, each from its own network; the number is drawn afresh each time.
 */
const CHANGES_SPREAD = 3;
/** Among this many changes at once no single one stands out, so their networks are not counted. */
const MANY_CHANGES = 50;
/**
 * How long a step of three changes waits for more changes, or for other networks, in seconds: a random time
 * between the two. Then it is taken, so that the count is never more than two behind for long.
 */
const STEP_WAIT_SECONDS = { least: 10, most: 60 };

/** Returns the public count of a campaign, as SQL. A demonstration shows the exact count. */
export function publishedCountOf(campaignId: Prisma.Sql): Prisma.Sql {
  return settings().figuresAtOnce
    ? Prisma.sql`(SELECT coalesce(sum(confirmed_count.confirmed), 0) FROM confirmed_count WHERE confirmed_count.campaign_id = ${campaignId})`
    : Prisma.sql`coalesce((SELECT published_count.count FROM published_count WHERE published_count.campaign_id = ${campaignId}), 0)`;
}

/**
 * Returns two columns as SQL: all confirmations in the published count, and how many of them were withdrawn.
 */
export function publishedChangesOf(campaignId: Prisma.Sql): Prisma.Sql {
  return settings().figuresAtOnce
    ? Prisma.sql`SELECT coalesce(sum(confirmed + removed), 0)::float8 AS gained, coalesce(sum(removed), 0)::float8 AS removed
        FROM confirmed_count WHERE campaign_id = ${campaignId}`
    : Prisma.sql`SELECT coalesce(sum(gained), 0)::float8 AS gained, coalesce(sum(removed), 0)::float8 AS removed
        FROM published_count WHERE campaign_id = ${campaignId}`;
}

/** Returns when the public count last moved, to the hour, as SQL. */
export function publishedAtOf(campaignId: Prisma.Sql): Prisma.Sql {
  const moved = settings().figuresAtOnce
    ? Prisma.sql`(SELECT max(updated_at) FROM confirmed_count WHERE confirmed_count.campaign_id = ${campaignId})`
    : Prisma.sql`(SELECT published_at FROM published_count WHERE published_count.campaign_id = ${campaignId})`;
  return Prisma.sql`date_trunc('hour', coalesce(${moved}, campaign.created_at), 'UTC')`;
}

type Pending = { campaignId: string; changes: number };

/**
 * Publishes the counts that are due: the only place where a public count moves. Safe to run anywhere, at any
 * time; a row lock makes processes take turns on a campaign.
 * @returns how many counts moved.
 */
export async function publishCounts(): Promise<number> {
  await database().$executeRaw`
    INSERT INTO published_count (campaign_id, threshold, published_at)
    SELECT id, ${freshThreshold()}, created_at FROM campaign
    WHERE NOT EXISTS (SELECT FROM published_count WHERE campaign_id = campaign.id) ON CONFLICT DO NOTHING`;
  const pending = await database().$queryRaw<Pending[]>`
    SELECT published_count.campaign_id AS "campaignId",
      (sum(confirmed_count.confirmed + 2 * confirmed_count.removed) - published_count.gained - published_count.removed)::float8
        AS changes
    FROM published_count JOIN confirmed_count USING (campaign_id) GROUP BY published_count.campaign_id
    HAVING sum(confirmed_count.confirmed + 2 * confirmed_count.removed) - published_count.gained - published_count.removed
      >= ${FEWEST_CHANGES}`;
  let moved = 0;
  for (const { campaignId } of pending) if (await publishCount(campaignId)) moved += 1;
  return moved;
}

type Held = {
  count: number;
  gained: number;
  removed: number;
  publishedAt: Date;
  threshold: number;
  due: boolean | null;
};

function publishCount(campaignId: string): Promise<boolean> {
  return database().$transaction(async (transaction) => {
    const [held] = await transaction.$queryRaw<Held[]>`
      SELECT count::float8 AS count, gained::float8 AS gained, removed::float8 AS removed, published_at AS "publishedAt",
        threshold::int AS threshold, due_at <= now() AS due
      FROM published_count WHERE campaign_id = ${campaignId}::uuid FOR UPDATE`;
    const [now] = await transaction.$queryRaw<{ gained: number; removed: number }[]>`
      SELECT coalesce(sum(confirmed + removed), 0)::float8 AS gained, coalesce(sum(removed), 0)::float8 AS removed
      FROM confirmed_count WHERE campaign_id = ${campaignId}::uuid`;
    if (!held || !now) return false;
    const withdrawals = now.removed - held.removed;
    const changes = now.gained - held.gained + withdrawals;
    if (changes < FEWEST_CHANGES) return false;
    const networks =
      changes >= MANY_CHANGES
        ? changes
        : (await networksSince(transaction, campaignId, held.publishedAt)) + Math.min(withdrawals, 1);
    if (!held.due && !mayTell({ count: changes, networks }, held.threshold)) {
      if (held.due === null)
        await transaction.$executeRaw`
          UPDATE published_count SET due_at = now() + make_interval(secs => ${randomWait()}::int)
          WHERE campaign_id = ${campaignId}::uuid`;
      return false;
    }
    const count = now.gained - now.removed;
    await transaction.$executeRaw`
      UPDATE published_count SET count = ${count}, gained = ${now.gained}, removed = ${now.removed},
        published_at = now(), threshold = ${freshThreshold()}, due_at = NULL
      WHERE campaign_id = ${campaignId}::uuid`;
    await transaction.$executeRaw`
      INSERT INTO published_hour (campaign_id, hour, change)
      VALUES (${campaignId}::uuid, date_trunc('hour', now(), 'UTC'), ${count - held.count})
      ON CONFLICT (campaign_id, hour) DO UPDATE SET change = published_hour.change + EXCLUDED.change`;
    return true;
  });
}

/** Counts the networks that confirmations came from since the last step. Unknown networks are not counted. */
async function networksSince(
  transaction: Prisma.TransactionClient,
  campaignId: string,
  since: Date,
): Promise<number> {
  const [found] = await transaction.$queryRaw<{ networks: number }[]>`
    SELECT count(DISTINCT network_key)::int AS networks FROM signature
    WHERE campaign_id = ${campaignId}::uuid AND state = 'confirmed' AND network_key IS NOT NULL
      AND confirmed_at >= ${since}`;
  return found?.networks ?? 0;
}

function freshThreshold(): number {
  return FEWEST_CHANGES + randomInt(CHANGES_SPREAD);
}

function randomWait(): number {
  return randomInt(STEP_WAIT_SECONDS.least, STEP_WAIT_SECONDS.most + 1);
}

/** Returns the change of the published count in each hour or day (UTC) since a time, oldest first. */
export function publishedChanges(
  campaignId: string,
  unit: "hour" | "day",
  from: Date,
): Promise<{ at: Date; confirmed: number }[]> {
  return database().$queryRaw<{ at: Date; confirmed: number }[]>`
    SELECT date_trunc(${unit}, hour, 'UTC') AS at, sum(change)::float8 AS confirmed FROM published_hour
    WHERE campaign_id = ${campaignId}::uuid AND hour >= date_trunc(${unit}, ${from}::timestamptz, 'UTC')
    GROUP BY 1 ORDER BY 1`;
}
