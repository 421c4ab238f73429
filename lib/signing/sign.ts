import { v7 as uuidv7 } from "uuid";
import { isSlug } from "@/lib/campaigns";
import { CONSENT_VERSION } from "@/lib/consent";
import { batching } from "@/lib/db/batching";
import { asBytea } from "@/lib/db/bytea";
import { database } from "@/lib/db/client";
import { currentDataKeyId } from "@/lib/db/encryption";
import { Prisma } from "@/lib/db/generated/client";
import { columnsOf } from "@/lib/fields";
import {
  allowanceOf,
  counting,
  MAILS_A_DAY,
  mailboxKey,
  mayBeMailed,
  notingRetry,
  UNSUBSCRIBED_DAYS,
} from "@/lib/mailbox";
import { bucketBitsOf, nameBucket, sealPerson } from "@/lib/people";
import { settings } from "@/lib/settings";
import { meaningOf, SUM_SHARDS } from "@/lib/sharing";
import { CONFIRMATION_DAYS } from "./confirm";
import type { SignatureRequest } from "./form";
import { SUBMITTED_COLUMNS, sealSubmission, submissionMark, submissionOf } from "./submission";

/**
 * Minimum time between mails to someone who signs again, in minutes. While pending, only one more is sent.
 */
export const REMINDER_INTERVAL_MINUTES = 60;

/** Outcome of an attempt to sign. `pending` also stands for "already signed": nobody may learn who has. */
export type Signing = { kind: "pending" } | { kind: "closed" } | { kind: "unknown-campaign" };

/**
 * Records a signature and queues its mail in one statement: both are committed, or neither is. Concurrent
 * signatures share that statement.
 * Signing again while pending causes one reminder in total: at once for a form that differs from the last,
 * after an hour for the same form. The reminder's link confirms its own form. With the first link, updates
 * and the public name stay only if every form ticked them, and the signature is not held if any form left the
 * trap field empty.
 * The version of the campaign's text that the form names is stored if that version was published, else the
 * current one. Of several forms, the one that is confirmed decides (`confirm`).
 * Signing again once confirmed changes nothing stored. The signer is told again that they have signed, at
 * most once an hour; after unsubscribing, 30 days later and then at most every 30 days.
 * A suppressed mailbox gets no mail, and no mailbox more than its allowance. Throws when the database is
 * unreachable.
 * @param networkKey of the network it came from; null when there is none, as on paper.
 * @param held whether the signature, once confirmed, waits for an owner before it counts.
 * @param networkBit the bit that its network sets in the sums over share links.
 */
export function sign(
  slug: string,
  request: SignatureRequest,
  networkKey: Buffer<ArrayBuffer> | null = null,
  { held = false, networkBit = 0n } = {},
): Promise<Signing> {
  return write(slug, request, { networkKey, networkBit, held, withoutRecording: false });
}

/** Returns the same answer as `sign` but stores nothing. Used for blocked addresses. */
export function signWithoutRecording(slug: string, request: SignatureRequest): Promise<Signing> {
  return write(slug, request, { networkKey: null, networkBit: 0n, held: false, withoutRecording: true });
}

type Circumstances = {
  networkKey: Buffer<ArrayBuffer> | null;
  networkBit: bigint;
  held: boolean;
  withoutRecording: boolean;
};

async function write(
  slug: string,
  request: SignatureRequest,
  { networkKey, networkBit, held, withoutRecording }: Circumstances,
): Promise<Signing> {
  if (!isSlug(slug)) return { kind: "unknown-campaign" };
  const allowance = await allowanceOf(request.email);
  const id = uuidv7();
  const bitsFor = await bucketBitsOf(slug);
  const mailId = uuidv7();
  const submission = submissionOf(request);
  const came = request.ref === undefined ? null : meaningOf(request.ref);
  const status = await writeTogether({
    id,
    mail_id: mailId,
    slug,
    in_vain: withoutRecording,
    mailbox_key: asBytea(mailboxKey(request.email)),
    submission_mark: asBytea(submissionMark(submission)),
    submission: asBytea(sealSubmission(submission, mailId)),
    allowance_day: allowance.day,
    allowance_key: asBytea(allowance.key),
    held,
    person_encrypted: asBytea(sealPerson(request, id)),
    ...columnsOf(request),
    stem: came?.stem ?? null,
    channel: came?.channel ?? null,
    step: came?.step ?? null,
    // Only the organisation's own links are stored with a signature: one that was passed on could be
    // recognised by someone who reads it.
    ref: came?.step === 1 ? (request.ref ?? null) : null,
    network_bit: String(networkBit),
    origin: request.origin === settings().siteUrl ? null : (request.origin ?? null),
    text_version: request.textVersion ?? null,
    name_bucket: nameBucket(request.name, bitsFor(request.country)),
    network_key: networkKey === null ? null : asBytea(networkKey),
  });
  if (status === null) return { kind: "unknown-campaign" };
  return status === "closed" ? { kind: "closed" } : { kind: "pending" };
}

