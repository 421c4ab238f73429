import { database } from "@/lib/db/client";
import { open } from "@/lib/db/encryption";

/** First names that are shown at once. */
const SHOWN = 12;
/** Nobody is shown while fewer than this chose to be: among few, a first name points at one person. */
export const PUBLIC_NAMES_MINIMUM = 10;
const FIRST_NAME_MAX_CHARACTERS = 30;

/**
 * First names of people who confirmed last and chose to be shown; never a country beside them. Empty while few did.
 */
export async function recentSupporters(slug: string): Promise<string[]> {
  const rows = await database().$queryRaw<{ id: string; dataKeyId: string; nameEncrypted: Uint8Array }[]>`
    SELECT signature.id, signature.data_key_id AS "dataKeyId", signature.name_encrypted AS "nameEncrypted"
    FROM signature JOIN campaign ON campaign.id = signature.campaign_id
    WHERE campaign.slug = ${slug} AND signature.public_name AND signature.state = 'confirmed'
    ORDER BY signature.confirmed_at DESC LIMIT ${Math.max(SHOWN, PUBLIC_NAMES_MINIMUM)}`;
  if (rows.length < PUBLIC_NAMES_MINIMUM) return [];
  return rows
    .slice(0, SHOWN)
    .map(({ id, dataKeyId, nameEncrypted }) =>
      firstName(open(nameEncrypted, dataKeyId, { table: "signature", column: "name", id })),
    )
    .filter((name) => name !== "");
}

/** The first word of a name. Whoever wrote only one has shown just that. */
export function firstName(name: string): string {
  return [...(name.split(" ")[0] ?? "")].slice(0, FIRST_NAME_MAX_CHARACTERS).join("");
}
