import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { type Figures, NETWORKS_LOOKED_AT, type People, tellInSteps } from "@/lib/disclosure";
import { openPerson, type SealedPerson, shownName } from "@/lib/people";
import { perProcess } from "@/lib/per-process";
import { settings } from "@/lib/settings";

/** First names shown at once. */
const SHOWN = 12;
/** A new selection is made when fewer than this are left because others withdrew their names. */
const FEWEST_SHOWN = SHOWN / 2;
/** Key of the names among the figures disclosed in steps. */
const NAMES = "names";
/** How long a process caches the names, in milliseconds. Short enough that erased names disappear in time. */
const NAMES_KEPT_MILLISECONDS = 300_000;

type Sealed = SealedPerson & { initial: boolean };

const cache = perProcess(
  "sharing/supporters",
  () => new Map<string, { slot: number; names: Promise<string[]> }>(),
);

/**
 * Returns first names, or first letters, of some people who confirmed and chose to be shown, in alphabetical
 * order and never with a country. Empty while there are few. A withdrawn name disappears within minutes;
 * names are reread at fixed times, so its disappearance does not tell when it was withdrawn.
 */
export async function supporters(slug: string): Promise<string[]> {
  if (settings().figuresAtOnce) return readSupporters(slug);
  const slot = Math.floor(Date.now() / NAMES_KEPT_MILLISECONDS);
  let kept = cache.get(slug);
  if (kept?.slot !== slot) {
    kept = { slot, names: readSupporters(slug) };
    cache.set(slug, kept);
  }
  try {
    return await kept.names;
  } catch (error) {
    if (cache.get(slug) === kept) cache.delete(slug);
    throw error;
  }
}

async function readSupporters(slug: string): Promise<string[]> {
  const rows = await database().$queryRaw<Sealed[]>`
    SELECT signature.id, signature.data_key_id AS "dataKeyId", signature.person_encrypted AS person,
      signature.public_initial AS initial
    FROM shown_name JOIN signature ON signature.id = shown_name.signature_id
    JOIN campaign ON campaign.id = shown_name.campaign_id
    WHERE campaign.slug = ${slug} AND signature.public_name AND signature.state = 'confirmed'`;
  return rows
    .map(opened)
    .filter((name) => name !== "")
    .sort(byAlphabet);
}

/**
 * Makes a new random selection of names when the number of people who may be shown has passed a secret step,
 * or when most shown names are gone. No name appears because somebody has just confirmed. Safe to run in any
 * process, at any time.
 */
export async function refreshSupporters(): Promise<void> {
  const campaigns = await database().campaign.findMany({ select: { id: true } });
  for (const { id } of campaigns)
    await database().$transaction(async (transaction) => {
      // The lock on the campaign's row lets only one process choose at a time.
      await transaction.$executeRaw`SELECT FROM campaign WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
      const names = (await tellInSteps(transaction, id, [await publicNames(transaction, id)], NAMES)).get(
        NAMES,
      );
      const shown = await transaction.shownName.count({ where: { campaignId: id } });
      if (!names || (!names.changed && (names.told === 0 || shown >= FEWEST_SHOWN))) return;
      await transaction.$executeRaw`
        UPDATE told_figure SET changed_at = now() WHERE campaign_id = ${id}::uuid AND "of" = ${NAMES}`;
      await transaction.$executeRaw`DELETE FROM shown_name WHERE campaign_id = ${id}::uuid`;
      if (names.told > 0)
        await transaction.$executeRaw`
          INSERT INTO shown_name (signature_id, campaign_id)
          SELECT id, campaign_id FROM signature
          WHERE campaign_id = ${id}::uuid AND public_name AND state = 'confirmed' ORDER BY random() LIMIT ${SHOWN}`;
    });
}

/** Counts the people who may be shown, and the networks they confirmed from. */
async function publicNames(transaction: Prisma.TransactionClient, campaignId: string): Promise<Figures> {
  const [people] = await transaction.$queryRaw<People[]>`
    WITH tallied AS (
      INSERT INTO network_tally (campaign_id, "of", day, networks)
      SELECT ${campaignId}::uuid, ${NAMES}, (signed_at AT TIME ZONE 'UTC')::date, count(DISTINCT network_key) FROM (
        SELECT signed_at, network_key FROM signature
        WHERE campaign_id = ${campaignId}::uuid AND public_name AND state = 'confirmed'
        ORDER BY confirmed_at DESC LIMIT ${NETWORKS_LOOKED_AT}
      ) AS recent WHERE network_key IS NOT NULL GROUP BY 3
      ON CONFLICT (campaign_id, "of", day) DO UPDATE SET networks = greatest(network_tally.networks, EXCLUDED.networks)
      RETURNING day, networks
    )
    SELECT (SELECT count(*) FROM signature
        WHERE campaign_id = ${campaignId}::uuid AND public_name AND state = 'confirmed')::float8 AS count,
      ((SELECT coalesce(sum(networks), 0) FROM tallied)
        + (SELECT coalesce(sum(networks), 0) FROM network_tally
          WHERE campaign_id = ${campaignId}::uuid AND "of" = ${NAMES} AND day NOT IN (SELECT day FROM tallied))
        + (SELECT count(*) FROM signature
          WHERE campaign_id = ${campaignId}::uuid AND source = 'paper' AND public_name AND state = 'confirmed'))::float8 AS networks`;
  return { of: NAMES, ...(people ?? { count: 0, networks: 0 }) };
}

const { compare: byAlphabet } = new Intl.Collator();

/** Names decrypted per batch, so that the process can do other work in between. */
const NAMES_AT_A_TIME = 2_000;

/**
 * Returns every first name, or first letter, of people who had confirmed and chosen to be shown when the
 * selection was last made, with the number of people who share it, sorted by name. Leaves out anyone who
 * joined or changed something since, so that two lists a day apart do not reveal one by one who joined in
 * between. Empty while there are few.
 */
export async function shownNames(slug: string): Promise<{ name: string; count: number }[]> {
  const counts = new Map<string, number>();
  let last = "00000000-0000-0000-0000-000000000000";
  for (;;) {
    const rows = await database().$queryRaw<Sealed[]>`
      SELECT signature.id, signature.data_key_id AS "dataKeyId", signature.person_encrypted AS person,
        signature.public_initial AS initial
      FROM signature JOIN campaign ON campaign.id = signature.campaign_id
      JOIN told_figure ON told_figure.campaign_id = campaign.id AND told_figure."of" = ${NAMES} AND told_figure.told > 0
      WHERE campaign.slug = ${slug} AND signature.public_name AND signature.state = 'confirmed' AND signature.id > ${last}::uuid
        AND greatest(signature.confirmed_at, signature.corrected_at) <= told_figure.changed_at
      ORDER BY signature.id LIMIT ${NAMES_AT_A_TIME}`;
    for (const name of rows.map(opened)) counts.set(name, (counts.get(name) ?? 0) + 1);
    if (rows.length < NAMES_AT_A_TIME) break;
    last = rows.at(-1)?.id ?? last;
  }
  counts.delete("");
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((one, other) => byAlphabet(one.name, other.name));
}

function opened({ initial, ...sealed }: Sealed): string {
  return shownName(openPerson(sealed).name, initial);
}
