import { database } from "@/lib/db/client";
import { openPerson, type SealedPerson } from "@/lib/people/person";
import { shownName } from "@/lib/signing/name-shown";

/** First names that are shown at once. */
const SHOWN = 12;
/** Nobody is shown while fewer than this chose to be: among few, a first name points at one person. */
export const PUBLIC_NAMES_MINIMUM = 10;

type Sealed = SealedPerson & { initial: boolean };

/**
 * First names, or first letters, of people who confirmed last and chose to be shown; never a country beside them. Empty
 * while few did.
 */
export async function recentSupporters(slug: string): Promise<string[]> {
  const rows = await database().$queryRaw<Sealed[]>`
    SELECT signature.id, signature.data_key_id AS "dataKeyId", signature.person_encrypted AS person,
      signature.public_initial AS initial
    FROM signature JOIN campaign ON campaign.id = signature.campaign_id
    WHERE campaign.slug = ${slug} AND signature.public_name AND signature.state = 'confirmed'
    ORDER BY signature.confirmed_at DESC LIMIT ${Math.max(SHOWN, PUBLIC_NAMES_MINIMUM)}`;
  if (rows.length < PUBLIC_NAMES_MINIMUM) return [];
  return rows
    .slice(0, SHOWN)
    .map(opened)
    .filter((name) => name !== "");
}

/** Names opened at a time: what else is asked of the process goes on in between. */
const NAMES_AT_A_TIME = 2_000;

/**
 * Every first name, or first letter, of people who confirmed and chose to be shown, with how many share it, in the order of
 * names. Empty while few did.
 */
export async function shownNames(slug: string): Promise<{ name: string; count: number }[]> {
  const counts = new Map<string, number>();
  let people = 0;
  let last = "00000000-0000-0000-0000-000000000000";
  for (;;) {
    const rows = await database().$queryRaw<Sealed[]>`
      SELECT signature.id, signature.data_key_id AS "dataKeyId", signature.person_encrypted AS person,
        signature.public_initial AS initial
      FROM signature JOIN campaign ON campaign.id = signature.campaign_id
      WHERE campaign.slug = ${slug} AND signature.public_name AND signature.state = 'confirmed' AND signature.id > ${last}::uuid
      ORDER BY signature.id LIMIT ${NAMES_AT_A_TIME}`;
    for (const name of rows.map(opened)) counts.set(name, (counts.get(name) ?? 0) + 1);
    people += rows.length;
    if (rows.length < NAMES_AT_A_TIME) break;
    last = rows.at(-1)?.id ?? last;
  }
  if (people < PUBLIC_NAMES_MINIMUM) return [];
  counts.delete("");
  const { compare } = new Intl.Collator();
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((one, other) => compare(one.name, other.name));
}

function opened({ initial, ...sealed }: Sealed): string {
  return shownName(openPerson(sealed).name, initial);
}
