import { database } from "@/lib/db/client";
import { currentDataKeyId } from "@/lib/db/encryption";
import { Prisma } from "@/lib/db/generated/client";
import { hashToken } from "@/lib/db/keyed-hash";
import { propertiesOf } from "@/lib/fields";
import type { Locale } from "@/lib/i18n/locales";
import { keepingLinks, suppressing } from "@/lib/mailbox";
import { bucketBitsOf, nameBucket, openPerson, type SealedPerson, sealPerson } from "@/lib/people";
import { type Correction, checkCorrection, type FieldErrors } from "@/lib/signing";

/** Outcome of a change that a signatory requested with the token of their own page. */
export type Change = { kind: "done"; slug: string; locale: Locale } | { kind: "unknown" };
export type Correcting = Change | { kind: "invalid"; errors: FieldErrors };

/**
 * Corrects name, country, language and choices. The address stays: the signature was confirmed through it.
 */
export async function correct(token: string, fields: Record<string, unknown>): Promise<Correcting> {
  const checked = checkCorrection(fields);
  if (!checked.ok) return { kind: "invalid", errors: checked.errors };
  return database().$transaction(async (transaction) => {
    const [held] = await transaction.$queryRaw<Held[]>`
      SELECT signature.id, campaign.slug, signature.data_key_id AS "dataKeyId",
        signature.person_encrypted AS person
      FROM token JOIN signature ON signature.id = token.signature_id JOIN campaign ON campaign.id = signature.campaign_id
      WHERE token.hash = ${hashToken(token)} AND token.purpose = 'manage' FOR UPDATE OF signature`;
    if (!held) return { kind: "unknown" };
    const bits = (await bucketBitsOf(held.slug))(checked.correction.country);
    const data = corrected(held, checked.correction, bits);
    await transaction.signature.update({ where: { id: held.id }, data });
    return { kind: "done", slug: held.slug, locale: checked.correction.locale };
  });
}

type Held = SealedPerson & { slug: string };

function corrected(held: Held, correction: Correction, bits: number) {
  return {
    dataKeyId: currentDataKeyId(),
    personEncrypted: sealPerson({ ...openPerson(held), ...correction }, held.id),
    nameBucket: nameBucket(correction.name, bits),
    correctedAt: new Date(),
    ...propertiesOf(correction),
    // Asking for updates again also ends an unsubscription.
    ...(correction.updates ? { unsubscribedAt: null } : {}),
  };
}

/** Withdraws a signature. It no longer counts, and its row, mails and tokens are deleted. */
export async function withdraw(token: string): Promise<Change> {
  const [deleted] = await database().$queryRaw<{ slug: string; locale: Locale }[]>`
    DELETE FROM signature USING token, campaign
    WHERE token.hash = ${hashToken(token)} AND token.purpose = 'manage'
      AND signature.id = token.signature_id AND campaign.id = signature.campaign_id
    RETURNING campaign.slug, signature.locale`;
  return deleted ? { kind: "done", ...deleted } : { kind: "unknown" };
}

/**
 * Deletes everything stored about the mailbox that the token was mailed to, in every campaign, as if it had
 * never signed.
 * @param neverWrite keeps the mailbox's keyed hash, so that it is never mailed again.
 */
export async function erase(token: string, { neverWrite = false } = {}): Promise<Change> {
  const [erased] = await database().$queryRaw<{ slug: string; locale: Locale }[]>`
    WITH asked AS (
      SELECT signature.mailbox_key, signature.locale, campaign.slug
      FROM token JOIN signature ON signature.id = token.signature_id JOIN campaign ON campaign.id = signature.campaign_id
      WHERE token.hash = ${hashToken(token)} AND token.purpose = 'manage'
    ),
    unwanted AS (SELECT mailbox_key FROM asked WHERE ${neverWrite}),
    suppressed AS (${suppressing(Prisma.sql`unwanted`)}),
    linked AS (${keepingLinks(Prisma.sql`unwanted`)}),
    deleted AS (
      DELETE FROM signature USING asked WHERE signature.mailbox_key = asked.mailbox_key
    )
    SELECT slug, locale FROM asked`;
  return erased ? { kind: "done", ...erased } : { kind: "unknown" };
}
