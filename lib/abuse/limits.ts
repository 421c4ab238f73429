import { database } from "@/lib/db/client";
import { keyedHash } from "@/lib/db/keyed-hash";

/** Signatures one network may send in a minute. Generous: behind a carrier's NAT a whole town shares one. */
export const SIGNATURES_PER_NETWORK_PER_MINUTE = 60;

const MINUTE_MILLISECONDS = 60_000;
/** Prefixes that stand for one network, in bits. Nothing finer is ever kept, and that only as a keyed hash. */
const IPV4_PREFIX_BITS = 24;
const IPV6_PREFIX_GROUPS = 3.5; // 56 bits

export type Admission = { admitted: true } | { admitted: false; retryAfterSeconds: number };

/** Counts one more signature of a network in this minute and says whether it is still within the limit. */
export async function admitSigning(clientAddress: string, now = new Date()): Promise<Admission> {
  const minute = new Date(Math.floor(now.getTime() / MINUTE_MILLISECONDS) * MINUTE_MILLISECONDS);
  // The day is part of the key: the same network has another key tomorrow.
  const key = keyedHash("network", `${minute.toISOString().slice(0, 10)} ${networkOf(clientAddress)}`);
  const [counted] = await database().$queryRaw<{ hits: number }[]>`
    INSERT INTO network_minute (network_key, minute, hits) VALUES (${key}, ${minute}, 1)
    ON CONFLICT (network_key, minute) DO UPDATE SET hits = network_minute.hits + 1
    RETURNING hits`;
  if (!counted || counted.hits <= SIGNATURES_PER_NETWORK_PER_MINUTE) return { admitted: true };
  const elapsedMilliseconds = now.getTime() - minute.getTime();
  return {
    admitted: false,
    retryAfterSeconds: Math.ceil((MINUTE_MILLISECONDS - elapsedMilliseconds) / 1000),
  };
}

/** The network an address belongs to: /24 of IPv4 (also when mapped into IPv6), /56 of IPv6. */
export function networkOf(address: string): string {
  const ipv4 = /(\d+)\.(\d+)\.(\d+)\.\d+$/.exec(address);
  if (ipv4) return `${ipv4.slice(1).join(".")}.0/${IPV4_PREFIX_BITS}`;
  const [head = "", tail] = address.toLowerCase().split("%")[0]?.split("::") ?? [];
  const front = head ? head.split(":") : [];
  const back = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
  const groups = [...front, ...Array<string>(Math.max(zeros, 0)).fill("0"), ...back].map((group) =>
    group.padStart(4, "0"),
  );
  return `${groups.join("").slice(0, IPV6_PREFIX_GROUPS * 4)}/56`;
}

/** Forgets minutes that no limit looks at any more. */
export async function forgetOldMinutes(): Promise<void> {
  await database().$executeRaw`DELETE FROM network_minute WHERE minute < now() - interval '10 minutes'`;
}
