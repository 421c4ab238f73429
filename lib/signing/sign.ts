import { v7 as uuidv7 } from "uuid";
import { isSlug } from "@/lib/campaign/slug";
import { CONSENT_VERSION } from "@/lib/consent";
import { asBytea } from "@/lib/db/bytea";
import { database } from "@/lib/db/client";
import { currentDataKeyId } from "@/lib/db/encryption";
import { gathering } from "@/lib/db/gathering";
import { keyedHash } from "@/lib/db/keyed-hash";
import type { Locale } from "@/lib/i18n/locales";
import { sealPerson } from "@/lib/people/person";
import { settings } from "@/lib/settings";
import { normaliseEmail, type SignatureRequest } from "./form";
import { bucketBitsOf, nameBucket } from "./name-bucket";

/** The least time between two mails to one signatory who signs again, in minutes. */
export const REMINDER_INTERVAL_MINUTES = 60;

/** What came of an attempt to sign. `pending` also stands for "already signed": nobody may learn who has. */
export type Signing = { kind: "pending" } | { kind: "closed" } | { kind: "unknown-campaign" };

/** The key under which an address is unique and can be found, without the address itself. */
export function emailKey(email: string): Buffer<ArrayBuffer> {
  return keyedHash("email-key", normaliseEmail(email));
}

/**
 * Records a signature and the mail it is owed in one statement: both are committed, or neither is. Signatures that come in
 * at the same time share that statement.
 * An address that has signed already changes nothing, save for a reminder mail at most once an hour, and none while a mail
 * to it still waits; a suppressed address is owed no mail. Throws when the database is out of reach.
 * @param networkKey of the network it came from; null when it came from none, as on paper.
 */
export function sign(
  slug: string,
  request: SignatureRequest,
  networkKey: Buffer<ArrayBuffer> | null = null,
): Promise<Signing> {
  return write(slug, request, networkKey, false);
}

/** What `sign` would answer, with nothing kept: for machines, and addresses that are blocked. */
export function signInVain(slug: string, request: SignatureRequest): Promise<Signing> {
  return write(slug, request, null, true);
}

async function write(
  slug: string,
  request: SignatureRequest,
  networkKey: Buffer<ArrayBuffer> | null,
  inVain: boolean,
): Promise<Signing> {
  if (!isSlug(slug)) return { kind: "unknown-campaign" };
  const id = uuidv7();
  const bitsFor = await bucketBitsOf(slug);
  const status = await writeTogether({
    id,
    mail_id: uuidv7(),
    slug,
    in_vain: inVain,
    email_key: asBytea(emailKey(request.email)),
    person_encrypted: asBytea(sealPerson(request, id)),
    country: request.country,
    locale: request.locale,
    wants_updates: request.updates,
    public_name: request.publicName,
    ref: request.ref ?? null,
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
  email_key: string;
  person_encrypted: string;
  country: string;
  locale: Locale;
  wants_updates: boolean;
  public_name: boolean;
  ref: string | null;
  origin: string | null;
  name_bucket: number;
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
      SELECT asked.*, campaign.id AS campaign_id, campaign.status
      FROM json_to_recordset(${JSON.stringify([...once.values()])}::json) AS asked (id uuid, mail_id uuid, slug text, in_vain boolean,
        email_key bytea, person_encrypted bytea, country text, locale text, wants_updates boolean,
        public_name boolean, ref text, origin text, name_bucket integer, network_key bytea)
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
      INSERT INTO signature (id, campaign_id, email_key, data_key_id, person_encrypted,
        country, locale, wants_updates, public_name, ref, consent_text_id, origin,
        name_bucket, network_key)
      SELECT id, campaign_id, email_key, ${currentDataKeyId()}, person_encrypted,
        country, locale, wants_updates, public_name,
        (SELECT code FROM share_code WHERE code = asked.ref AND campaign_id = asked.campaign_id),
        (SELECT id FROM consent_text WHERE version = ${CONSENT_VERSION} AND locale = asked.locale),
        origin, name_bucket, network_key
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
    )
    SELECT DISTINCT slug, status FROM asked`;
  const statusOf = new Map(campaigns.map(({ slug, status }) => [slug, status]));
  return rows.map(({ slug }) => statusOf.get(slug) ?? null);
}
