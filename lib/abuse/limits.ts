import { batching } from "@/lib/db/batching";
import { asBytea } from "@/lib/db/bytea";
import { database } from "@/lib/db/client";
import { perProcess } from "@/lib/per-process";
import { type AbusePolicy, DEFAULT_LIMITS, type Limits } from "./policy";
import type { Proof } from "./proof";

/**
 * Signatures with a proof of work that one network may send. High, because a whole town can share one behind
 * a carrier's NAT.
 */
const PROVED_PER_NETWORK_PER_MINUTE = 60;
const PROVED_PER_NETWORK_PER_HOUR = 600;
/** Signatures a network may still send without a proof under pressure: not every browser can compute one. */
const UNPROVED_UNDER_PRESSURE_PER_MINUTE = 1;

const MINUTE_MILLISECONDS = 60_000;
/** How often a process reports its attempts to the shared count, in milliseconds. */
const TALLY_MILLISECONDS = 1_000;
/** Attempts in this minute and the last from which a rush is declared. Deferrable work then waits. */
const RUSH_ATTEMPTS = 3_000;
/** Minutes kept: the hour that limits look back on, plus some for clock differences. */
const KEPT_MINUTES = 65;

export type Admission = { admitted: true } | { admitted: false; retryAfterSeconds: number };

type Attempt = { network: Buffer<ArrayBuffer>; proof?: Proof | null; limits?: Limits; pressed?: boolean };

/**
 * Counts an attempt by a network and decides whether it may sign.
 * Without a proof of work, a network may use its per-minute limit until half its hourly share is spent. After
 * that, or while the campaign is under pressure, one a minute passes until the whole share is spent. With a
 * proof, which is spent here and works only once, a separate share applies.
 * Concurrent attempts share one statement, and counts are exact across processes. The commit does not wait
 * for the disk; the commit of the signatures, which follows it in the write-ahead log, flushes it too.
 */
export async function admit(
  { network, proof = null, limits = DEFAULT_LIMITS, pressed = false }: Attempt,
  now = new Date(),
): Promise<Admission> {
  const minute = minuteOf(now);
  const share = {
    network_key: asBytea(network),
    minute,
    pressed,
    per_minute: limits.networkPerMinute,
    per_hour: limits.networkPerHour,
  };
  const unproved = proof === null ? JSON.stringify(share) : null;
  const isUsedUp = unproved !== null && usedUp(minute).has(unproved);
  const admitted =
    !isUsedUp &&
    (await countTogether({
      ...share,
      proof: proof === null ? null : asBytea(proof.hash),
      proof_expires_at: proof?.expiresAt ?? null,
    }));
  if (admitted) return { admitted: true };
  if (unproved !== null) usedUp(minute).add(unproved);
  const untilNextMinute = minute.getTime() + MINUTE_MILLISECONDS - now.getTime();
  return { admitted: false, retryAfterSeconds: Math.ceil(untilNextMinute / 1000) };
}

/**
 * Shares without a proof that are used up for the minute. Remembered so that a flood does not query the
 * database again.
 */
const refused = { minute: 0, shares: new Set<string>() };

function usedUp(minute: Date): Set<string> {
  if (refused.minute !== minute.getTime()) {
    refused.minute = minute.getTime();
    refused.shares = new Set();
  }
  return refused.shares;
}

type Counted = {
  network_key: string;
  minute: Date;
  proof: string | null;
  proof_expires_at: Date | null;
  pressed: boolean;
  per_minute: number;
  per_hour: number;
};

/** Decides for each attempt whether it may proceed. */
const countTogether = batching<Counted, boolean>({
  run: countAttempts,
  keyOf: ({ network_key }) => network_key,
});

