import { database, longTransaction } from "@/lib/db/client";
import { keyedHash } from "@/lib/db/keyed-hash";
import { perProcess } from "@/lib/per-process";
import { openPeople } from "./decryption-pool";
import { foldName } from "./fold-name";
import type { SealedPerson } from "./person";

/** People of a campaign that share a bucket, at the least, and people of one country: who lives where is no secret. */
export const PEOPLE_IN_A_BUCKET = 512;
export const COMPATRIOTS_IN_A_BUCKET = 32;
/** Bits of the hash that are kept at the most: enough for eight billion people. */
const BITS_MAX = 24;
/** How long a process goes by the sizes of campaigns that it read last, in milliseconds. */
const SIZES_KEPT_MILLISECONDS = 600_000;

/** People moved into narrower buckets in one turn of the worker, and in one statement: few, so that no signer waits. */
const NARROWED_AT_ONCE = 5_000;
const NARROWED_IN_ONE_STATEMENT = 500;

/** How many people have signed: in all, and from the country in question. */
export type Size = { people: number; compatriots: number };
type CampaignSize = { people: number; countries: Map<string, number> };

const state = perProcess(
  "signing/name-bucket",
  (): {
    campaignSizes?: { readAt: number; sizes: Promise<ReadonlyMap<string, CampaignSize>> };
  } => ({}),
);

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
export function bucketBits({ people, compatriots }: Size): number {
  const bits = Math.log2(Math.min(people / PEOPLE_IN_A_BUCKET, compatriots / COMPATRIOTS_IN_A_BUCKET));
  return Math.min(BITS_MAX, Math.max(0, Math.floor(bits)));
}

/** Tells how many bits to keep for somebody of a country who signs a campaign now. The database is asked now and then. */
export async function bucketBitsOf(slug: string): Promise<(country: string) => number> {
  const size = (await campaignSizes()).get(slug);
  return (country) =>
    size ? bucketBits({ people: size.people, compatriots: size.countries.get(country) ?? 0 }) : 0;
}

/**
 * Moves people who signed when few had into narrower buckets, so that a search opens no more of them than it must. They keep
 * one bit less than whoever signs now, so that no bucket gets small by chance. Safe beside signing, and in several processes.
 * @param atOnce how many are moved at the most, those of the widest buckets first.
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
    // Of millions, it may take a while to find that none is left.
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
      // Whoever was changed meanwhile may have another name now, and comes with the next turn.
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
  // A shift by 32 would be none.
  return (1 << bits) | (bits === 0 ? 0 : hash >>> (32 - bits));
}

/** Only the first reading of a process is waited for. */
async function campaignSizes(now = performance.now()): Promise<ReadonlyMap<string, CampaignSize>> {
  const known = state.campaignSizes;
  if (known && now - known.readAt < SIZES_KEPT_MILLISECONDS) return known.sizes;
  const sizes = readSizes();
  // Until it is there, and when it fails, the last ones stand: too few bits tell less, never more.
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

/** Confirmed signatures of every campaign by country, as far as they are folded into hours: never more than there are. */
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
