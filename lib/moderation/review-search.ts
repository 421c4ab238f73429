import { randomInt, randomUUID } from "node:crypto";
import type { Client } from "pg";
import { to as copyTo } from "pg-copy-streams";
import { inLongTransaction } from "@/lib/db/connection";
import { currentDataKeyId, seal } from "@/lib/db/encryption";
import { copiedRows, sealedRow } from "@/lib/export";
import { beginDecrypting, foldName, hashOf, openPeople, type SealedPerson } from "@/lib/people";
import { settings } from "@/lib/settings";
import { JOKE_NAMES } from "./joke-names";
import { contentPlace, type GroupContent, type GroupKind, readContent } from "./review-content";

/** Fewest signatures that make a group of one name, or of one network. */
export const SAME_NAME_FROM = 10;
export const ONE_NETWORK_FROM = 20;
/**
 * A burst: at least this many signatures from one country in one hour, and this multiple of the average of
 * its other hours.
 */
export const BURST_FROM = 50;
export const BURST_TIMES = 10;
/** A country needs more than this many hours on record before one of them can stand out. */
const BURST_HOURS_FROM = 6;
/** Most groups stored per kind, largest first. Groups found genuine come on top. */
const GROUPS_OF_A_KIND = 200;
/** Most signatures stored in a group of one mailbox, newest first. The next search finds the rest. */
const LOOK_ALIKES_MAX = 500;
/** Key of the advisory lock. Any number will do that nothing else in this database uses. */
const REVIEW_LOCK_KEY = 7_240_121;
/** How long a network group is meaningful, in hours: after that, its signatures lose their network key. */
const NETWORK_GROUP_HOURS = 48;
/** Statement timeout of the search, in milliseconds. It reads all signatures. */
const SEARCH_MILLISECONDS = 600_000;
const ID_BYTES = 36;
const SEED_MAX = 2 ** 32;

type Found = { kind: GroupKind; signatures: number; content: GroupContent };
type Kept = { id: string; kind: GroupKind; reviewed: boolean; content: GroupContent };

/**
 * Searches for signatures that look made up and stores them as groups. Takes no action on them.
 * Decrypts every signature, on threads that yield to people signing, and compares hashes that never leave
 * memory. Deletes groups that are no longer found, including those found genuine. Only one process searches
 * at a time; others return at once.
 */
export async function findReviewGroups(): Promise<void> {
  const { databaseUrl } = settings();
  if (databaseUrl === null) throw new Error("likely fakes are looked for in a database");
  // A connection of its own, because those of requests time out far sooner.
  const limits = { name: "review", statementMilliseconds: SEARCH_MILLISECONDS };
  await inLongTransaction(databaseUrl, limits, async (client) => {
    // Use one core at most: people signing need the others.
    await client.query("SET LOCAL max_parallel_workers_per_gather = 0");
    const { rows } = await client.query<{ free: boolean }>("SELECT pg_try_advisory_xact_lock($1) AS free", [
      REVIEW_LOCK_KEY,
    ]);
    if (rows[0]?.free) {
      const campaigns = await client.query<{ id: string }>("SELECT id FROM campaign ORDER BY id");
      for (const { id } of campaigns.rows) await searchCampaign(client, id);
    }
  });
}

async function searchCampaign(client: Client, campaignId: string): Promise<void> {
  const kept = await keptGroups(client, campaignId);
  const found = [
    ...(await peopleGroups(client, campaignId, kept)),
    ...(await networkGroups(client, campaignId)),
    ...(await bursts(client, campaignId)),
  ];
  await keepGroups(client, campaignId, kept, found);
}

async function keptGroups(client: Client, campaignId: string): Promise<Kept[]> {
  const { rows } = await client.query<Omit<Kept, "content"> & { dataKeyId: string; sealed: Buffer }>(
    `SELECT id, kind, reviewed_at IS NOT NULL AS reviewed, data_key_id AS "dataKeyId", content_encrypted AS sealed
     FROM review_group WHERE campaign_id = $1`,
    [campaignId],
  );
  return rows.map(({ dataKeyId, sealed, ...group }) => ({
    ...group,
    content: readContent(group.id, dataKeyId, sealed),
  }));
}

/** The hashes of all people in a campaign, and the ids of their signatures. */
type Hashed = { ids: Buffer; names: Float64Array; mailboxes: Float64Array };

