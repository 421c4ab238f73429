import { database } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { publishedCountOf } from "@/lib/disclosure";
import { formatNumber } from "@/lib/i18n/format";
import { DEFAULT_LOCALE } from "@/lib/i18n/locales";
import type { Values } from "@/lib/merge-edits";

/** Percentages of a goal that are recorded when reached. */
export const MILESTONES_PERCENT = [25, 50, 75, 100] as const;
/** Factor by which a goal grows when the list of next goals is exhausted. */
const FACTOR_AFTER_LAST_GOAL = 2;

export type Milestone = { goal: number; percent: number; reachedAt: Date };

/**
 * Records milestones that the published count has reached, to the hour. Raises a goal that was reached to the
 * first next goal above the count, or doubles it when none is left.
 * Runs in the worker, so that no confirmation touches a row that others need. Safe to repeat and to run in
 * several processes.
 * @returns how many milestones are new.
 */
export async function advanceGoals(): Promise<number> {
  const reached = await database().$executeRaw`
    INSERT INTO campaign_milestone (campaign_id, goal, percent, reached_at)
    SELECT campaign.id, campaign.goal, part.percent, date_trunc('hour', now(), 'UTC')
    FROM campaign
    JOIN LATERAL (SELECT ${publishedCountOf(Prisma.sql`campaign.id`)} AS confirmed) AS counted ON true
    JOIN unnest(${[...MILESTONES_PERCENT]}::int[]) AS part (percent)
      ON counted.confirmed * 100 >= campaign.goal::bigint * part.percent
    ON CONFLICT DO NOTHING`;
  await database().$executeRaw`
    UPDATE campaign SET goal = coalesce(
      (SELECT min(next.goal) FROM unnest(campaign.next_goals) AS next (goal) WHERE next.goal > counted.confirmed),
      greatest(campaign.goal::bigint, counted.confirmed) * ${FACTOR_AFTER_LAST_GOAL}::int
    )::int
    FROM (SELECT id, ${publishedCountOf(Prisma.sql`counted_campaign.id`)} AS confirmed FROM campaign AS counted_campaign) AS counted
    WHERE counted.id = campaign.id AND campaign.status = 'open' AND counted.confirmed >= campaign.goal`;
  return reached;
}

/** Returns the milestones a campaign has reached, newest first. */
export function milestonesOf(slug: string): Promise<Milestone[]> {
  return database().$queryRaw<Milestone[]>`
    SELECT campaign_milestone.goal, campaign_milestone.percent, campaign_milestone.reached_at AS "reachedAt"
    FROM campaign_milestone JOIN campaign ON campaign.id = campaign_milestone.campaign_id
    WHERE campaign.slug = ${slug} ORDER BY campaign_milestone.goal DESC, campaign_milestone.percent DESC`;
}

/** Returns the last goal passed, if the campaign now has a higher one; otherwise null. */
export async function passedGoal(slug: string): Promise<number | null> {
  const [passed] = await database().$queryRaw<{ goal: number | null }[]>`
    SELECT max(campaign_milestone.goal) AS goal
    FROM campaign_milestone JOIN campaign ON campaign.id = campaign_milestone.campaign_id
    WHERE campaign.slug = ${slug} AND campaign_milestone.percent = 100 AND campaign_milestone.goal < campaign.goal`;
  return passed?.goal ?? null;
}

/** What is wrong with the goals as typed. */
export type GoalMistake = { kind: "goal" } | { kind: "next-goal"; typed: string };

export type Goals = { goal: number; nextGoals: number[] };

/** Highest goal that can be set, in signatures. The database column holds no more. */
export const GOAL_MAX = 2_000_000_000;

/**
 * Reads a goal and the goals that follow it, as typed; returns the latter lowest first. Digits may be
 * grouped; goals are separated by line breaks or semicolons.
 */
export function readGoals(
  goal: string,
  nextGoals: string,
): { ok: true; goals: Goals } | { ok: false; mistake: GoalMistake } {
  const first = readSignatures(goal);
  if (first === null) return { ok: false, mistake: { kind: "goal" } };
  const next: number[] = [];
  for (const typed of nextGoals.split(/[\n;]/).map((part) => part.trim())) {
    if (typed === "") continue;
    const read = readSignatures(typed);
    if (read === null) return { ok: false, mistake: { kind: "next-goal", typed } };
    next.push(read);
  }
  return {
    ok: true,
    goals: { goal: first, nextGoals: [...new Set(next)].sort((one, other) => one - other) },
  };
}

/** Returns goals as the fields of a form: `goal`, and `nextGoals` one per line. */
export function goalFields({ goal, nextGoals }: Goals): Values {
  const written = (number: number) => formatNumber(number, DEFAULT_LOCALE);
  return { goal: written(goal), nextGoals: nextGoals.map(written).join("\n") };
}

/** Reads the fields that `goalFields` returns, as somebody has edited them. */
export function readGoalFields({ goal = "", nextGoals = "" }: Values): ReturnType<typeof readGoals> {
  return readGoals(goal, nextGoals);
}

function readSignatures(typed: string): number | null {
  const digits = typed.trim().replace(/[\s,.'’_]/g, "");
  if (!/^\d{1,10}$/.test(digits)) return null;
  const number = Number(digits);
  return number >= 1 && number <= GOAL_MAX ? number : null;
}

/** Returns a campaign's current goal and its next goals; null when there is no such campaign. */
export function goalsOf(slug: string): Promise<Goals | null> {
  return database().campaign.findUnique({ where: { slug }, select: { goal: true, nextGoals: true } });
}

/** Sets a campaign's goal and next goals. The caller has checked that the user is an owner. */
export async function setGoals(
  slug: string,
  goals: Goals,
  writer: Prisma.TransactionClient = database(),
): Promise<void> {
  await writer.campaign.update({ where: { slug }, data: goals });
}
