import { v7 as uuidv7 } from "uuid";
import { isSlug } from "@/lib/campaign/slug";
import { CONSENT_VERSION } from "@/lib/consent";
import { asBytea } from "@/lib/db/bytea";
import { database } from "@/lib/db/client";
import { currentDataKeyId } from "@/lib/db/encryption";
import { gathering } from "@/lib/db/gathering";
import { Prisma } from "@/lib/db/generated/client";
import type { Locale } from "@/lib/i18n/locales";
import {
  allowanceOf,
  counting,
  MAILS_A_DAY,
  mailboxKey,
  mayBeMailed,
  notingRetry,
  spellingMark,
  UNSUBSCRIBED_DAYS,
} from "@/lib/mailbox";
import { sealPerson } from "@/lib/people/person";
import { settings } from "@/lib/settings";
import { meaningOf } from "@/lib/sharing/codes";
import { SUM_SHARDS } from "@/lib/sharing/sums";
import type { SignatureRequest } from "./form";
import { bucketBitsOf, nameBucket } from "./name-bucket";
import { sealTyped } from "./typed-address";

/** The least time between two mails to one signatory who signs again, in minutes. While pending there is only one more. */
export const REMINDER_INTERVAL_MINUTES = 60;

/** What came of an attempt to sign. `pending` also stands for "already signed": nobody may learn who has. */
export type Signing = { kind: "pending" } | { kind: "closed" } | { kind: "unknown-campaign" };

/**
 * Records a signature and the mail it is owed in one statement: both are committed, or neither is. Signatures that come in
 * at the same time share that statement.
 * A mailbox that has signed already changes nothing of what is stored. While it is pending there is one reminder in all: at
 * once to another spelling of the address, an hour later to the same. Once confirmed, the signer is told so again, an hour
 * later or, if they unsubscribed, 30 days after that and once in 30 days. A suppressed mailbox is owed no mail, and none more than its allowance.
 * Throws when the database is out of reach.
 * @param networkKey of the network it came from; null when it came from none, as on paper.
 * @param held whether the signature, once confirmed, waits for an owner before it counts.
 * @param networkBit that its network sets in the sums over share links.
 */
export function sign(
  slug: string,
  request: SignatureRequest,
  networkKey: Buffer<ArrayBuffer> | null = null,
  { held = false, networkBit = 0n } = {},
): Promise<Signing> {
  return write(slug, request, { networkKey, networkBit, held, inVain: false });
}

/** Returns the same answer as `sign` but stores nothing. Used for blocked addresses. */
export function signInVain(slug: string, request: SignatureRequest): Promise<Signing> {
  return write(slug, request, { networkKey: null, networkBit: 0n, held: false, inVain: true });
}

type Circumstances = {
  networkKey: Buffer<ArrayBuffer> | null;
  networkBit: bigint;
  held: boolean;
  inVain: boolean;
};

async function write(
  slug: string,
  request: SignatureRequest,
  { networkKey, networkBit, held, inVain }: Circumstances,
): Promise<Signing> {
  if (!isSlug(slug)) return { kind: "unknown-campaign" };
  const allowance = await allowanceOf(request.email);
  const id = uuidv7();
  const bitsFor = await bucketBitsOf(slug);
  const mailId = uuidv7();
  const came = request.ref === undefined ? null : meaningOf(request.ref);
  const status = await writeTogether({
    id,
    mail_id: mailId,
    slug,
    in_vain: inVain,
    mailbox_key: asBytea(mailboxKey(request.email)),
    spelling_mark: asBytea(spellingMark(request.email)),
    typed_address: asBytea(sealTyped(request.email, mailId)),
    allowance_day: allowance.day,
    allowance_key: asBytea(allowance.key),
    held,
    person_encrypted: asBytea(sealPerson(request, id)),
    country: request.country,
    locale: request.locale,
    wants_updates: request.updates,
    public_name: request.publicName,
    stem: came?.stem ?? null,
    channel: came?.channel ?? null,
    step: came?.step ?? null,
    // Only a link of the organisation's own may stay with a signature: one that was passed on could be known by its reader.
    ref: came?.step === 1 ? (request.ref ?? null) : null,
    network_bit: String(networkBit),
    origin: request.origin === settings().siteUrl ? null : (request.origin ?? null),
    name_bucket: nameBucket(request.name, bitsFor(request.country)),
    network_key: networkKey === null ? null : asBytea(networkKey),
  });
  if (status === null) return { kind: "unknown-campaign" };
  return status === "closed" ? { kind: "closed" } : { kind: "pending" };
}

