import { database } from "@/lib/db/client";
import { open } from "@/lib/db/encryption";
import { shownName } from "@/lib/signing/name-shown";

/** First names that are shown at once. */
const SHOWN = 12;
/** Nobody is shown while fewer than this chose to be: among few, a first name points at one person. */
export const PUBLIC_NAMES_MINIMUM = 10;

/**
 * First names, or first letters, of people who confirmed last and chose to be shown; never a country beside them. Empty
 * while few did.
 */
export async function recentSupporters(slug: string): Promise<string[]> {
  const rows = await database().$queryRaw<
    { id: string; dataKeyId: string; nameEncrypted: Uint8Array; initial: boolean }[]
  >`
    SELECT signature.id, signature.data_key_id AS "dataKeyId", signature.name_encrypted AS "nameEncrypted",
      signature.public_initial AS initial
    FROM signature JOIN campaign ON campaign.id = signature.campaign_id
    WHERE campaign.slug = ${slug} AND signature.public_name AND signature.state = 'confirmed'
    ORDER BY signature.confirmed_at DESC LIMIT ${Math.max(SHOWN, PUBLIC_NAMES_MINIMUM)}`;
  if (rows.length < PUBLIC_NAMES_MINIMUM) return [];
  return rows
    .slice(0, SHOWN)
    .map(({ id, dataKeyId, nameEncrypted, initial }) =>
      shownName(open(nameEncrypted, dataKeyId, { table: "signature", column: "name", id }), initial),
    )
    .filter((name) => name !== "");
}
