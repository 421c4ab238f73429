import { database } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { hashToken } from "@/lib/db/keyed-hash";
import { COLUMNS, type KeptField, type Shown } from "@/lib/fields";
import { openPerson, type Person, type SealedPerson } from "@/lib/people";

/** Everything stored about one signatory: the form's fields, and the rest. */
export type HeldSignature = Shown<KeptField> & {
  slug: string;
  state: "pending" | "confirmed" | "invalid";
  consentVersion: string;
  consentText: string;
  /** Number of the published text that they signed; null on paper. */
  textVersion: number | null;
  signedAt: Date;
  confirmedAt: Date | null;
  /** When it was last corrected. */
  correctedAt: Date | null;
  /** The share link they came through, and the allowed site whose page held the form. */
  ref: string | null;
  origin: string | null;
  /** Mails queued for them, with kind and time. */
  mails: { kind: string; state: string; createdAt: Date }[];
  /** Since when they want no mail except what they request. */
  unsubscribedAt: Date | null;
};

type Row = Omit<HeldSignature, keyof Person | "mails"> & SealedPerson;

/** SQL that lists the fields that have a column. */
const FIELDS_IN_COLUMNS = Prisma.raw(
  COLUMNS.map(({ field, column }) => `signature.${column} AS "${field}"`).join(", "),
);

/**
 * Returns the signature that a mailed `manage` token belongs to; null when the token is unknown or the
 * signature is gone.
 */
export async function heldSignature(token: string): Promise<HeldSignature | null> {
  const [row] = await database().$queryRaw<Row[]>`
    SELECT signature.id, campaign.slug, signature.data_key_id AS "dataKeyId",
      signature.person_encrypted AS person,
      ${FIELDS_IN_COLUMNS}, signature.state, consent_text.version AS "consentVersion",
      consent_text.text AS "consentText", signature.signed_at AS "signedAt",
      signature.confirmed_at AS "confirmedAt", signature.corrected_at AS "correctedAt", signature.unsubscribed_at AS "unsubscribedAt", signature.text_version AS "textVersion", signature.ref, signature.origin
    FROM token JOIN signature ON signature.id = token.signature_id
    JOIN campaign ON campaign.id = signature.campaign_id
    JOIN consent_text ON consent_text.id = signature.consent_text_id
    WHERE token.hash = ${hashToken(token)} AND token.purpose = 'manage'`;
  if (!row) return null;
  const { id, dataKeyId, person, ...held } = row;
  return {
    ...held,
    ...openPerson({ id, dataKeyId, person }),
    mails: await database().mail.findMany({
      where: { signatureId: id },
      select: { kind: true, state: true, createdAt: true },
      orderBy: { createdAt: "asc" },
    }),
  };
}
