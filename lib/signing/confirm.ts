import { v7 as uuidv7 } from "uuid";
import { batching } from "@/lib/db/batching";
import { asBytea } from "@/lib/db/bytea";
import { database } from "@/lib/db/client";
import { currentDataKeyId } from "@/lib/db/encryption";
import { Prisma } from "@/lib/db/generated/client";
import { hashToken } from "@/lib/db/keyed-hash";
import type { Locale } from "@/lib/i18n/locales";
import { keepingLinks, suppressing } from "@/lib/mailbox";
import { bucketBitsOf, nameBucket, sealPerson } from "@/lib/people";
import { SUM_SHARDS } from "@/lib/sharing";
import { openSubmission, SUBMITTED_COLUMNS, submissionMark } from "./submission";

/** How long a confirmation link works, in days. Unconfirmed signatures are kept equally long. */
export const CONFIRMATION_DAYS = 7;
/**
 * Reason for holding a signature with a filled-in trap field: it does not count until an owner releases it.
 */
export const HELD_REASON = "held: the trap field was filled in";
/** Reason for not sending the mails of a signature marked invalid. */
export const MARKED_INVALID = "marked invalid";

/**
 * Outcome of pressing the confirm button. Confirming twice gives `confirmed` both times. `counts` is false
 * for signatures that are held or marked invalid.
 */
export type Confirmation =
  | { kind: "confirmed"; slug: string; locale: Locale; counts: boolean }
  | { kind: "expired-or-unknown" };

/**
 * Confirms the signature that a token was mailed for. On the first confirmation, the same transaction raises
 * the count, adds the share channel, step and site the signer came through to the sums, forgets channel and
 * step, and queues a mail with the link to the signer's own page. Concurrent confirmations share one
 * statement.
 * A signature held for review is marked invalid instead, and its mail waits with it. It does not matter if
 * the campaign has closed since: the signature was made in time.
 */
export async function confirm(token: string): Promise<Confirmation> {
  const hash = hashToken(token);
  const press = () => confirmTogether({ hash: asBytea(hash), mail_id: uuidv7() });
  let found = await press();
  if (found?.unstored) {
    await storeSubmission(hash);
    found = await press();
  }
  return found
    ? { kind: "confirmed", slug: found.slug, locale: found.locale, counts: found.counts }
    : { kind: "expired-or-unknown" };
}

/** SQL that lists the ticks of a stored signature and their values. */
const TICKS = Prisma.raw(
  SUBMITTED_COLUMNS.filter(({ type }) => type === "boolean")
    .map(({ column }) => `'${column}', signature.${column}`)
    .join(", "),
);

/**
 * Stores the form that the link was mailed for, so that what is confirmed is what is stored. The link and
 * site that this form came through are unknown, so they are cleared. If another form has come since, updates
 * and the public name stay only if every form ticked them. The text that was signed is the one that this form
 * names; if it names none, that of the first form.
 */
async function storeSubmission(hash: Buffer<ArrayBuffer>): Promise<void> {
  await database().$transaction(async (transaction) => {
    const [mailed] = await transaction.$queryRaw<
      {
        id: string;
        slug: string;
        mailId: string;
        sealed: Uint8Array | null;
        dataKeyId: string | null;
        lastMark: Uint8Array | null;
        ticked: Record<string, boolean>;
      }[]
    >`
      SELECT signature.id, campaign.slug, token.mail_id AS "mailId", mail.submission_encrypted AS sealed,
        mail.data_key_id AS "dataKeyId", signature.submission_mark AS "lastMark",
        json_build_object(${TICKS}) AS ticked
      FROM token JOIN signature ON signature.id = token.signature_id JOIN campaign ON campaign.id = signature.campaign_id
        LEFT JOIN mail ON mail.id = token.mail_id
      WHERE token.hash = ${hash} AND token.purpose = 'confirm' AND signature.state = 'pending' FOR UPDATE OF signature`;
    if (!mailed) return;
    const { id, sealed, dataKeyId, lastMark } = mailed;
    if (sealed !== null && dataKeyId !== null) {
      const submission = openSubmission(sealed, dataKeyId, mailed.mailId);
      const isLast = lastMark !== null && submissionMark(submission).equals(lastMark);
      const { name, country, locale } = submission;
      const fields = SUBMITTED_COLUMNS.map(({ field, column, type }) => {
        const value = submission[field];
        const stored = type === "boolean" ? value && (isLast || mailed.ticked[column] === true) : value;
        return Prisma.sql`${Prisma.raw(column)} = ${stored}`;
      });
      const bitsFor = await bucketBitsOf(mailed.slug);
      await transaction.$executeRaw`
        UPDATE signature SET data_key_id = ${currentDataKeyId()}, person_encrypted = ${sealPerson(submission, id)},
          ${Prisma.join(fields)}, name_bucket = ${nameBucket(name, bitsFor(country))}::int,
          consent_text_id = (SELECT id FROM consent_text WHERE version = ${submission.consentVersion} AND locale = ${locale}),
          text_version = coalesce((SELECT number FROM campaign_version
            WHERE campaign_id = signature.campaign_id AND number = ${submission.textVersion}::int), text_version),
          ref = NULL, came_channel = NULL, came_step = NULL, origin = NULL
        WHERE id = ${id}::uuid`;
    }
    await transaction.$executeRaw`UPDATE token SET mail_id = NULL WHERE hash = ${hash}`;
  });
}

