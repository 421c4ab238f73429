import { v7 as uuidv7 } from "uuid";
import { isSlug } from "@/lib/campaign/slug";
import { CONSENT_VERSION } from "@/lib/consent";
import { database } from "@/lib/db/client";
import { insertDecoy } from "@/lib/db/decoy";
import { currentDataKeyId, seal } from "@/lib/db/encryption";
import { keyedHash } from "@/lib/db/keyed-hash";
import { settings } from "@/lib/settings";
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
 * Records a signature and the mail it is owed in one statement: both are committed, or neither is.
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

async function write(
  slug: string,
  request: SignatureRequest,
  networkKey: Buffer<ArrayBuffer> | null,
  inVain: boolean,
): Promise<Signing> {
  if (!isSlug(slug)) return { kind: "unknown-campaign" };
  const id = uuidv7();
  const key = emailKey(request.email);
  const [campaign] = await database().$queryRaw<{ status: "open" | "closed" }[]>`
    WITH campaign AS (SELECT id, status FROM campaign WHERE slug = ${slug}),
    written AS (
      INSERT INTO signature (id, campaign_id, email_key, data_key_id, name_encrypted, email_encrypted,
        country, locale, wants_updates, public_name, ref, consent_text_id, origin,
        name_key, email_canonical_key, email_domain_key, network_key)
      SELECT ${id}::uuid, campaign.id, ${key}, ${currentDataKeyId()},
        ${seal(request.name, { table: "signature", column: "name", id })},
        ${seal(request.email, { table: "signature", column: "email", id })},
        ${request.country}, ${request.locale}, ${request.updates}, ${request.publicName},
        (SELECT code FROM share_code WHERE code = ${request.ref ?? null} AND campaign_id = campaign.id),
        (SELECT id FROM consent_text WHERE version = ${CONSENT_VERSION} AND locale = ${request.locale}),
        ${request.origin === settings().siteUrl ? null : (request.origin ?? null)},
        ${nameKey(request.name)}, ${canonicalEmailKey(request.email)},
        ${emailDomainKey(request.email)}, ${networkKey}
      FROM campaign WHERE campaign.status = 'open' AND NOT ${inVain}
      ON CONFLICT (campaign_id, email_key) DO UPDATE SET mail_requested_at = now()
        WHERE signature.mail_requested_at <= now() - make_interval(mins => ${REMINDER_INTERVAL_MINUTES}::int)
      RETURNING id, state
    ),
    owed AS (
      INSERT INTO mail (id, signature_id, kind)
      SELECT ${uuidv7()}::uuid, written.id,
        (CASE WHEN written.id = ${id}::uuid THEN 'confirmation' WHEN written.state = 'confirmed' THEN 'confirmed'
          ELSE 'reminder' END)::mail_kind
      FROM written WHERE written.state <> 'invalid' AND NOT EXISTS (SELECT FROM suppression WHERE email_key = ${key})
        AND (written.id = ${id}::uuid OR NOT EXISTS (
          SELECT FROM mail LEFT JOIN mail_batch ON mail_batch.id = mail.batch_id WHERE mail.signature_id = written.id
            AND (mail.state = 'queued' OR mail.state = 'batched' AND mail_batch.state = 'frozen')))
      RETURNING id
    ),
    decoy AS (
      ${insertDecoy()} FROM campaign WHERE NOT EXISTS (SELECT FROM owed)
    )
    SELECT status FROM campaign`;
  if (!campaign) return { kind: "unknown-campaign" };
  return campaign.status === "closed" ? { kind: "closed" } : { kind: "pending" };
}

/** What `sign` would answer, in the time it takes, with nothing kept: for machines, and addresses that are blocked. */
export function signInVain(slug: string, request: SignatureRequest): Promise<Signing> {
  return write(slug, request, null, true);
}