async function hashAll(client: Client, campaignId: string, seed: number): Promise<Hashed> {
  // COPY takes no parameters.
  const output = client.query(
    copyTo(`COPY (
      SELECT id::text, data_key_id, person_encrypted FROM signature
      WHERE campaign_id = ${client.escapeLiteral(campaignId)}::uuid AND state <> 'invalid'
    ) TO STDOUT (FORMAT binary)`),
  );
  const pool = beginDecrypting();
  try {
    const ids: Buffer[] = [];
    const hashes: Awaited<ReturnType<typeof pool.fingerprints>>[] = [];
    const underWay: ReturnType<typeof pool.fingerprints>[] = [];
    const finishOne = async () => {
      const first = underWay.shift();
      if (first) hashes.push(await first);
    };
    for await (const batch of copiedRows(output)) {
      const rows = Array.from({ length: batch.length }, (_, row) => sealedRow(batch, row, 0, 1));
      ids.push(Buffer.concat(rows.map(({ id }) => id)));
      const hashing = pool.fingerprints(rows, seed);
      // The error reaches the caller that awaits it. When an earlier batch has failed, nobody does.
      hashing.catch(() => {});
      underWay.push(hashing);
      if (underWay.length > pool.atOnce) await finishOne();
    }
    while (underWay.length > 0) await finishOne();
    return {
      ids: Buffer.concat(ids),
      names: joined(hashes.map(({ names }) => names)),
      mailboxes: joined(hashes.map(({ mailboxes }) => mailboxes)),
    };
  } finally {
    pool.close();
  }
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Counts the hashes that occur at least `from` times or are in `always`. */
function repeated(hashes: Float64Array, from: number, always: ReadonlySet<number>): Map<number, number> {
  const counts = new Map<number, number>();
  // NaN sorts last.
  const sorted = hashes.toSorted();
  for (let start = 0; start < sorted.length; ) {
    const hash = sorted[start] ?? Number.NaN;
    if (Number.isNaN(hash)) break;
    let end = start + 1;
    while (sorted[end] === hash) end += 1;
    if (end - start >= from || always.has(hash)) counts.set(hash, end - start);
    start = end;
  }
  return counts;
}

/** Finds groups that share a name or a mailbox. */
async function peopleGroups(client: Client, campaignId: string, kept: readonly Kept[]): Promise<Found[]> {
  const seed = randomInt(SEED_MAX);
  const hashed = await hashAll(client, campaignId, seed);
  return [...(await nameGroups(client, hashed, seed, kept)), ...mailboxGroups(hashed, kept)];
}

async function nameGroups(
  client: Client,
  hashed: Hashed,
  seed: number,
  kept: readonly Kept[],
): Promise<Found[]> {
  const jokes = new Set(JOKE_NAMES.map((name) => hashOf(foldName(name), seed)));
  const known = new Set(
    kept.flatMap(({ reviewed, content: { rule } }) =>
      reviewed && rule.name !== undefined ? [hashOf(rule.name, seed)] : [],
    ),
  );
  const counts = [...repeated(hashed.names, SAME_NAME_FROM, jokes)];
  const chosen = new Map([
    ...greatest(
      counts.filter(([hash]) => jokes.has(hash)),
      known,
    ),
    ...greatest(
      counts.filter(([hash]) => !jokes.has(hash)),
      known,
    ),
  ]);
  const newest = new Map<number, string>();
  hashed.names.forEach((hash, place) => {
    if (!chosen.has(hash)) return;
    const id = idAt(hashed, place);
    if (id > (newest.get(hash) ?? "")) newest.set(hash, id);
  });
  const examples = await namesOf(client, [...newest.values()]);
  return [...chosen].flatMap(([hash, signatures]): Found[] => {
    const id = newest.get(hash) ?? "";
    const example = examples.get(id);
    // Deleted in the meantime.
    if (example === undefined) return [];
    const content = { rule: { name: foldName(example) }, example, lastAt: timeOf(id) };
    return [{ kind: jokes.has(hash) ? "joke-name" : "same-name", signatures, content }];
  });
}

async function namesOf(client: Client, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await client.query<SealedPerson>(
    `SELECT id, data_key_id AS "dataKeyId", person_encrypted AS person FROM signature WHERE id = ANY($1::uuid[])`,
    [ids],
  );
  const people = await openPeople(rows);
  return new Map(rows.map(({ id }, number) => [id, people[number]?.name ?? ""]));
}

function mailboxGroups(hashed: Hashed, kept: readonly Kept[]): Found[] {
  const known = new Set(
    kept.flatMap(({ reviewed, content: { rule } }) => (reviewed ? (rule.ids ?? []) : [])),
  );
  const counts = repeated(hashed.mailboxes, 2, new Set());
  const members = new Map<number, string[]>();
  hashed.mailboxes.forEach((hash, place) => {
    if (!counts.has(hash)) return;
    const ids = members.get(hash);
    if (ids) ids.push(idAt(hashed, place));
    else members.set(hash, [idAt(hashed, place)]);
  });
  const reviewed = new Set(
    [...members].filter(([, ids]) => ids.some((id) => known.has(id))).map(([hash]) => hash),
  );
  return greatest([...counts], reviewed).map(([hash, signatures]) => {
    const ids = (members.get(hash) ?? []).toSorted().slice(-LOOK_ALIKES_MAX);
    return {
      kind: "look-alike",
      signatures,
      content: { rule: { ids }, example: null, lastAt: timeOf(ids.at(-1) ?? "") },
    };
  });
}

/** Returns the largest groups, plus all that an owner has reviewed: those must not come back as new. */
function greatest(counts: [number, number][], reviewed: ReadonlySet<number>): [number, number][] {
  const fresh = counts.filter(([hash]) => !reviewed.has(hash));
  return [
    ...fresh.toSorted(([, few], [, many]) => many - few).slice(0, GROUPS_OF_A_KIND),
    ...counts.filter(([hash]) => reviewed.has(hash)),
  ];
}

function idAt({ ids }: Hashed, place: number): string {
  return ids.toString("latin1", place * ID_BYTES, (place + 1) * ID_BYTES);
}

/** Returns when a signature was made, read from its id (RFC 9562, UUIDv7). */
function timeOf(id: string): Date {
  return new Date(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16));
}