/** Counts in the order of the keys: two statements that count the same networks could otherwise deadlock. */
async function countAttempts(attempts: readonly Counted[]): Promise<boolean[]> {
  const counted = await database().$queryRaw<{ networkKey: Uint8Array }[]>`
    WITH asked AS (
      SELECT * FROM json_to_recordset(${JSON.stringify(attempts)}::json) AS asked (network_key bytea, minute timestamptz,
        proof bytea, proof_expires_at timestamptz, pressed boolean, per_minute int, per_hour int)
    ),
    spent AS (
      INSERT INTO spent_proof (hash, expires_at) SELECT proof, proof_expires_at FROM asked WHERE proof IS NOT NULL
      ORDER BY proof ON CONFLICT DO NOTHING RETURNING hash
    ),
    share AS (
      SELECT asked.*, CASE
        WHEN proof IS NOT NULL
        THEN least(${PROVED_PER_NETWORK_PER_MINUTE}::int, ${PROVED_PER_NETWORK_PER_HOUR}::int - earlier.proved)
        ELSE greatest(
          CASE WHEN pressed THEN 0 ELSE least(per_minute, per_hour / 2 - hits) END,
          least(${UNPROVED_UNDER_PRESSURE_PER_MINUTE}::int, per_hour - hits))
        END AS most
      FROM asked CROSS JOIN LATERAL (
        SELECT coalesce(sum(hits), 0)::int AS hits, coalesce(sum(proved), 0)::int AS proved FROM network_minute
        WHERE network_minute.network_key = asked.network_key
          AND network_minute.minute > asked.minute - interval '1 hour' AND network_minute.minute < asked.minute
      ) AS earlier
    )
    INSERT INTO network_minute (network_key, minute, hits, proved)
    SELECT network_key, minute, (proof IS NULL)::int, (proof IS NOT NULL)::int FROM share
    WHERE most > 0 AND (proof IS NULL OR proof IN (SELECT hash FROM spent))
      AND (SELECT set_config('synchronous_commit', 'off', true)) = 'off'
    ORDER BY network_key
    ON CONFLICT (network_key, minute)
    DO UPDATE SET hits = network_minute.hits + EXCLUDED.hits, proved = network_minute.proved + EXCLUDED.proved
    WHERE CASE WHEN EXCLUDED.proved > 0 THEN network_minute.proved ELSE network_minute.hits END
      < (SELECT most FROM share WHERE share.network_key = EXCLUDED.network_key)
    RETURNING network_key AS "networkKey"`;
  const admitted = new Set(counted.map(({ networkKey }) => asBytea(networkKey)));
  return attempts.map(({ network_key }) => admitted.has(network_key));
}

type Tally = { attempts: number; toldAt: number; pressed: boolean };

const tallies = perProcess("abuse/limits", () => new Map<string, Tally>());

/**
 * Counts an attempt to sign and tells whether the campaign is under pressure, that is, whether more people
 * tried in the last minute or hour than its limits allow. Processes share their counts once a second, so that
 * no row becomes hot.
 */
export async function isPressed({ campaignId, limits }: AbusePolicy, now = new Date()): Promise<boolean> {
  if (campaignId === null) return false;
  const tally = tallies.get(campaignId) ?? { attempts: 0, toldAt: 0, pressed: false };
  tallies.set(campaignId, tally);
  tally.attempts += 1;
  if (Math.abs(now.getTime() - tally.toldAt) < TALLY_MILLISECONDS) return tally.pressed;
  tally.toldAt = now.getTime();
  const { attempts } = tally;
  tally.attempts = 0;
  const minute = minuteOf(now);
  const elapsed = (now.getTime() - minute.getTime()) / MINUTE_MILLISECONDS;
  const [tried] = await database().$queryRaw<{ lastMinute: number; lastHour: number }[]>`
    WITH told AS (
      INSERT INTO campaign_minute (campaign_id, minute, attempts) VALUES (${campaignId}::uuid, ${minute}, ${attempts})
      ON CONFLICT (campaign_id, minute) DO UPDATE SET attempts = campaign_minute.attempts + EXCLUDED.attempts
      RETURNING attempts
    ),
    earlier AS (
      SELECT minute, attempts FROM campaign_minute WHERE campaign_id = ${campaignId}::uuid
        AND minute > ${minute}::timestamptz - interval '1 hour' AND minute < ${minute}::timestamptz
    )
    SELECT (told.attempts + ${1 - elapsed}::float8 * coalesce((SELECT attempts FROM earlier
        WHERE minute = ${minute}::timestamptz - interval '1 minute'), 0))::float8 AS "lastMinute",
      (told.attempts + coalesce((SELECT sum(attempts) FROM earlier), 0))::float8 AS "lastHour"
    FROM told`;
  tally.pressed =
    tried !== undefined &&
    (tried.lastMinute > limits.campaignPerMinute || tried.lastHour > limits.campaignPerHour);
  return tally.pressed;
}

/** Whether there is a rush, across all campaigns and processes. */
export async function isRush(now = new Date()): Promise<boolean> {
  const since = new Date(minuteOf(now).getTime() - MINUTE_MILLISECONDS);
  const { _sum } = await database().campaignMinute.aggregate({
    where: { minute: { gte: since } },
    _sum: { attempts: true },
  });
  return (_sum.attempts ?? 0) >= RUSH_ATTEMPTS;
}

function minuteOf(now: Date): Date {
  return new Date(Math.floor(now.getTime() / MINUTE_MILLISECONDS) * MINUTE_MILLISECONDS);
}

/** Deletes counts and spent proofs that no limit needs any more. */
export async function forgetOldMinutes(): Promise<void> {
  await database().$executeRaw`
    DELETE FROM network_minute WHERE minute < now() - make_interval(mins => ${KEPT_MINUTES}::int)`;
  await database().$executeRaw`
    DELETE FROM campaign_minute WHERE minute < now() - make_interval(mins => ${KEPT_MINUTES}::int)`;
  await database().$executeRaw`DELETE FROM spent_proof WHERE expires_at < now()`;
}
