import { randomInt } from "node:crypto";
import { database } from "@/lib/db/client";
import type { ShareSumKind } from "@/lib/db/generated/client";
import { keyedHash } from "@/lib/db/keyed-hash";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import { discloseSums } from "@/lib/disclosure";
import type { Locale } from "@/lib/i18n/locales";
import { log } from "@/lib/log";
import { networkOf } from "@/lib/network";
import { type CodeMeaning, meaningOf } from "./codes";

/** Number of rows each sum is spread over, so that no row becomes hot. */
export const SUM_SHARDS = 16;
/** How long visits are collected before they are written together, in milliseconds. */
const VISITS_WAIT_MILLISECONDS = 1_000;
/** Most distinct visits held in memory, so that a flood of made-up codes cannot fill it. */
const VISITS_WAITING = 1_000;
/** Number of bits that record the networks of a sum. */
const NETWORK_BITS = 64;

type Waiting = Pick<CodeMeaning, "stem" | "channel" | "step"> & { locale: Locale; visits: number };

const waiting = new Map<string, Waiting>();
let timer: NodeJS.Timeout | undefined;

/**
 * Counts a visit through a link. It is written within a second, together with others and after the response,
 * so its time reveals nothing. Nothing about the visitor is stored, and nothing about codes that no campaign
 * has.
 */
export function noteVisit(code: string, locale: Locale): void {
  const meaning = meaningOf(code);
  if (meaning === null) return;
  const key = `${code} ${locale}`;
  const known = waiting.get(key);
  if (known) known.visits += 1;
  else if (waiting.size < VISITS_WAITING) waiting.set(key, { ...meaning, locale, visits: 1 });
  timer ??= setTimeout(() => {
    writeVisits().catch((error: unknown) => {
      if (!isDatabaseUnavailable(error)) log.error("visits were lost", error);
    });
  }, VISITS_WAIT_MILLISECONDS).unref();
}

/** Writes the collected visits. They are lost when the database is unreachable. */
export async function writeVisits(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  const visits = [...waiting.values()];
  waiting.clear();
  if (visits.length === 0) return;
  // Rows are locked in a fixed order, or two statements could deadlock.
  await database().$executeRaw`
    INSERT INTO share_sum (campaign_id, kind, key, shard, visits)
    SELECT campaign.id, sum.kind::share_sum_kind, sum.key, ${randomInt(SUM_SHARDS)}::int, sum(visit.visits)
    FROM json_to_recordset(${JSON.stringify(visits)}::json)
      AS visit (stem text, channel text, step int, locale text, visits int)
    JOIN campaign ON campaign.share_stem = visit.stem
    CROSS JOIN LATERAL (VALUES ('channel', visit.channel), ('language', visit.locale), ('step', visit.step::text))
      AS sum (kind, key)
    GROUP BY campaign.id, sum.kind, sum.key ORDER BY campaign.id, sum.kind, sum.key
    ON CONFLICT (campaign_id, kind, key, shard) DO UPDATE SET visits = share_sum.visits + EXCLUDED.visits`;
}

/**
 * Returns the bit that a signer's network sets in the sums it counts towards. Networks share bits, so there
 * are never more bits set than networks, and nobody can tell which networks they were.
 */
export function networkBit(clientAddress: string): bigint {
  const [place = 0] = keyedHash("share-network", networkOf(clientAddress));
  return BigInt.asIntN(NETWORK_BITS, 1n << BigInt(place % NETWORK_BITS));
}

/** What the links of one kind, or a site that shows the form, brought. */
export type ShareSum = {
  kind: ShareSumKind;
  key: string;
  figures: { visits: number; signed: number; confirmed: number };
  /** Minimum number of different networks people signed from. */
  networks: number;
};

/**
 * Returns what links bring to a campaign, by channel, language, step and site. Everyone on the desk sees the
 * same figures, so nobody can watch a single person here, not even those who may look one up, which is
 * audited.
 */
export async function shareSums(slug: string): Promise<ShareSum[]> {
  const rows = await database().$queryRaw<(Omit<ShareSum, "figures"> & ShareSum["figures"])[]>`
    SELECT kind, key, sum(visits)::float8 AS visits, sum(signed)::float8 AS signed, sum(confirmed)::float8 AS confirmed,
      bit_count(bit_or(networks)::bit(64))::int AS networks
    FROM share_sum WHERE campaign_id = (SELECT id FROM campaign WHERE slug = ${slug})
    GROUP BY kind, key ORDER BY kind, confirmed DESC, key`;
  const sums = rows.map(({ visits, signed, confirmed, ...sum }) => ({
    ...sum,
    figures: { visits, signed, confirmed },
  }));
  return discloseSums(sums, "viewer");
}
