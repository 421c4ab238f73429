import { v7 as uuidv7 } from "uuid";
import { currentDataKeyId } from "@/lib/db/encryption";
import type { Locale } from "@/lib/i18n/locales";
import { mailboxKey } from "@/lib/mailbox";
import { nameBucket, sealPerson } from "@/lib/people";
import type { Person } from "./people";

/** The columns of a generated signature, in the order used by `copyLine`. */
export const GENERATED_COLUMNS =
  "id, campaign_id, mailbox_key, data_key_id, person_encrypted, country, locale, state, wants_updates, public_name, ref, consent_text_id, text_version, signed_at, confirmed_at, mail_requested_at, name_bucket";

const NULL = "\\N";

/** The rows that every generated signature refers to. */
export type Surroundings = {
  campaignId: string;
  consentTextIds: Record<Locale, string>;
  /** Number of the published text; null if the campaign has none. */
  textVersion: number | null;
};

/**
 * Returns one signature, sealed like a real one, as a line of
 * COPY's text format (PostgreSQL, "COPY", File Formats).
 * @param bits how many bits of the name's hash to keep, given how many people had signed by then.
 */
export function copyLine(
  person: Person,
  { campaignId, consentTextIds, textVersion }: Surroundings,
  bits: number,
): string {
  const id = uuidv7({ msecs: person.signedAt.getTime() });
  const signedAt = person.signedAt.toISOString();
  const values = [
    id,
    campaignId,
    bytes(mailboxKey(person.email)),
    currentDataKeyId(),
    bytes(sealPerson(person, id)),
    person.country,
    person.locale,
    person.confirmedAt === null ? "pending" : "confirmed",
    person.wantsUpdates ? "t" : "f",
    person.publicName ? "t" : "f",
    person.ref ?? NULL,
    consentTextIds[person.locale],
    textVersion === null ? NULL : String(textVersion),
    signedAt,
    person.confirmedAt?.toISOString() ?? NULL,
    signedAt,
    String(nameBucket(person.name, bits)),
  ];
  return `${values.join("\t")}\n`;
}

function bytes(value: Buffer): string {
  return `\\\\x${value.toString("hex")}`;
}
