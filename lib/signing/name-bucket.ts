import { database } from "@/lib/db/client";
import { keyedHash } from "@/lib/db/keyed-hash";
import { foldName } from "@/lib/names/fold";

/** People that share a bucket, at the least, in a campaign as large as it was when they signed. */
export const PEOPLE_IN_A_BUCKET = 512;
/** Bits of the hash that are kept at the most: enough for eight billion people. */
const BITS_MAX = 24;
/** How long a process goes by the sizes of campaigns that it read last, in milliseconds. */
const SIZES_KEPT_MILLISECONDS = 60_000;

// Next loads this module once per route bundle; one reading a process is enough.
const held = globalThis as {
  campaignSizes?: { readAt: number; sizes: Promise<ReadonlyMap<string, number>> };
};

/**
 * The bucket of a name: the first bits of its keyed hash behind a leading 1, which tells how many bits they are. Hundreds of
 * people share each, so that neither the bucket nor a forged signature in it tells whose row is whose; a search opens all in
 * the bucket and compares.
 */
export function nameBucket(name: string, bits: number): number {
  return bucketOf(hashOf(name), bits);
}

/** All buckets that people of a name may be in, whatever the size of their campaign was when they signed. */
export function nameBuckets(name: string): number[] {
  const hash = hashOf(name);
  return Array.from({ length: BITS_MAX + 1 }, (_, bits) => bucketOf(hash, bits));
}

/** How many bits of the hash are kept when so many people have signed. */
export function bucketBits(people: number): number {
  return Math.min(BITS_MAX, Math.max(0, Math.floor(Math.log2(people / PEOPLE_IN_A_BUCKET))));
}

/** How many bits to keep for somebody who signs a campaign now. Read from the database at most once a minute. */
export async function bucketBitsNow(slug: string): Promise<number> {
  return bucketBits((await campaignSizes()).get(slug) ?? 0);
}

function hashOf(name: string): number {
  return keyedHash("name-bucket", foldName(name)).readUInt32BE(0);
}

function bucketOf(hash: number, bits: number): number {
  // A shift by 32 would be none.
  return (1 << bits) | (bits === 0 ? 0 : hash >>> (32 - bits));
}

/** Only the first reading of a process is waited for. */
async function campaignSizes(now = performance.now()): Promise<ReadonlyMap<string, number>> {
  const known = held.campaignSizes;
  if (known && now - known.readAt < SIZES_KEPT_MILLISECONDS) return known.sizes;
  const sizes = readSizes();
  // Until it is there, and when it fails, the last ones stand: too few bits tell less, never more.
  held.campaignSizes = { readAt: now, sizes: known ? sizes.catch(() => known.sizes) : sizes };
  const reading = held.campaignSizes;
  if (known) return known.sizes;
  try {
    return await sizes;
  } catch (error) {
    if (held.campaignSizes === reading) delete held.campaignSizes;
    throw error;
  }
}

/** Confirmed signatures of every campaign: fewer than there are, and cheap to read. */
async function readSizes(): Promise<ReadonlyMap<string, number>> {
  const rows = await database().$queryRaw<{ slug: string; people: number }[]>`
    SELECT slug, sum(confirmed)::float8 AS people FROM confirmed_count JOIN campaign ON campaign.id = campaign_id
    GROUP BY slug`;
  return new Map(rows.map(({ slug, people }) => [slug, people]));
}
