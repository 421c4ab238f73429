import { v7 as uuidv7 } from "uuid";
import { asBytea } from "@/lib/db/bytea";
import { database } from "@/lib/db/client";
import { currentDataKeyId } from "@/lib/db/encryption";
import { gathering } from "@/lib/db/gathering";
import { Prisma } from "@/lib/db/generated/client";
import { hashToken } from "@/lib/db/keyed-hash";
import type { Locale } from "@/lib/i18n/locales";
import { MARKED_INVALID } from "@/lib/mail/dead-letters";
import { keepingLinks, spellingMark, suppressing } from "@/lib/mailbox";
import { openPerson, type SealedPerson, sealPerson } from "@/lib/people/person";
import { SUM_SHARDS } from "@/lib/sharing/sums";
import { openTyped } from "./typed-address";

/** How long a confirmation link works, in days; unconfirmed signatures are kept as long. */
export const CONFIRMATION_DAYS = 7;
/** Why a signature made with the trap field filled in does not count until an owner releases it. */
export const HELD_REASON = "held: the trap field was filled in";

/** What came of a press on the button in the mail's page. Confirming twice is `confirmed` both times. */
export type Confirmation =
  | { kind: "confirmed"; slug: string; locale: Locale }
  | { kind: "expired-or-unknown" };

/**
 * Confirms the signature a token was mailed for. In the same transaction, and only the first time, the count rises, what
 * the signer came by is summed and forgotten, and a mail is owed that leads to their own page. Those who confirm at the
 * same time share one statement.
 * A signature held for review is marked invalid instead, and its mail waits with it; the answer is the same.
 * A campaign that has closed since does not matter: the signature was made in time.
 */
export async function confirm(token: string): Promise<Confirmation> {
  const hash = hashToken(token);
  const press = () => confirmTogether({ hash: asBytea(hash), mail_id: uuidv7() });
  let found = await press();
  if (found?.respelled) {
    await storeConfirmedSpelling(hash);
    found = await press();
  }
  return found
    ? { kind: "confirmed", slug: found.slug, locale: found.locale }
    : { kind: "expired-or-unknown" };
}

/** What is confirmed is what is stored: the address that the link was mailed to, where another spelling was typed first. */
async function storeConfirmedSpelling(hash: Buffer<ArrayBuffer>): Promise<void> {
  await database().$transaction(async (transaction) => {
    const [held] = await transaction.$queryRaw<
      (SealedPerson & { mailId: string; typed: Uint8Array | null; typedKeyId: string | null })[]
    >`
      SELECT signature.id, signature.data_key_id AS "dataKeyId", signature.person_encrypted AS person,
        token.mail_id AS "mailId", mail.address_encrypted AS typed, mail.data_key_id AS "typedKeyId"
      FROM token JOIN signature ON signature.id = token.signature_id LEFT JOIN mail ON mail.id = token.mail_id
      WHERE token.hash = ${hash} AND token.purpose = 'confirm' AND signature.state = 'pending' FOR UPDATE OF signature`;
    if (!held) return;
    if (held.typed !== null && held.typedKeyId !== null) {
      const { id, mailId } = held;
      const email = openTyped(held.typed, held.typedKeyId, mailId);
      await transaction.signature.update({
        where: { id },
        data: {
          dataKeyId: currentDataKeyId(),
          personEncrypted: sealPerson({ ...openPerson(held), email }, id),
          spellingMark: spellingMark(email),
        },
      });
    }
    await transaction.$executeRaw`UPDATE token SET mail_id = NULL WHERE hash = ${hash}`;
  });
}

