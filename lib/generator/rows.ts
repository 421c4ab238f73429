import { v7 as uuidv7 } from "uuid";
import { currentDataKeyId, seal } from "@/lib/db/encryption";
import type { Locale } from "@/lib/i18n/locales";
import { mailboxKey } from "@/lib/mailbox";
import { canonicalEmailKey, emailDomainKey, nameKey } from "@/lib/signing";
import type { Person } from "./people";

/** The columns of a generated signature, in the order of `copyLine`. */
export const GENERATED_COLUMNS =
  "id, campaign_id, email_key, data_key_id, name_encrypted, email_encrypted, country, locale, state, wants_updates, public_name, ref, consent_text_id, signed_at, confirmed_at, mail_requested_at, email_canonical_key, name_key, email_domain_key";

const NULL = "\\N";

/** What every generated signature refers to. */
export type Surroundings = { campaignId: string; consentTextIds: Record<Locale, string> };

/** One signature, sealed like a real one, as a line of COPY's text format (PostgreSQL, "COPY", File Formats). */
export function copyLine(person: Person, { campaignId, consentTextIds }: Surroundings): string {
  const id = uuidv7({ msecs: person.signedAt.getTime() });
  const signedAt = person.signedAt.toISOString();
  const values = [
    id,
    campaignId,
    bytes(mailboxKey(person.email)),
    currentDataKeyId(),
    bytes(seal(person.name, { table: "signature", column: "name", id })),
    bytes(seal(person.email, { table: "signature", column: "email", id })),
    person.country,
    person.locale,
    person.confirmedAt === null ? "pending" : "confirmed",
    person.wantsUpdates ? "t" : "f",
    person.publicName ? "t" : "f",
    person.ref ?? NULL,
    consentTextIds[person.locale],
    signedAt,
    person.confirmedAt?.toISOString() ?? NULL,
    signedAt,
    bytes(canonicalEmailKey(person.email)),
    bytes(nameKey(person.name)),
    bytes(emailDomainKey(person.email)),
  ];
  return `${values.join("\t")}\n`;
}

function bytes(value: Buffer): string {
  return `\\\\x${value.toString("hex")}`;
}
