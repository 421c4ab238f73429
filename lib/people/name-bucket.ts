import { database, longTransaction } from "@/lib/db/client";
import { keyedHash } from "@/lib/db/keyed-hash";
import { perProcess } from "@/lib/per-process";
import { openPeople } from "./decryption-pool";
import { foldName } from "./fold-name";
import type { SealedPerson } from "./person";

/** Minimum bucket size, in people of a campaign and of one country: where someone lives is no secret. */
export const PEOPLE_IN_A_BUCKET = 512;
export const COMPATRIOTS_IN_A_BUCKET = 32;
/** Most bits of the hash that are stored: enough for eight billion people. */
const BITS_MAX = 24;
/** How long a process caches campaign sizes, in milliseconds. */
const SIZES_KEPT_MILLISECONDS = 600_000;

/** People moved into narrower buckets per run of the job and per statement: few, so that no signer waits. */
const NARROWED_AT_ONCE = 5_000;
const NARROWED_IN_ONE_STATEMENT = 500;

/** How many people have signed, in total and from the country in question. */
export type Size = { people: number; compatriots: number };
type CampaignSize = { people: number; countries: Map<string, number> };

const state = perProcess(
  "signing/name-bucket",
  (): {
    campaignSizes?: { readAt: number; sizes: Promise<ReadonlyMap<string, CampaignSize>> };
  } => ({}),
);

/**
 * Returns the bucket of a name: a leading 1, which marks the length, followed by the first bits of the name's
 * keyed hash.
 * Hundreds of people share each bucket, so neither the bucket nor a forged signature in it reveals which row
 * is whose. A search decrypts the whole bucket and compares.
 */
export function nameBucket(name: string, bits: number): number {
  return bucketOf(hashOf(name), bits);
}

/** Returns all buckets a name may be in, whatever the campaign's size was at the time of signing. */
export function nameBuckets(name: string): number[] {
  const hash = hashOf(name);
  return Array.from({ length: BITS_MAX + 1 }, (_, bits) => bucketOf(hash, bits));
}

/** Returns how many bits of the hash to store at a given size. */
export function bucketBits({ people, compatriots }: Size): number {
  const bits = Math.log2(Math.min(people / PEOPLE_IN_A_BUCKET, compatriots / COMPATRIOTS_IN_A_BUCKET));
  return Math.min(BITS_MAX, Math.max(0, Math.floor(bits)));
}

/** Returns a function giving the bits to store for a new signer of a country. Campaign sizes are cached. */
export async function bucketBitsOf(slug: string): Promise<(country: string) => number> {
  const size = (await campaignSizes()).get(slug);
  return (country) =>
    size ? bucketBits({ people: size.people, compatriots: size.countries.get(country) ?? 0 }) : 0;
}

/**
 * Moves people who signed early into narrower buckets, so that a search decrypts no more of them than it
 * must. They keep one bit less than new signers, so that no bucket becomes small by chance. Safe during
 * signing and in several processes.
 * @param atOnce most people to move, widest buckets first.
 * @returns whether more are left to move.
 */
export async function narrowNameBuckets(atOnce = NARROWED_AT_ONCE): Promise<boolean> {
  let moved = 0;
  for (const [slug, size] of await readSizes()) {
    const wanted = [...size.countries]
      .map(([country, compatriots]) => ({
        country,
        bits: bucketBits({ people: size.people, compatriots }) - 1,
      }))
      .filter(({ bits }) => bits > 0);
    const widest = 2 ** Math.max(0, ...wanted.map(({ bits }) => bits));
    // With millions of signatures, finding that none is left can take a while.
    const rows = await longTransaction(
      (transaction) => transaction.$queryRaw<(SealedPerson & { bits: number; version: string })[]>`
        SELECT signature.id, data_key_id AS "dataKeyId", person_encrypted AS person, bits, signature.xmin::text AS version
        FROM signature JOIN unnest(${wanted.map(({ country }) => country)}::text[], ${wanted.map(({ bits }) => bits)}::int[])
          AS wanted (country, bits) ON wanted.country = signature.country
        WHERE campaign_id = (SELECT id FROM campaign WHERE slug = ${slug})
          AND name_bucket < ${widest}::int AND name_bucket < 1 << bits
        ORDER BY name_bucket LIMIT ${atOnce - moved}::int`,
    );
    const people = await openPeople(rows);
    for (let from = 0; from < rows.length; from += NARROWED_IN_ONE_STATEMENT) {
      const some = rows.slice(from, from + NARROWED_IN_ONE_STATEMENT);
      const buckets = some.map(({ bits }, number) => nameBucket(people[from + number]?.name ?? "", bits));
      // A row changed meanwhile may have another name, and is retried next time.
      moved += await database().$executeRaw`
        UPDATE signature SET name_bucket = narrowed.bucket
        FROM unnest(${some.map(({ id }) => id)}::uuid[], ${buckets}::int[], ${some.map(({ version }) => version)}::text[])
          AS narrowed (id, bucket, version)
        WHERE signature.id = narrowed.id AND signature.xmin::text = narrowed.version`;
    }
  }
  return moved === atOnce;
}

function hashOf(name: string): number {
  return keyedHash("name-bucket", foldName(name)).readUInt32BE(0);
}

function bucketOf(hash: number, bits: number): number {
  // JavaScript treats a shift by 32 as a shift by 0.
  return (1 << bits) | (bits === 0 ? 0 : hash >>> (32 - bits));
}

/** Returns the cached campaign sizes. Only a process's first read is awaited; later ones run behind it. */
async function campaignSizes(now = performance.now()): Promise<ReadonlyMap<string, CampaignSize>> {
  const known = state.campaignSizes;
  if (known && now - known.readAt < SIZES_KEPT_MILLISECONDS) return known.sizes;
  const sizes = readSizes();
  // The old sizes apply until the new ones arrive, or if reading fails. Too few bits reveal less, never more.
  state.campaignSizes = { readAt: now, sizes: known ? sizes.catch(() => known.sizes) : sizes };
  const reading = state.campaignSizes;
  if (known) return known.sizes;
  try {
    return await sizes;
  } catch (error) {
    if (state.campaignSizes === reading) delete state.campaignSizes;
    throw error;
  }
}

/**
 * Reads confirmed signatures by campaign and country from the hourly figures. Changes not folded into them
 * yet are missing.
 */
async function readSizes(): Promise<ReadonlyMap<string, CampaignSize>> {
  const rows = await database().$queryRaw<{ slug: string; country: string; people: number }[]>`
    SELECT slug, country, sum(confirmed)::float8 AS people FROM signature_hour JOIN campaign ON campaign.id = campaign_id
    GROUP BY slug, country`;
  const sizes = new Map<string, CampaignSize>();
  for (const { slug, country, people } of rows) {
    const size = sizes.get(slug) ?? { people: 0, countries: new Map() };
    size.people += people;
    size.countries.set(country, people);
    sizes.set(slug, size);
  }
  return sizes;
}