type Press = { hash: string; mail_id: string };
type Confirmed = {
  slug: string;
  locale: Locale;
  /** Nothing is confirmed yet: the link was mailed to another spelling than is stored. */
  respelled: boolean;
};

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
      SELECT asked.*, token.signature_id, token.mail_id AS respelled_by FROM asked JOIN token USING (hash) WHERE purpose = 'confirm' AND expires_at > now()
    ),
    pending AS (
      SELECT id, came_channel, came_step FROM signature WHERE id IN (SELECT signature_id FROM mailed WHERE respelled_by IS NULL) AND state = 'pending'
      ORDER BY id FOR NO KEY UPDATE
    ),
    confirmed AS (
      UPDATE signature SET state = (CASE WHEN held THEN 'invalid' ELSE 'confirmed' END)::signature_state,
        confirmed_at = CASE WHEN held THEN NULL ELSE now() END, came_channel = NULL, came_step = NULL
      FROM pending WHERE signature.id = pending.id
      RETURNING signature.id, signature.campaign_id, signature.locale, signature.origin, signature.mailbox_key, signature.held,
        pending.came_channel, pending.came_step
    ),
    marked AS (
      INSERT INTO signature_invalidation (signature_id, job_id, reason, confirmed_at, actor)
      SELECT id, gen_random_uuid(), ${HELD_REASON}, now(), 'system' FROM confirmed WHERE held
    ),
    reached AS (
      DELETE FROM suppression USING confirmed WHERE suppression.mailbox_key = confirmed.mailbox_key AND reason = 'bounced'
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
      WHERE sum.counts AND NOT held
      GROUP BY campaign_id, sum.kind, sum.key ORDER BY campaign_id, sum.kind, sum.key
      ON CONFLICT (campaign_id, kind, key, shard) DO UPDATE SET confirmed = share_sum.confirmed + EXCLUDED.confirmed
    ),
    owed AS (
      INSERT INTO mail (id, signature_id, kind, state, reason, finished_at)
      SELECT mail_id, id, 'confirmed', (CASE WHEN held THEN 'dead' ELSE 'queued' END)::mail_state,
        CASE WHEN held THEN ${MARKED_INVALID} END, CASE WHEN held THEN now() END FROM pressed
      WHERE NOT EXISTS (SELECT FROM suppression WHERE suppression.mailbox_key = pressed.mailbox_key AND reason <> 'bounced')
    )
    SELECT mailed.hash, campaign.slug, signature.locale,
      mailed.respelled_by IS NOT NULL AND signature.state = 'pending' AS respelled
    FROM mailed JOIN signature ON signature.id = mailed.signature_id JOIN campaign ON campaign.id = signature.campaign_id`;
  const confirmed = new Map(found.map(({ hash, ...one }) => [asBytea(hash), one]));
  return presses.map(({ hash }) => confirmed.get(hash) ?? null);
}

/** What came of "this was not me". Deleting what is confirmed, or deleted already, is `expired-or-unknown`. */
export type Disowning = { kind: "deleted"; slug: string; locale: Locale } | { kind: "expired-or-unknown" };

/**
 * Deletes the signature a confirmation token was mailed for, with every mail and token that belongs to it, unless it was
 * confirmed: then whoever finds the old mail could take it back, which is for its signer's own page. One that is held for
 * review counts as not confirmed. The mailbox is written to no more until its owner allows it again, by the unsubscribe link
 * of that mail.
 */
export async function disown(token: string): Promise<Disowning> {
  const [deleted] = await database().$queryRaw<{ slug: string; locale: Locale }[]>`
    WITH found AS (
      SELECT signature.id, signature.mailbox_key, signature.locale, campaign.slug
      FROM token JOIN signature ON signature.id = token.signature_id JOIN campaign ON campaign.id = signature.campaign_id
      WHERE token.hash = ${hashToken(token)} AND token.purpose = 'confirm' AND token.expires_at > now()
        AND signature.state <> 'confirmed' AND (signature.held OR NOT EXISTS (
          SELECT FROM signature_invalidation AS mark WHERE mark.signature_id = signature.id AND mark.confirmed_at IS NOT NULL))
      FOR UPDATE OF signature
    ),
    suppressed AS (${suppressing(Prisma.sql`found`)}),
    linked AS (${keepingLinks(Prisma.sql`found`)}),
    deleted AS (DELETE FROM signature USING found WHERE signature.id = found.id)
    SELECT slug, locale FROM found`;
  return deleted ? { kind: "deleted", ...deleted } : { kind: "expired-or-unknown" };
}