type Row = ReturnType<typeof columnsOf<SignatureRequest>> & {
  id: string;
  mail_id: string;
  slug: string;
  /** Answered but not stored. */
  in_vain: boolean;
  mailbox_key: string;
  submission_mark: string;
  /** Sealed for the mail. If the mailbox is pending, the link in that mail confirms this form. */
  submission: string;
  allowance_day: string;
  allowance_key: string;
  held: boolean;
  person_encrypted: string;
  stem: string | null;
  channel: string | null;
  step: number | null;
  ref: string | null;
  network_bit: string;
  origin: string | null;
  /** As the form says; checked by the statement. */
  text_version: number | null;
  name_bucket: number;
  network_key: string | null;
};

/** Returns the status of the campaign; null when there is none with that slug. */
const writeTogether = batching<Row, Status>({
  run: writeRows,
});

/** SQL that lists the columns of the form's fields, and the same with their types. */
const FIELD_COLUMNS = Prisma.raw(SUBMITTED_COLUMNS.map(({ column }) => column).join(", "));
const TYPED_COLUMNS = Prisma.raw(SUBMITTED_COLUMNS.map(({ column, type }) => `${column} ${type}`).join(", "));

/** SQL that is true while a mail to a signature waits to be sent. */
const MAIL_WAITS = Prisma.sql`EXISTS (
  SELECT FROM mail LEFT JOIN mail_batch ON mail_batch.id = mail.batch_id WHERE mail.signature_id = signature.id
    AND (mail.state = 'queued' OR mail.state = 'batched' AND mail_batch.state = 'frozen'))`;

/** SQL that is true once signing again may trigger another mail. */
const HOUR_IS_OVER = Prisma.sql`signature.mail_requested_at <= now() - make_interval(mins => ${REMINDER_INTERVAL_MINUTES}::int)`;

/**
 * SQL that is true once the links of a pending signature have expired, so that it only waits to be deleted.
 */
const EXPIRED = Prisma.sql`(signature.state = 'pending'
  AND signature.signed_at <= now() - make_interval(days => ${CONFIRMATION_DAYS}::int))`;

/** How often a form is tried when it meets a signature that has expired or another statement just made. */
const TRIES_MAXIMUM = 3;

type Status = "open" | "closed" | null;

async function writeRows(rows: readonly Row[]): Promise<Status[]> {
  const statusOf = new Map<string, Status>();
  for (const round of roundsOf(rows)) {
    let left: readonly Row[] = round;
    for (let tries = 0; left.length > 0 && tries < TRIES_MAXIMUM; tries++) {
      if (tries > 0) await deleteExpired(left);
      const written = await writeOnce(left);
      for (const { slug, status } of written) statusOf.set(slug, status);
      const unwritten = new Set(written.flatMap(({ id, left }) => (left ? [id] : [])));
      left = left.filter(({ id }) => unwritten.has(id));
    }
  }
  return rows.map(({ slug }) => statusOf.get(slug) ?? null);
}

/**
 * Splits forms into rounds, one statement each, so that signing twice at the same moment has the same effect
 * as signing twice in a row. For each mailbox: the first form, the first that differs, and all the rest
 * merged into one.
 */
function roundsOf(rows: readonly Row[]): Row[][] {
  const rounds: [Row[], Row[], Row[]] = [[], [], []];
  const byMailbox = Map.groupBy(rows, (row) => (row.in_vain ? row.id : `${row.slug} ${row.mailbox_key}`));
  for (const forms of byMailbox.values()) {
    const [first, second, ...rest] = new Map(
      forms.map((row) => [`${row.submission_mark} ${row.held}`, row]),
    ).values();
    const last = rest.at(-1);
    const merged = last && {
      ...last,
      held: rest.every(({ held }) => held),
      wants_updates: rest.every(({ wants_updates }) => wants_updates),
      public_name: rest.every(({ public_name }) => public_name),
    };
    for (const [place, row] of [first, second, merged].entries()) if (row) rounds[place]?.push(row);
  }
  return rounds;
}

