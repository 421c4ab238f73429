import { v7 as uuidv7 } from "uuid";
import { isSlug } from "@/lib/campaign/slug";
import { CONSENT_VERSION } from "@/lib/consent";
import { asBytea } from "@/lib/db/bytea";
import { database } from "@/lib/db/client";
import { currentDataKeyId, seal } from "@/lib/db/encryption";
import { gathering } from "@/lib/db/gathering";
import { keyedHash } from "@/lib/db/keyed-hash";
import type { Locale } from "@/lib/i18n/locales";
import { settings } from "@/lib/settings";
import { meaningOf } from "@/lib/sharing/codes";
import { SUM_SHARDS } from "@/lib/sharing/sums";
import { canonicalEmailKey, emailDomainKey } from "./canonical";
import { normaliseEmail, type SignatureRequest } from "./form";
import { tidyName } from "./rules";

/** The least time between two mails to one signatory who signs again, in minutes. */
export const REMINDER_INTERVAL_MINUTES = 60;

/** What came of an attempt to sign. `pending` also stands for "already signed": nobody may learn who has. */
export type Signing = { kind: "pending" } | { kind: "closed" } | { kind: "unknown-campaign" };

/** The key under which an address is unique and can be found, without the address itself. */
export function emailKey(email: string): Buffer<ArrayBuffer> {
  return keyedHash("email-key", normaliseEmail(email));
}

/** The key under which a name is found, without the name itself: tidied, in one case, compatible forms made one. */
export function nameKey(name: string): Buffer<ArrayBuffer> {
  return keyedHash("name-key", tidyName(name.normalize("NFKC")).toLowerCase());
}

/**
 * Records a signature and the mail it is owed in one statement: both are committed, or neither is. Signatures that come in
 * at the same time share that statement.
 * An address that has signed already changes nothing, save for a reminder mail at most once an hour, and none while a mail
 * to it still waits; a suppressed address is owed no mail. Throws when the database is out of reach.
 * @param networkKey of the network it came from; null when it came from none, as on paper.
 * @param networkBit that this network sets in the sums over share links.
 */
export function sign(
  slug: string,
  request: SignatureRequest,
  networkKey: Buffer<ArrayBuffer> | null = null,
  networkBit = 0n,
): Promise<Signing> {
  return write(slug, request, { networkKey, networkBit, inVain: false });
}

/** What `sign` would answer, with nothing kept: for machines, and addresses that are blocked. */
export function signInVain(slug: string, request: SignatureRequest): Promise<Signing> {
  return write(slug, request, { networkKey: null, networkBit: 0n, inVain: true });
}

type Circumstances = { networkKey: Buffer<ArrayBuffer> | null; networkBit: bigint; inVain: boolean };

