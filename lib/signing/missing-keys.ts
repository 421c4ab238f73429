import { database } from "@/lib/db/client";
import { open } from "@/lib/db/encryption";
import { canonicalEmailKey, emailDomainKey } from "./canonical";
import { nameKey } from "./sign";

/** Signatures given their keys in one transaction: few enough that nobody is held up. */
const MENDED_AT_ONCE = 1_000;

type Row = { id: string; dataKeyId: string; name: Uint8Array; email: Uint8Array };

/**
 * Gives signatures that an earlier release recorded the keyed hashes by which later ones search and compare, a batch of
 * them. Safe to run anywhere, at any time.
 * @returns how many were given them.
 */
export function addMissingKeys(): Promise<number> {
  return database().$transaction(async (transaction) => {
    // In the words of its index, which holds only these.
    const rows = await transaction.$queryRaw<Row[]>`
      SELECT id, data_key_id AS "dataKeyId", name_encrypted AS name, email_encrypted AS email FROM signature
      WHERE name_key IS NULL
        OR octet_length(email_encrypted) > 28 AND (email_canonical_key IS NULL OR email_domain_key IS NULL)
      ORDER BY id LIMIT ${MENDED_AT_ONCE} FOR UPDATE SKIP LOCKED`;
    if (rows.length === 0) return 0;
    const keys = rows.map(({ id, dataKeyId, ...sealed }) => {
      const name = open(sealed.name, dataKeyId, { table: "signature", column: "name", id });
      const email = open(sealed.email, dataKeyId, { table: "signature", column: "email", id });
      const hasAddress = email !== "";
      return {
        name: nameKey(name),
        canonical: hasAddress ? canonicalEmailKey(email) : null,
        domain: hasAddress ? emailDomainKey(email) : null,
      };
    });
    return transaction.$executeRaw`
      UPDATE signature SET name_key = keys.name, email_canonical_key = keys.canonical, email_domain_key = keys.domain
      FROM unnest(${rows.map(({ id }) => id)}::uuid[], ${keys.map(({ name }) => name)}::bytea[],
        ${keys.map(({ canonical }) => canonical)}::bytea[], ${keys.map(({ domain }) => domain)}::bytea[])
        AS keys (id, name, canonical, domain)
      WHERE signature.id = keys.id`;
  });
}
