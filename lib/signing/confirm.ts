import { v7 as uuidv7 } from "uuid";
import { database } from "@/lib/db/client";
import { hashToken } from "@/lib/db/keyed-hash";
import type { Locale } from "@/lib/i18n/locales";
import { newSignerCode } from "@/lib/sharing";

/** How long a confirmation link works, in days; unconfirmed signatures are kept as long. */
export const CONFIRMATION_DAYS = 7;

/** What came of a press on the button in the mail's page. Confirming twice is `confirmed` both times. */
export type Confirmation =
  | { kind: "confirmed"; slug: string; locale: Locale }
  | { kind: "expired-or-unknown" };

/**
 * Confirms the signature a token was mailed for. In the same transaction, and only the first time, the count rises, the
 * signer gets a link of their own to share, and is owed a mail that leads to their own page.
 * A campaign that has closed since does not matter: the signature was made in time.
 */
export async function confirm(token: string): Promise<Confirmation> {
  const [found] = await database().$queryRaw<{ slug: string; locale: Locale }[]>`
    WITH mailed AS (
      SELECT signature_id FROM token
      WHERE hash = ${hashToken(token)} AND purpose = 'confirm' AND expires_at > now()
    ),
    confirmed AS (
      UPDATE signature SET state = 'confirmed', confirmed_at = now()
      FROM mailed WHERE signature.id = mailed.signature_id AND signature.state = 'pending'
      RETURNING signature.id, signature.campaign_id, signature.locale, signature.ref, signature.email_key
    ),
    coded AS (
      INSERT INTO share_code (code, campaign_id, locale, signature_id, parent)
      SELECT ${newSignerCode()}, campaign_id, locale, id, ref FROM confirmed ON CONFLICT DO NOTHING
    ),
    owed AS (
      INSERT INTO mail (id, signature_id, kind) SELECT ${uuidv7()}::uuid, id, 'confirmed' FROM confirmed
      WHERE NOT EXISTS (SELECT FROM suppression WHERE suppression.email_key = confirmed.email_key)
    )
    SELECT campaign.slug, signature.locale
    FROM mailed JOIN signature ON signature.id = mailed.signature_id JOIN campaign ON campaign.id = signature.campaign_id`;
  return found ? { kind: "confirmed", ...found } : { kind: "expired-or-unknown" };
}

/** What came of "this was not me". Deleting twice is `expired-or-unknown` the second time: nothing is left to find. */
export type Disowning = { kind: "deleted"; slug: string; locale: Locale } | { kind: "expired-or-unknown" };

/** Deletes the signature a confirmation token was mailed for, with every mail and token that belongs to it. */
export async function disown(token: string): Promise<Disowning> {
  const [deleted] = await database().$queryRaw<{ slug: string; locale: Locale }[]>`
    DELETE FROM signature USING token, campaign
    WHERE token.hash = ${hashToken(token)} AND token.purpose = 'confirm' AND token.expires_at > now()
      AND signature.id = token.signature_id AND campaign.id = signature.campaign_id
    RETURNING campaign.slug, signature.locale`;
  return deleted ? { kind: "deleted", ...deleted } : { kind: "expired-or-unknown" };
}