async function write(
  slug: string,
  request: SignatureRequest,
  { networkKey, networkBit, inVain }: Circumstances,
): Promise<Signing> {
  if (!isSlug(slug)) return { kind: "unknown-campaign" };
  const id = uuidv7();
  const came = request.ref === undefined ? null : meaningOf(request.ref);
  const status = await writeTogether({
    id,
    mail_id: uuidv7(),
    slug,
    in_vain: inVain,
    email_key: asBytea(emailKey(request.email)),
    name_encrypted: asBytea(seal(request.name, { table: "signature", column: "name", id })),
    email_encrypted: asBytea(seal(request.email, { table: "signature", column: "email", id })),
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
    name_key: asBytea(nameKey(request.name)),
    email_canonical_key: asBytea(canonicalEmailKey(request.email)),
    email_domain_key: asBytea(emailDomainKey(request.email)),
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
  email_key: string;
  name_encrypted: string;
  email_encrypted: string;
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
  name_key: string;
  email_canonical_key: string;
  email_domain_key: string;
  network_key: string | null;
};

/** Answers with the state of the campaign; null when there is none of that name. */
const writeTogether = gathering<Row, "open" | "closed" | null>({
  run: writeRows,
});

/**
 * Rows that others may hold as well are locked in one order, or two statements would wait for each other: those that are
 * there by their ids, as whoever marks or deletes several does, and new ones by their keys. Who has signed just now is not
 * locked at all.
 */
async function writeRows(rows: readonly Row[]): Promise<("open" | "closed" | null)[]> {
  // Who signs twice at the same moment has signed once, as whoever does so later.
  const once = new Map<string, Row>();
  for (const row of rows) {
    const key = row.in_vain ? row.id : `${row.slug} ${row.email_key}`;
    if (!once.has(key)) once.set(key, row);
  }
  const campaigns = await database().$queryRaw<{ slug: string; status: "open" | "closed" }[]>`
    WITH asked AS (
      SELECT asked.*, campaign.id AS campaign_id, campaign.status,
        coalesce(asked.stem = campaign.share_stem, false) AS by_link,
        CASE WHEN asked.origin = ANY (campaign.allowed_origins) THEN asked.origin END AS site
      FROM json_to_recordset(${JSON.stringify([...once.values()])}::json) AS asked (id uuid, mail_id uuid, slug text, in_vain boolean,
        email_key bytea, name_encrypted bytea, email_encrypted bytea, country text, locale text, wants_updates boolean,
        public_name boolean, stem text, channel text, step smallint, ref text, network_bit bigint, origin text, name_key bytea, email_canonical_key bytea, email_domain_key bytea,
        network_key bytea)
      JOIN campaign USING (slug)
    ),
    known AS (
      SELECT campaign_id, email_key FROM signature JOIN asked USING (campaign_id, email_key)
      WHERE mail_requested_at > now() - make_interval(mins => ${REMINDER_INTERVAL_MINUTES}::int)
    ),
    due AS (
      SELECT signature.id FROM signature JOIN asked USING (campaign_id, email_key)
      WHERE NOT in_vain AND mail_requested_at <= now() - make_interval(mins => ${REMINDER_INTERVAL_MINUTES}::int)
      ORDER BY signature.id FOR NO KEY UPDATE OF signature
    ),
    written AS (
      INSERT INTO signature (id, campaign_id, email_key, data_key_id, name_encrypted, email_encrypted,
        country, locale, wants_updates, public_name, ref, came_channel, came_step, consent_text_id, origin,
        name_key, email_canonical_key, email_domain_key, network_key)
      SELECT id, campaign_id, email_key, ${currentDataKeyId()}, name_encrypted, email_encrypted,
        country, locale, wants_updates, public_name,
        CASE WHEN by_link THEN ref END, CASE WHEN by_link THEN channel END, CASE WHEN by_link THEN step END,
        (SELECT id FROM consent_text WHERE version = ${CONSENT_VERSION} AND locale = asked.locale),
        site, name_key, email_canonical_key, email_domain_key, network_key
      FROM asked WHERE status = 'open' AND NOT in_vain AND (SELECT count(*) FROM due) >= 0
        AND NOT EXISTS (SELECT FROM known
          WHERE known.campaign_id = asked.campaign_id AND known.email_key = asked.email_key)
      ORDER BY email_key
      ON CONFLICT (campaign_id, email_key) DO UPDATE SET mail_requested_at = now()
        WHERE signature.mail_requested_at <= now() - make_interval(mins => ${REMINDER_INTERVAL_MINUTES}::int)
      RETURNING id, campaign_id, email_key, state
    ),
    owed AS (
      INSERT INTO mail (id, signature_id, kind)
      SELECT asked.mail_id, written.id,
        (CASE WHEN written.id = asked.id THEN 'confirmation' WHEN written.state = 'confirmed' THEN 'confirmed'
          ELSE 'reminder' END)::mail_kind
      FROM written JOIN asked USING (campaign_id, email_key)
      WHERE NOT asked.in_vain AND written.state <> 'invalid'
        AND NOT EXISTS (SELECT FROM suppression WHERE suppression.email_key = written.email_key)
        AND (written.id = asked.id OR NOT EXISTS (
          SELECT FROM mail LEFT JOIN mail_batch ON mail_batch.id = mail.batch_id WHERE mail.signature_id = written.id
            AND (mail.state = 'queued' OR mail.state = 'batched' AND mail_batch.state = 'frozen')))
      ORDER BY asked.mail_id
    ),
    summed AS (
      INSERT INTO share_sum (campaign_id, kind, key, shard, signed, networks)
      SELECT asked.campaign_id, sum.kind, sum.key, pg_backend_pid() % ${SUM_SHARDS}::int, count(*), bit_or(network_bit)
      FROM written JOIN asked ON asked.id = written.id
      CROSS JOIN LATERAL (VALUES ('channel', channel, by_link), ('language', locale, by_link),
        ('step', step::text, by_link), ('site', site, site IS NOT NULL)) AS sum (kind, key, counts)
      WHERE sum.counts GROUP BY asked.campaign_id, sum.kind, sum.key ORDER BY asked.campaign_id, sum.kind, sum.key
      ON CONFLICT (campaign_id, kind, key, shard) DO UPDATE
        SET signed = share_sum.signed + EXCLUDED.signed, networks = share_sum.networks | EXCLUDED.networks
    )
    SELECT DISTINCT slug, status FROM asked`;
  const statusOf = new Map(campaigns.map(({ slug, status }) => [slug, status]));
  return rows.map(({ slug }) => statusOf.get(slug) ?? null);
}
