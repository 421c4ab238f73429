import { v7 as uuidv7 } from "uuid";
import { asBytea } from "@/lib/db/bytea";
import { database } from "@/lib/db/client";
import { gathering } from "@/lib/db/gathering";
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
 * signer gets a link of their own to share, and is owed a mail that leads to their own page. Those who confirm at the same
 * time share one statement.
 * A campaign that has closed since does not matter: the signature was made in time.
 */
export async function confirm(token: string): Promise<Confirmation> {
  const found = await confirmTogether({
    hash: asBytea(hashToken(token)),
    code: newSignerCode(),
    mail_id: uuidv7(),
  });
  return found ? { kind: "confirmed", ...found } : { kind: "expired-or-unknown" };
}

type Press = { hash: string; code: string; mail_id: string };
type Confirmed = { slug: string; locale: Locale };

/** Answers with what was confirmed, now or before; null for a token that is none, or ended. */
const confirmTogether = gathering<Press, Confirmed | null>({
  run: confirmAll,
});

/** Signatures are locked in the order of their ids, as whoever marks or deletes several does. */
async function confirmAll(presses: readonly Press[]): Promise<(Confirmed | null)[]> {
  const found = await database().$queryRaw<(Confirmed & { hash: Uint8Array })[]>`
    WITH asked AS (
      SELECT DISTINCT ON (hash) * FROM json_to_recordset(${JSON.stringify(presses)}::json)
        AS asked (hash bytea, code text, mail_id uuid)
    ),
    mailed AS (
      SELECT asked.*, token.signature_id FROM asked JOIN token USING (hash) WHERE purpose = 'confirm' AND expires_at > now()
    ),
    pending AS (
      SELECT id FROM signature WHERE id IN (SELECT signature_id FROM mailed) AND state = 'pending'
      ORDER BY id FOR NO KEY UPDATE
    ),
    confirmed AS (
      UPDATE signature SET state = 'confirmed', confirmed_at = now() FROM pending WHERE signature.id = pending.id
      RETURNING signature.id, signature.campaign_id, signature.locale, signature.ref, signature.email_key
    ),
    pressed AS (
      SELECT DISTINCT ON (confirmed.id) confirmed.*, code, mail_id FROM confirmed JOIN mailed ON mailed.signature_id = confirmed.id
    ),
    coded AS (
      INSERT INTO share_code (code, campaign_id, locale, signature_id, parent)
      SELECT code, campaign_id, locale, id, ref FROM pressed ON CONFLICT DO NOTHING
    ),
    owed AS (
      INSERT INTO mail (id, signature_id, kind) SELECT mail_id, id, 'confirmed' FROM pressed
      WHERE NOT EXISTS (SELECT FROM suppression WHERE suppression.email_key = pressed.email_key)
    )
    SELECT mailed.hash, campaign.slug, signature.locale
    FROM mailed JOIN signature ON signature.id = mailed.signature_id JOIN campaign ON campaign.id = signature.campaign_id`;
  const confirmed = new Map(found.map(({ hash, slug, locale }) => [asBytea(hash), { slug, locale }]));
  return presses.map(({ hash }) => confirmed.get(hash) ?? null);
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
