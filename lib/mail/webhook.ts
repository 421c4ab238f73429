import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { database } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { dayOf, keepingLinks, mailboxKey } from "@/lib/mailbox";
import { settings } from "@/lib/settings";

/**
 * The largest webhook body we read, in bytes.
 * Resend's events name up to 50 recipients and contain no mail bodies.
 */
export const WEBHOOK_BODY_LIMIT_BYTES = 64 * 1024;
/**
 * How far a call's timestamp may differ from ours, in seconds
 * (Svix, "Verifying webhooks manually"): older ones are replays.
 */
const WEBHOOK_TOLERANCE_SECONDS = 5 * 60;
/** How many signatures of one call are checked. No honest secret rotation sends more. */
const SIGNATURES_MAXIMUM = 10;
const SECRET_PREFIX = "whsec_";
const ID_MAXIMUM_CHARACTERS = 256;

/** The three headers that Svix signs with. */
export type WebhookHeaders = { id: string | null; timestamp: string | null; signature: string | null };

/** The result of a call. `ignored` means authentic, but not about anything we act on. */
export type WebhookOutcome = { kind: "noted" | "ignored" | "forged" | "malformed" | "not-configured" };

const delivery = z.object({
  type: z.string(),
  created_at: z.string().optional(),
  data: z.object({
    // PostgreSQL text cannot contain NUL.
    email_id: z
      .string()
      .max(100)
      .refine((id) => !id.includes("\0"))
      .optional(),
    to: z.union([z.string(), z.array(z.string())]).optional(),
    bounce: z.object({ type: z.string().optional() }).optional(),
  }),
});

type Outcome = "delivered" | "bounced" | "complained";

/**
 * Handles one webhook call from Resend. Verifies the raw body before reading any of it.
 * Repeated or reordered calls lead to the same state.
 * Only permanent bounces and complaints suppress an address.
 */
export async function receiveWebhook(
  raw: Buffer,
  headers: WebhookHeaders,
  now = new Date(),
): Promise<WebhookOutcome> {
  const { resendWebhookSecret } = settings();
  if (resendWebhookSecret === null) return { kind: "not-configured" };
  const { id } = headers;
  if (id === null || !isAuthentic(raw, headers, resendWebhookSecret.split(","), now))
    return { kind: "forged" };

  const parsed = delivery.safeParse(parseJson(raw));
  if (!parsed.success) return { kind: "malformed" };
  const { type, created_at: createdAt, data } = parsed.data;
  const outcome = outcomeOf(type, data.bounce?.type);
  if (outcome === null) return { kind: "ignored" };

  const claimed = new Date(createdAt ?? now).getTime();
  await note({
    id,
    providerId: data.email_id ?? null,
    outcome,
    // Ignores invalid times, times before 1970 and times in the future.
    occurredAt: claimed > 0 && claimed < now.getTime() ? new Date(claimed) : now,
    keys: [data.to ?? []].flat().map((to) => mailboxKey(to).toString("hex")),
  });
  return { kind: "noted" };
}

/**
 * Verifies HMAC-SHA-256 over `id.timestamp.body`, compared in
 * constant time with the given signatures for every secret.
 */
function isAuthentic(
  raw: Buffer,
  { id, timestamp, signature }: WebhookHeaders,
  secrets: string[],
  now: Date,
): boolean {
  if (id === null || timestamp === null || signature === null) return false;
  if (id.length > ID_MAXIMUM_CHARACTERS || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > WEBHOOK_TOLERANCE_SECONDS) return false;
  const given = signature
    .split(" ")
    .slice(0, SIGNATURES_MAXIMUM)
    .filter((entry) => entry.startsWith("v1,"))
    .map((entry) => Buffer.from(entry.slice("v1,".length), "base64"));
  return secrets.some((secret) => {
    const key = Buffer.from(secret.slice(SECRET_PREFIX.length), "base64");
    const expected = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(raw).digest();
    return given.some((entry) => entry.length === expected.length && timingSafeEqual(entry, expected));
  });
}

function parseJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString("utf8"));
  } catch {
    return null;
  }
}

/**
 * Maps Resend's event to its meaning for the mail; null for
 * events that change nothing (opened, delayed, soft bounces).
 */
function outcomeOf(type: string, bounceType: string | undefined): Outcome | null {
  switch (type) {
    case "email.delivered":
      return "delivered";
    case "email.complained":
      return "complained";
    case "email.bounced":
      return bounceType === "Permanent" ? "bounced" : null;
    // Resend no longer mails this address, after a bounce or complaint elsewhere.
    case "email.suppressed":
      return "bounced";
    default:
      return null;
  }
}