type Row = {
  id: string;
  mail_id: string;
  slug: string;
  /** Answered, and not written. */
  in_vain: boolean;
  mailbox_key: string;
  spelling_mark: string;
  /** Sealed for the mail: should the mailbox be pending under another spelling, the mail goes to this one. */
  typed_address: string;
  allowance_day: string;
  allowance_key: string;
  held: boolean;
  person_encrypted: string;
  country: string;
  locale: Locale;
  wants_updates: boolean;
  public_name: boolean;
  stem: string | null;
  channel: string | null;
  step: number | null;
  ref: string | null;
  network_bit: string;
  origin: string | null;
  name_bucket: number;
  network_key: string | null;
};

/** Answers with the state of the campaign; null when there is none of that name. */
const writeTogether = gathering<Row, "open" | "closed" | null>({
  run: writeRows,
});

/** SQL that is true while a mail to a signature waits to be sent. */
const MAIL_WAITS = Prisma.sql`EXISTS (
  SELECT FROM mail LEFT JOIN mail_batch ON mail_batch.id = mail.batch_id WHERE mail.signature_id = signature.id
    AND (mail.state = 'queued' OR mail.state = 'batched' AND mail_batch.state = 'frozen'))`;

/** SQL that is true once signing again may cause another mail. */
const HOUR_IS_OVER = Prisma.sql`signature.mail_requested_at <= now() - make_interval(mins => ${REMINDER_INTERVAL_MINUTES}::int)`;

/**
 * Rows that others may hold as well are locked in one order, or two statements would wait for each other: those that are
 * there by their ids, as whoever marks or deletes several does, new ones by their keys, and then the allowances by theirs.
 * Who is owed no mail for signing again is not locked at all.
 */
