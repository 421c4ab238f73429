import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { noteSecurityEvent } from "@/lib/observability";

/**
 * Names an administrator may open per hour: four screens, and some look-ups in between. For more, a code is
 * needed, so that a stolen session does not yield a list.
 */
export const NAMES_AN_HOUR = 250;
/** Names per hour even with a recent code. To get all of them, export: that takes a reason and is audited. */
export const NAMES_AN_HOUR_WITH_CODE = 2_000;
const HOUR_MINUTES = 60;

/** The person asking for names, and whether they gave a code recently. */
export type Reader = { actor: Actor; proved: boolean };

/** Why no names were opened. `code-needed`: a recent code raises the limit. `spent`: the limit is used up. */
export type NamesRefused = { kind: "code-needed" } | { kind: "spent"; retryAfterSeconds: number };

/**
 * Counts names against the reader's hourly limit before they are opened. A look-up that finds nobody counts
 * as one, because it reveals whether somebody signed. The first refusal in an hour raises an alarm.
 * @returns null when the names may be opened.
 */
export function countNames({ actor, proved }: Reader, names: number): Promise<NamesRefused | null> {
  const counted = Math.max(names, 1);
  return database().$transaction(async (transaction) => {
    // Serialised per reader, or concurrent requests could exceed the limit.
    await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`names ${actor.id}`}, 0))`;
    const opened = await openedBy(actor.id, transaction);
    if (opened.names + counted > (proved ? NAMES_AN_HOUR_WITH_CODE : NAMES_AN_HOUR)) {
      await raiseAlarm(actor, opened.names, transaction);
      return proved
        ? { kind: "spent", retryAfterSeconds: opened.secondsUntilFewer }
        : { kind: "code-needed" };
    }
    await transaction.$executeRaw`
      INSERT INTO names_opened (actor_id, minute, names) VALUES (${actor.id}::uuid, date_trunc('minute', now()), ${counted})
      ON CONFLICT (actor_id, minute) DO UPDATE SET names = names_opened.names + EXCLUDED.names`;
    return null;
  });
}

async function openedBy(
  actorId: string,
  transaction: Prisma.TransactionClient,
): Promise<{ names: number; secondsUntilFewer: number }> {
  const [opened] = await transaction.$queryRaw<{ names: number; secondsUntilFewer: number }[]>`
    SELECT coalesce(sum(names), 0)::int AS names,
      greatest(ceil(extract(epoch FROM min(minute) + make_interval(mins => ${HOUR_MINUTES}::int) - now())), 1)::int
        AS "secondsUntilFewer"
    FROM names_opened
    WHERE actor_id = ${actorId}::uuid AND minute > now() - make_interval(mins => ${HOUR_MINUTES}::int)`;
  return opened ?? { names: 0, secondsUntilFewer: 1 };
}

async function raiseAlarm(actor: Actor, names: number, transaction: Prisma.TransactionClient): Promise<void> {
  noteSecurityEvent("names-scraping");
  const since = new Date(Date.now() - HOUR_MINUTES * 60_000);
  const raised = await transaction.auditEntry.count({
    where: { action: "alarm.names", subject: actor.id, at: { gt: since } },
  });
  if (raised === 0)
    await recordAudit({ actor, action: "alarm.names", subject: actor.id, detail: { names } }, transaction);
}

/** Deletes counts older than an hour. Safe to run in any process, at any time. */
export async function forgetNamesOpened(): Promise<void> {
  await database().$executeRaw`
    DELETE FROM names_opened WHERE minute <= now() - make_interval(mins => ${HOUR_MINUTES}::int)`;
}
