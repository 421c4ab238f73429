import { broadMailboxOf } from "@/lib/mailbox";
import { foldName } from "./fold-name";
import type { Person } from "./person";

/** What the review compares people by. Hashes of 53 bits under a search's own seed: never stored, worth nothing afterwards. */
export type Fingerprint = {
  name: number;
  /** Not a number where there is no address. */
  mailbox: number;
};

/** Computes what the review compares a person by. People with equal names or mailboxes have equal hashes; few others do. */
export function fingerprintOf({ name, email }: Pick<Person, "name" | "email">, seed: number): Fingerprint {
  return {
    name: hashOf(foldName(name), seed),
    mailbox: email === "" ? Number.NaN : hashOf(broadMailboxOf(email), seed),
  };
}

/** A fast hash of 53 bits (cyrb53, public domain). Not a secret: it stays in memory. */
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