type Press = { hash: string; mail_id: string };
type Confirmed = {
  slug: string;
  locale: Locale;
  counts: boolean;
  /** True when nothing is confirmed yet, because the link was mailed for a form other than the stored one. */
  unstored: boolean;
};

/** Returns what was confirmed, now or earlier; null for an unknown or expired token. */
const confirmTogether = batching<Press, Confirmed | null>({
  run: confirmAll,
});

/** Locks signatures in the order of their ids, as marking and deleting do, to avoid deadlocks. */
async function confirmAll(presses: readonly Press[]): Promise<(Confirmed | null)[]> {
  const found = await database().$queryRaw<(Confirmed & { hash: Uint8Array })[]>`
    WITH asked AS (
      SELECT DISTINCT ON (hash) * FROM json_to_recordset(${JSON.stringify(presses)}::json)
        AS asked (hash bytea, mail_id uuid)
    ),
    mailed AS (
      SELECT asked.*, token.signature_id, token.mail_id AS mailed_for FROM asked JOIN token USING (hash) WHERE purpose = 'confirm' AND expires_at > now()
    ),
    pending AS (
      SELECT id, came_channel, came_step FROM signature WHERE id IN (SELECT signature_id FROM mailed WHERE mailed_for IS NULL) AND state = 'pending'
      ORDER BY id FOR NO KEY UPDATE
    ),
    confirmed AS (
      UPDATE signature SET state = (CASE WHEN held THEN 'invalid' ELSE 'confirmed' END)::signature_state,
        confirmed_at = CASE WHEN held THEN NULL ELSE now() END, came_channel = NULL, came_step = NULL, submission_mark = NULL
      FROM pending WHERE signature.id = pending.id
      RETURNING signature.id, signature.campaign_id, signature.locale, signature.origin, signature.mailbox_key, signature.held,
        pending.came_channel, pending.came_step
    ),
    marked AS (
      INSERT INTO signature_invalidation (signature_id, job_id, reason, confirmed_at, actor_label)
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
      SELECT campaign_id, sum.kind::share_sum_kind, sum.key, pg_backend_pid() % ${SUM_SHARDS}::int, count(*)
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
      mailed.mailed_for IS NOT NULL AND signature.state = 'pending' AS unstored,
      signature.state = 'confirmed' OR signature.state = 'pending' AND NOT signature.held AS counts
    FROM mailed JOIN signature ON signature.id = mailed.signature_id JOIN campaign ON campaign.id = signature.campaign_id`;
  const confirmed = new Map(found.map(({ hash, ...one }) => [asBytea(hash), one]));
  return presses.map(({ hash }) => confirmed.get(hash) ?? null);
}

/** Outcome of "this was not me". For signatures already confirmed or deleted it is `expired-or-unknown`. */
export type Disowning = { kind: "deleted"; slug: string; locale: Locale } | { kind: "expired-or-unknown" };

/**
 * Deletes the signature that a confirmation token was mailed for, with all its mails and tokens. A confirmed
 * signature is not deleted: anyone who finds the old mail could withdraw it, which only the signer's own page
 * allows. One held for review counts as unconfirmed.
 * The mailbox gets no more mail until its owner allows it again through the unsubscribe link of that mail.
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