/**
 * Deletes expired signatures of these mailboxes, so that signing again after a week starts afresh even if the
 * purge has not run yet.
 */
async function deleteExpired(rows: readonly Row[]): Promise<void> {
  const keys = JSON.stringify(rows.map(({ slug, mailbox_key }) => ({ slug, mailbox_key })));
  await database().$executeRaw`
    DELETE FROM signature WHERE id IN (
      SELECT signature.id FROM json_to_recordset(${keys}::json) AS asked (slug text, mailbox_key bytea)
      JOIN campaign USING (slug) JOIN signature ON signature.campaign_id = campaign.id
        AND signature.mailbox_key = asked.mailbox_key
      WHERE ${EXPIRED} ORDER BY signature.id FOR UPDATE OF signature)`;
}

/**
 * Writes rows in one statement. Rows that other statements may lock too are locked in a fixed order to avoid
 * deadlocks: existing signatures by id, as marking and deleting do, new ones by mailbox key, then allowances
 * by theirs. Signatures that need neither a mail nor a change are not locked.
 */
async function writeOnce(
  rows: readonly Row[],
): Promise<{ id: string; slug: string; status: "open" | "closed"; left: boolean }[]> {
  return database().$queryRaw`
    WITH asked AS (
      SELECT asked.*, campaign.id AS campaign_id, campaign.status,
        coalesce(asked.stem = campaign.share_stem, false) AS by_link,
        CASE WHEN asked.origin = ANY (campaign.allowed_origins) THEN asked.origin END AS site
      FROM json_to_recordset(${JSON.stringify(rows)}::json) AS asked (id uuid, mail_id uuid, slug text, in_vain boolean,
        mailbox_key bytea, submission_mark bytea, submission bytea, allowance_day date, allowance_key bytea, held boolean,
        person_encrypted bytea, ${TYPED_COLUMNS}, stem text, channel text, step smallint, ref text, network_bit bigint, origin text,
        text_version integer, name_bucket integer, network_key bytea)
      JOIN campaign USING (slug) WHERE campaign.status <> 'draft'
    ),
    met AS (
      SELECT signature.id, signature.state, signature.mailbox_key, asked.mail_id, asked.allowance_day, asked.allowance_key,
        CASE WHEN signature.state = 'pending' THEN asked.submission END AS submission, asked.submission_mark, asked.held,
        asked.wants_updates, asked.public_name, due.mail
      FROM signature JOIN asked USING (campaign_id, mailbox_key)
      CROSS JOIN LATERAL (SELECT CASE signature.state
        WHEN 'pending' THEN signature.reminded_at IS NULL
          AND (signature.submission_mark IS DISTINCT FROM asked.submission_mark OR ${HOUR_IS_OVER} AND NOT ${MAIL_WAITS})
        WHEN 'confirmed' THEN NOT ${MAIL_WAITS} AND CASE WHEN signature.unsubscribed_at IS NULL THEN ${HOUR_IS_OVER}
          ELSE greatest(signature.mail_requested_at, signature.unsubscribed_at)
            <= now() - make_interval(days => ${UNSUBSCRIBED_DAYS}::int) END
        ELSE false END AS mail) AS due
      WHERE asked.status = 'open' AND NOT asked.in_vain AND NOT ${EXPIRED}
        AND (due.mail OR signature.state = 'pending' AND (signature.held AND NOT asked.held
          OR signature.submission_mark IS DISTINCT FROM asked.submission_mark))
      ORDER BY signature.id FOR NO KEY UPDATE OF signature
    ),
    agreed AS (
      UPDATE signature SET submission_mark = met.submission_mark, held = signature.held AND met.held,
        wants_updates = signature.wants_updates AND met.wants_updates, public_name = signature.public_name AND met.public_name,
        mail_requested_at = CASE WHEN met.mail THEN now() ELSE signature.mail_requested_at END,
        reminded_at = CASE WHEN met.mail THEN now() ELSE signature.reminded_at END
      FROM met WHERE signature.id = met.id AND met.state = 'pending' RETURNING signature.id
    ),
    again AS (
      UPDATE signature SET mail_requested_at = now() FROM met
      WHERE signature.id = met.id AND met.state <> 'pending' RETURNING signature.id
    ),
    written AS (
      INSERT INTO signature (id, campaign_id, mailbox_key, submission_mark, held, data_key_id, person_encrypted,
        ${FIELD_COLUMNS}, ref, came_channel, came_step, consent_text_id, text_version, origin,
        name_bucket, network_key)
      SELECT id, campaign_id, mailbox_key, submission_mark, held, ${currentDataKeyId()}, person_encrypted,
        ${FIELD_COLUMNS},
        CASE WHEN by_link THEN ref END, CASE WHEN by_link THEN channel END, CASE WHEN by_link THEN step END,
        (SELECT id FROM consent_text WHERE version = ${CONSENT_VERSION} AND locale = asked.locale),
        coalesce(
          (SELECT number FROM campaign_version AS version
            WHERE version.campaign_id = asked.campaign_id AND version.number = asked.text_version),
          (SELECT number FROM campaign_version AS version
            WHERE version.campaign_id = asked.campaign_id AND version.state = 'published')),
        site, name_bucket, network_key
      FROM asked WHERE status = 'open' AND NOT in_vain AND (SELECT count(*) FROM met) >= 0
      ORDER BY mailbox_key
      ON CONFLICT (campaign_id, mailbox_key) DO NOTHING
      RETURNING id
    ),
    wanted AS (
      SELECT mail_id, id AS signature_id, mailbox_key, 'confirmation' AS kind, NULL::bytea AS submission,
        allowance_day, allowance_key
      FROM written JOIN asked USING (id)
      UNION ALL
      SELECT mail_id, id, mailbox_key, CASE state WHEN 'confirmed' THEN 'confirmed' ELSE 'reminder' END, submission,
        allowance_day, allowance_key
      FROM (TABLE agreed UNION ALL TABLE again) AS told JOIN met USING (id) WHERE met.mail
    ),
    mailable AS (
      SELECT *, row_number() OVER (PARTITION BY allowance_key ORDER BY mail_id) - count(*) OVER (PARTITION BY allowance_key)
        AS before_last
      FROM wanted WHERE ${mayBeMailed(Prisma.sql`wanted.mailbox_key`)}
    ),
    counted AS (${counting(Prisma.sql`mailable`)}),
    retried AS (${notingRetry(Prisma.sql`mailable`)}),
    owed AS (
      INSERT INTO mail (id, signature_id, kind, submission_encrypted, data_key_id)
      SELECT mail_id, signature_id, kind::mail_kind, submission,
        CASE WHEN submission IS NOT NULL THEN ${currentDataKeyId()} END
      FROM mailable JOIN counted ON counted.key = mailable.allowance_key
      WHERE counted.mails + before_last <= ${MAILS_A_DAY}::int
      ORDER BY mail_id
    ),
    summed AS (
      INSERT INTO share_sum (campaign_id, kind, key, shard, signed, networks)
      SELECT asked.campaign_id, sum.kind::share_sum_kind, sum.key, pg_backend_pid() % ${SUM_SHARDS}::int, count(*),
        bit_or(network_bit)
      FROM written JOIN asked USING (id)
      CROSS JOIN LATERAL (VALUES ('channel', channel, by_link), ('language', locale, by_link),
        ('step', step::text, by_link), ('site', site, site IS NOT NULL)) AS sum (kind, key, counts)
      WHERE sum.counts AND NOT held
      GROUP BY asked.campaign_id, sum.kind, sum.key ORDER BY asked.campaign_id, sum.kind, sum.key
      ON CONFLICT (campaign_id, kind, key, shard) DO UPDATE
        SET signed = share_sum.signed + EXCLUDED.signed, networks = share_sum.networks | EXCLUDED.networks
    )
    SELECT asked.id, slug, asked.status, asked.status = 'open' AND NOT asked.in_vain
      AND NOT EXISTS (SELECT FROM written WHERE written.id = asked.id) AND (signature.id IS NULL OR ${EXPIRED}) AS "left"
    FROM asked LEFT JOIN signature USING (campaign_id, mailbox_key)`;
}