async function networkGroups(client: Client, campaignId: string): Promise<Found[]> {
  const { rows } = await client.query<{ key: Buffer; signatures: number; lastAt: Date }>(
    `SELECT network_key AS key, count(*)::int AS signatures, max(signed_at) AS "lastAt" FROM signature
     WHERE campaign_id = $1 AND state <> 'invalid' AND network_key IS NOT NULL
       AND signed_at > now() - make_interval(hours => $2)
     GROUP BY network_key HAVING count(*) >= $3 ORDER BY 2 DESC LIMIT $4`,
    [campaignId, NETWORK_GROUP_HOURS, ONE_NETWORK_FROM, GROUPS_OF_A_KIND],
  );
  return rows.map(({ key, signatures, lastAt }) => ({
    kind: "network",
    signatures,
    content: { rule: { networkKeys: [key.toString("base64")] }, example: null, lastAt },
  }));
}

async function bursts(client: Client, campaignId: string): Promise<Found[]> {
  const { rows } = await client.query<{ country: string; from: Date; to: Date; signatures: number }>(
    `SELECT country, hour AS "from", hour + interval '1 hour' AS "to", signed AS signatures FROM (
       SELECT country, hour, sum(signed)::int AS signed, count(*) OVER of_country AS hours,
         sum(sum(signed)) OVER of_country AS of_all
       FROM signature_hour WHERE campaign_id = $1 GROUP BY country, hour
       WINDOW of_country AS (PARTITION BY country)
     ) AS hours
     WHERE signed >= $2::int AND hours > $3::int AND signed >= $4::int * (of_all - signed) / (hours - 1)
     ORDER BY signed DESC LIMIT $5`,
    [campaignId, BURST_FROM, BURST_HOURS_FROM, BURST_TIMES, GROUPS_OF_A_KIND],
  );
  return rows.map(({ country, from, to, signatures }) => ({
    kind: "burst",
    signatures,
    content: { rule: { country, from, to }, example: null, lastAt: from },
  }));
}

/**
 * Returns the keys by which a group is recognised in the next search: its signature ids for a mailbox group,
 * the whole rule for others.
 */
function marksOf({ kind, content: { rule } }: Pick<Found, "kind" | "content">): string[] {
  return rule.ids ?? [`${kind} ${JSON.stringify(rule)}`];
}

/** Stores the groups found, updating known ones, and deletes those no longer found. */
async function keepGroups(
  client: Client,
  campaignId: string,
  kept: readonly Kept[],
  found: readonly Found[],
): Promise<void> {
  const idOf = new Map(kept.flatMap((group) => marksOf(group).map((mark) => [mark, group.id])));
  const used = new Set<string>();
  const rows = found.map((group) => {
    const known = marksOf(group)
      .map((mark) => idOf.get(mark))
      .find((one) => one !== undefined && !used.has(one));
    const id = known ?? randomUUID();
    used.add(id);
    return {
      id,
      kind: group.kind,
      signatures: group.signatures,
      content: `\\x${seal(JSON.stringify(group.content), contentPlace(id)).toString("hex")}`,
    };
  });
  await client.query("DELETE FROM review_group WHERE campaign_id = $1 AND id <> ALL($2::uuid[])", [
    campaignId,
    [...used],
  ]);
  await client.query(
    `INSERT INTO review_group (id, campaign_id, kind, signatures, data_key_id, content_encrypted)
     SELECT id, $1, kind::review_group_kind, signatures, $2, content
     FROM json_to_recordset($3::json) AS found (id uuid, kind text, signatures int, content bytea)
     ON CONFLICT (id) DO UPDATE SET kind = EXCLUDED.kind, signatures = EXCLUDED.signatures,
       data_key_id = EXCLUDED.data_key_id, content_encrypted = EXCLUDED.content_encrypted, found_at = EXCLUDED.found_at`,
    [campaignId, currentDataKeyId(), JSON.stringify(rows)],
  );
}
