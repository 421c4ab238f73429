import { database } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { dailyKey } from "@/lib/network";
import { broadMailboxOf } from "./address";
import { mendAddress } from "./address-rules";

/** The most mails a day (UTC) that typing addresses can cause for all addresses of one mail key. */
export const MAILS_A_DAY = 20;

/**
 * Where the mails that an address causes are counted today. The day's salt is in the key: once it is destroyed, within two
 * days, nobody can find whose counter it was, not even with all keys.
 */
export type Allowance = { day: string; key: Buffer<ArrayBuffer> };

/** Reads the day's salt once a day and process; otherwise without a round trip. */
export async function allowanceOf(address: string, now = new Date()): Promise<Allowance> {
  const key = await dailyKey("mail-allowance", broadMailboxOf(mendAddress(address)), now);
  return { day: now.toISOString().slice(0, 10), key };
}

/**
 * A statement, for a CTE, that counts mails against their allowances and returns `key` and `mails`, the number so far today.
 * Counters are locked in the order of their keys, and after the signatures, so that statements never wait in a circle.
 * @param mails a CTE of the mails that are asked for, with the columns `allowance_day` and `allowance_key`.
 */
export function counting(mails: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO mail_allowance (day, key, mails)
    SELECT allowance_day, allowance_key, count(*) FROM ${mails} GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (day, key) DO UPDATE SET mails = mail_allowance.mails + EXCLUDED.mails
    RETURNING key, mails`;
}

/** Forgets the counters of days that are over. Safe to repeat. */
export async function forgetAllowances(now?: Date): Promise<void> {
  await database().$executeRaw`
    DELETE FROM mail_allowance WHERE day < (coalesce(${now ?? null}::timestamptz, now()) AT TIME ZONE 'UTC')::date`;
}