async function writeRows(rows: readonly Row[]): Promise<("open" | "closed" | null)[]> {
  // Who signs twice at the same moment has signed once, as whoever does so later.
  const once = new Map<string, Row>();
  for (const row of rows) {
    const key = row.in_vain ? row.id : `${row.slug} ${row.mailbox_key}`;
    if (!once.has(key)) once.set(key, row);
  }
  const campaigns = await database().$queryRaw<{ slug: string; status: "open" | "closed" }[]>`
    WITH asked AS (
      SELECT asked.*, campaign.id AS campaign_id, campaign.status,
        coalesce(asked.stem = campaign.share_stem, false) AS by_link,
        CASE WHEN asked.origin = ANY (campaign.allowed_origins) THEN asked.origin END AS site
      FROM json_to_recordset(${JSON.stringify([...once.values()])}::json) AS asked (id uuid, mail_id uuid, slug text, in_vain boolean,
        mailbox_key bytea, spelling_mark bytea, typed_address bytea, allowance_day date, allowance_key bytea, held boolean,
        person_encrypted bytea, country text, locale text, wants_updates boolean,
        public_name boolean, stem text, channel text, step smallint, ref text, network_bit bigint, origin text,
        name_bucket integer, network_key bytea)
      JOIN campaign USING (slug)
    ),
    due AS (
      SELECT signature.id, signature.state, signature.mailbox_key, asked.mail_id, asked.allowance_day, asked.allowance_key,
        CASE WHEN signature.state = 'pending' THEN asked.typed_address END AS typed_address
      FROM signature JOIN asked USING (campaign_id, mailbox_key)
      WHERE asked.status = 'open' AND NOT asked.in_vain AND CASE signature.state
        WHEN 'pending' THEN signature.reminded_at IS NULL
          AND (signature.spelling_mark <> asked.spelling_mark OR ${HOUR_IS_OVER} AND NOT ${MAIL_WAITS})
        WHEN 'confirmed' THEN NOT ${MAIL_WAITS} AND CASE WHEN signature.unsubscribed_at IS NULL THEN ${HOUR_IS_OVER}
          ELSE greatest(signature.mail_requested_at, signature.unsubscribed_at)
            <= now() - make_interval(days => ${UNSUBSCRIBED_DAYS}::int) END
        ELSE false END
      ORDER BY signature.id FOR NO KEY UPDATE OF signature
    ),
    again AS (
      UPDATE signature SET mail_requested_at = now(),
        reminded_at = CASE WHEN due.state = 'pending' THEN now() ELSE signature.reminded_at END
      FROM due WHERE signature.id = due.id RETURNING signature.id
    ),
    written AS (
      INSERT INTO signature (id, campaign_id, mailbox_key, spelling_mark, held, data_key_id, person_encrypted,
        country, locale, wants_updates, public_name, ref, came_channel, came_step, consent_text_id, origin,
        name_bucket, network_key)
      SELECT id, campaign_id, mailbox_key, spelling_mark, held, ${currentDataKeyId()}, person_encrypted,
        country, locale, wants_updates, public_name,
        CASE WHEN by_link THEN ref END, CASE WHEN by_link THEN channel END, CASE WHEN by_link THEN step END,
        (SELECT id FROM consent_text WHERE version = ${CONSENT_VERSION} AND locale = asked.locale),
        site, name_bucket, network_key
      FROM asked WHERE status = 'open' AND NOT in_vain AND (SELECT count(*) FROM due) >= 0
      ORDER BY mailbox_key
      ON CONFLICT (campaign_id, mailbox_key) DO NOTHING
      RETURNING id
    ),
    wanted AS (
      SELECT mail_id, id AS signature_id, mailbox_key, 'confirmation' AS kind, NULL::bytea AS typed_address,
        allowance_day, allowance_key
      FROM written JOIN asked USING (id)
      UNION ALL
      SELECT mail_id, id, mailbox_key, CASE state WHEN 'confirmed' THEN 'confirmed' ELSE 'reminder' END, typed_address,
        allowance_day, allowance_key
      FROM again JOIN due USING (id)
    ),
    mailable AS (
      SELECT *, row_number() OVER (PARTITION BY allowance_key ORDER BY mail_id) - count(*) OVER (PARTITION BY allowance_key)
        AS before_last
      FROM wanted WHERE ${mayBeMailed(Prisma.sql`wanted.mailbox_key`)}
    ),
    counted AS (${counting(Prisma.sql`mailable`)}),
    retried AS (${notingRetry(Prisma.sql`mailable`)}),
    owed AS (
      INSERT INTO mail (id, signature_id, kind, address_encrypted, data_key_id)
      SELECT mail_id, signature_id, kind::mail_kind, typed_address,
        CASE WHEN typed_address IS NOT NULL THEN ${currentDataKeyId()} END
      FROM mailable JOIN counted ON counted.key = mailable.allowance_key
      WHERE counted.mails + before_last <= ${MAILS_A_DAY}::int
      ORDER BY mail_id
    ),
    summed AS (
      INSERT INTO share_sum (campaign_id, kind, key, shard, signed, networks)
      SELECT asked.campaign_id, sum.kind, sum.key, pg_backend_pid() % ${SUM_SHARDS}::int, count(*), bit_or(network_bit)
      FROM written JOIN asked USING (id)
      CROSS JOIN LATERAL (VALUES ('channel', channel, by_link), ('language', locale, by_link),
        ('step', step::text, by_link), ('site', site, site IS NOT NULL)) AS sum (kind, key, counts)
      WHERE sum.counts AND NOT held
      GROUP BY asked.campaign_id, sum.kind, sum.key ORDER BY asked.campaign_id, sum.kind, sum.key
      ON CONFLICT (campaign_id, kind, key, shard) DO UPDATE
        SET signed = share_sum.signed + EXCLUDED.signed, networks = share_sum.networks | EXCLUDED.networks
    )
    SELECT DISTINCT slug, status FROM asked`;
  const statusOf = new Map(campaigns.map(({ slug, status }) => [slug, status]));
  return rows.map(({ slug }) => statusOf.get(slug) ?? null);
}
