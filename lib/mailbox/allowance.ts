import { database } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { dailyKey } from "@/lib/network";
import { broadMailboxOf } from "./address";
import { mendAddress } from "./address-rules";

/** The most mails per day (UTC) that typed addresses may cause, for all addresses with one key. */
export const MAILS_A_DAY = 20;

/**
 * Where today's mails to an address are counted.
 * The key includes the day's salt. Once that is destroyed, within two days, nobody can tell whose counter it
 * was, not even with all keys.
 */
export type Allowance = { day: string; key: Buffer<ArrayBuffer> };

/**
 * Returns the allowance of an address.
 * Reads the day's salt once per day and process, and otherwise needs no round trip.
 */
export async function allowanceOf(address: string, now = new Date()): Promise<Allowance> {
  const key = await dailyKey("mail-allowance", broadMailboxOf(mendAddress(address)), now);
  return { day: now.toISOString().slice(0, 10), key };
}

/**
 * Builds a statement for a CTE that counts mails against their
 * allowances and returns `key` and `mails`, today's total.
 * Counters are locked in key order, and after the signatures, so that statements cannot deadlock.
 * @param mails a CTE of the requested mails, with the columns `allowance_day` and `allowance_key`.
 */
export function counting(mails: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO mail_allowance (day, key, mails)
    SELECT allowance_day, allowance_key, count(*) FROM ${mails} GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (day, key) DO UPDATE SET mails = mail_allowance.mails + EXCLUDED.mails
    RETURNING key, mails`;
}

/** Deletes the counters of past days. Safe to repeat. */
export async function forgetAllowances(now?: Date): Promise<void> {
  await database().$executeRaw`
    DELETE FROM mail_allowance WHERE day < (coalesce(${now ?? null}::timestamptz, now()) AT TIME ZONE 'UTC')::date`;
}
