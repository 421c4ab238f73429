import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";

/** The time zones to choose from, by IANA name. */
export const TIME_ZONES: readonly string[] = [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];

/** Sets the time zone that the desk shows the actor's times in. */
export function setTimeZone(actor: Actor, timeZone: string): Promise<{ kind: "set" } | { kind: "unknown" }> {
  if (!TIME_ZONES.includes(timeZone)) return Promise.resolve({ kind: "unknown" });
  return database().$transaction(async (transaction) => {
    await transaction.adminAccount.update({ where: { id: actor.id }, data: { timeZone } });
    const detail = { timeZone };
    await recordAudit({ actor, action: "account.time-zone", subject: actor.id, detail }, transaction);
    return { kind: "set" };
  });
}
