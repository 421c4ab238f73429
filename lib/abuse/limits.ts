import { database } from "@/lib/db/client";

/** Signatures one network may send in a minute. Generous: behind a carrier's NAT a whole town shares one. */
export const SIGNATURES_PER_NETWORK_PER_MINUTE = 60;

const MINUTE_MILLISECONDS = 60_000;

export type Admission = { admitted: true } | { admitted: false; retryAfterSeconds: number };

/** Counts one more signature of a network in this minute and says whether it is still within the limit. */
export async function admitSigning(networkKey: Buffer<ArrayBuffer>, now = new Date()): Promise<Admission> {
  const minute = new Date(Math.floor(now.getTime() / MINUTE_MILLISECONDS) * MINUTE_MILLISECONDS);
  const [counted] = await database().$queryRaw<{ hits: number }[]>`
    INSERT INTO network_minute (network_key, minute, hits) VALUES (${networkKey}, ${minute}, 1)
    ON CONFLICT (network_key, minute) DO UPDATE SET hits = network_minute.hits + 1
    RETURNING hits`;
  if (!counted || counted.hits <= SIGNATURES_PER_NETWORK_PER_MINUTE) return { admitted: true };
  const elapsedMilliseconds = now.getTime() - minute.getTime();
  return {
    admitted: false,
    retryAfterSeconds: Math.ceil((MINUTE_MILLISECONDS - elapsedMilliseconds) / 1000),
  };
}

/** Forgets minutes that no limit looks at any more. */
export async function forgetOldMinutes(): Promise<void> {
  await database().$executeRaw`DELETE FROM network_minute WHERE minute < now() - interval '10 minutes'`;
}
