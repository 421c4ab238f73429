import { broadMailboxOf } from "@/lib/mailbox";
import { foldName } from "./fold-name";
import type { Person } from "./person";

/** What the review compares: 53-bit hashes under one search's seed. Never stored, and useless afterwards. */
export type Fingerprint = {
  name: number;
  /** NaN when there is no address. */
  mailbox: number;
};

/** Computes a person's fingerprint. Equal names or mailboxes give equal hashes; others rarely collide. */
export function fingerprintOf({ name, email }: Pick<Person, "name" | "email">, seed: number): Fingerprint {
  return {
    name: hashOf(foldName(name), seed),
    mailbox: email === "" ? Number.NaN : hashOf(broadMailboxOf(email), seed),
  };
}

/** Returns a fast 53-bit hash (cyrb53, public domain). It is not secret, and stays in memory. */
export function hashOf(text: string, seed: number): number {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}