type Noted = { id: string; providerId: string | null; outcome: Outcome; occurredAt: Date; keys: string[] };

/**
 * Records a call and all its consequences in one statement.
 * The mailbox is looked up by the address in the event and by the mail it is about: a provider may spell an
 * address differently from its owner. A complaint outweighs a bounce, and a bounce a delivery, in whatever
 * order they arrive. If the one mail allowed after an old bounce is delivered, the bounce is lifted. After a
 * complaint, the unsubscribe links are kept so that the mailbox's owner can allow mail again.
 */
async function note({ id, providerId, outcome, occurredAt, keys }: Noted): Promise<void> {
  const occurredOn = dayOf(Prisma.sql`${occurredAt}::timestamptz`);
  await database().$executeRaw`
    WITH delivery AS (
      INSERT INTO webhook_delivery (id, provider_id, outcome, occurred_at)
      VALUES (${id}, ${providerId}, ${outcome}::mail_outcome, ${occurredAt}) ON CONFLICT DO NOTHING
    ),
    address AS (
      SELECT decode(key, 'hex') AS mailbox_key FROM unnest(${keys}::text[]) AS key
      UNION
      SELECT signature.mailbox_key FROM mail JOIN signature ON signature.id = mail.signature_id
        WHERE mail.provider_id = ${providerId}
    ),
    refused AS (SELECT mailbox_key FROM address WHERE ${outcome} <> 'delivered'),
    suppressed AS (
      INSERT INTO suppression (mailbox_key, reason, since)
      SELECT mailbox_key, ${outcome === "complained" ? "complained" : "bounced"}::suppression_reason, ${occurredOn} FROM refused
      ON CONFLICT (mailbox_key) DO UPDATE SET reason = EXCLUDED.reason, retried_on = NULL,
        since = EXCLUDED.since
        WHERE EXCLUDED.reason = 'complained' AND suppression.reason <> 'complained'
          OR EXCLUDED.reason = 'bounced' AND suppression.reason = 'bounced' AND EXCLUDED.since > suppression.since
    ),
    complaining AS (SELECT mailbox_key FROM refused WHERE ${outcome} = 'complained'),
    linked AS (${keepingLinks(Prisma.sql`complaining`)}),
    reached AS (
      DELETE FROM suppression USING address
      WHERE suppression.mailbox_key = address.mailbox_key AND ${outcome} = 'delivered'
        AND suppression.reason = 'bounced' AND suppression.retried_on <= ${occurredOn}
    ),
    quiet AS (
      UPDATE signature SET wants_updates = false FROM complaining
      WHERE signature.mailbox_key = complaining.mailbox_key AND wants_updates
    ),
    dropped AS (
      UPDATE mail SET state = 'dead', reason = 'suppressed', finished_at = now()
      FROM signature, refused
      WHERE mail.signature_id = signature.id AND signature.mailbox_key = refused.mailbox_key AND mail.state = 'queued'
    )
    UPDATE mail SET outcome = ${outcome}::mail_outcome, outcome_at = ${occurredAt}
    WHERE provider_id = ${providerId} AND state = 'sent' AND (outcome IS NULL OR outcome < ${outcome}::mail_outcome)`;
}

/**
 * Applies reports that arrived before we knew the mail's provider id: a report may overtake the response to
 * the request it is about. Safe to repeat.
 */
export async function noteEarlyReports(): Promise<void> {
  await database().$executeRaw`
    WITH report AS (
      SELECT provider_id, max(outcome) AS outcome, max(occurred_at) AS occurred_at FROM webhook_delivery
      WHERE provider_id IS NOT NULL GROUP BY provider_id
    )
    UPDATE mail SET outcome = report.outcome, outcome_at = report.occurred_at FROM report
    WHERE mail.provider_id = report.provider_id AND (mail.outcome IS NULL OR mail.outcome < report.outcome)`;
}

/** How long calls are remembered, in days. The provider's last retry comes after a day and a half. */
export const WEBHOOK_DELIVERY_DAYS = 7;

/** Deletes calls too old to be retried. @returns how many. */
export function forgetWebhookDeliveries(now?: Date): Promise<number> {
  return database().$executeRaw`
    DELETE FROM webhook_delivery
    WHERE received_at < coalesce(${now ?? null}::timestamptz, now()) - make_interval(days => ${WEBHOOK_DELIVERY_DAYS}::int)`;
}
