import { v7 as uuidv7 } from "uuid";
import { asBytea } from "@/lib/db/bytea";
import { database } from "@/lib/db/client";
import { gathering } from "@/lib/db/gathering";
import { hashToken } from "@/lib/db/keyed-hash";
import type { Locale } from "@/lib/i18n/locales";
import { SUM_SHARDS } from "@/lib/sharing/sums";

/** How long a confirmation link works, in days; unconfirmed signatures are kept as long. */
export const CONFIRMATION_DAYS = 7;

/** What came of a press on the button in the mail's page. Confirming twice is `confirmed` both times. */
export type Confirmation =
  | { kind: "confirmed"; slug: string; locale: Locale }
  | { kind: "expired-or-unknown" };

/**
 * Confirms the signature a token was mailed for. In the same transaction, and only the first time, the count rises, what
 * the signer came by is summed and forgotten, and a mail is owed that leads to their own page. Those who confirm at the
 * same time share one statement.
 * A campaign that has closed since does not matter: the signature was made in time.
 */
export async function confirm(token: string): Promise<Confirmation> {
  const found = await confirmTogether({
    hash: asBytea(hashToken(token)),
    mail_id: uuidv7(),
  });
  return found ? { kind: "confirmed", ...found } : { kind: "expired-or-unknown" };
}

type Press = { hash: string; mail_id: string };
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
        AS asked (hash bytea, mail_id uuid)
    ),
    mailed AS (
      SELECT asked.*, token.signature_id FROM asked JOIN token USING (hash) WHERE purpose = 'confirm' AND expires_at > now()
    ),
    pending AS (
      SELECT id, came_channel, came_step FROM signature WHERE id IN (SELECT signature_id FROM mailed) AND state = 'pending'
      ORDER BY id FOR NO KEY UPDATE
    ),
    confirmed AS (
      UPDATE signature SET state = 'confirmed', confirmed_at = now(), came_channel = NULL, came_step = NULL
      FROM pending WHERE signature.id = pending.id
      RETURNING signature.id, signature.campaign_id, signature.locale, signature.origin, signature.email_key,
        pending.came_channel, pending.came_step
    ),
    pressed AS (
      SELECT DISTINCT ON (confirmed.id) confirmed.*, mail_id FROM confirmed JOIN mailed ON mailed.signature_id = confirmed.id
    ),
    summed AS (
      INSERT INTO share_sum (campaign_id, kind, key, shard, confirmed)
      SELECT campaign_id, sum.kind, sum.key, pg_backend_pid() % ${SUM_SHARDS}::int, count(*)
      FROM pressed
      CROSS JOIN LATERAL (VALUES ('channel', came_channel, came_step IS NOT NULL),
        ('language', locale, came_step IS NOT NULL), ('step', came_step::text, came_step IS NOT NULL),
        ('site', origin, origin IS NOT NULL)) AS sum (kind, key, counts)
      WHERE sum.counts GROUP BY campaign_id, sum.kind, sum.key ORDER BY campaign_id, sum.kind, sum.key
      ON CONFLICT (campaign_id, kind, key, shard) DO UPDATE SET confirmed = share_sum.confirmed + EXCLUDED.confirmed
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
