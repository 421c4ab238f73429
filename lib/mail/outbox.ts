import { gunzipSync, gzipSync } from "node:zlib";
import { v7 as uuidv7 } from "uuid";
import { documentShown } from "@/lib/campaigns";
import { asBytea } from "@/lib/db/bytea";
import { database } from "@/lib/db/client";
import { currentDataKeyId, open, seal } from "@/lib/db/encryption";
import { Prisma } from "@/lib/db/generated/client";
import { newToken } from "@/lib/db/keyed-hash";
import type { Locale } from "@/lib/i18n/locales";
import { isHeldBack } from "@/lib/mailbox";
import { endMailFailures, type Misconfiguration, noteMailFailure } from "@/lib/observability";
import { openPerson } from "@/lib/people";
import { settings } from "@/lib/settings";
import { CONFIRMATION_DAYS, MARKED_INVALID, openSubmission } from "@/lib/signing";
import { SUPPRESSED, UNREADABLE } from "./dead-letters";
import { composeMail, type MailKind } from "./templates";
import type { Delivery, OutgoingMail, Refusal } from "./transports/types";

/** The most mails in one request to the provider (Resend, "Send Batch Emails"). */
const BATCH_MAXIMUM_MAILS = 100;
/**
 * How long a worker may hold a batch before another takes over, in seconds.
 * Short: after kill -9 a signer is waiting.
 */
export const LEASE_SECONDS = 30;
/**
 * How long the provider drops repeats of a key, in hours: 24
 * (Resend, "Idempotency Keys") less an hour of margin.
 */
const IDEMPOTENCY_HOURS = 23;
const FIRST_BACKOFF_SECONDS = 1;
/**
 * Short enough that all mail is out within a minute of the provider's recovery.
 * Few batches retry; see `freezeBatch`.
 */
const LONGEST_BACKOFF_SECONDS = 30;
/** While this many batches wait for a retry, no more are frozen. See `freezeBatch`. */
const TROUBLED_BATCHES_MAXIMUM = 3;
/** How long to wait after the provider refused our key or domain, in seconds. A person has to fix that. */
const MISCONFIGURED_BACKOFF_SECONDS = 60;
const FREEZE_TIMEOUT_MILLISECONDS = 15_000;
const HOUR_MILLISECONDS = 3_600_000;
const DAY_MILLISECONDS = 24 * HOUR_MILLISECONDS;
/** The provider certainly sent nothing: the key is unused and its 24 hours have not begun. */
const NOT_ACCEPTED = { maybeAccepted: false };

/** A batch that this worker has leased. Its mails and their bodies are the same at every attempt. */
export type HeldBatch = {
  id: string;
  attempts: number;
  /** No earlier attempt can have been accepted, so the batch may still change. */
  untried: boolean;
  mails: OutgoingMail[];
};

type BatchId = Pick<HeldBatch, "id">;

type QueuedMail = {
  id: string;
  kind: MailKind;
  signatureId: string;
  dataKeyId: string;
  person: Uint8Array;
  /**
   * The form that this mail confirms, if it was submitted while the signature was pending; otherwise null.
   */
  submission: Uint8Array | null;
  submissionKeyId: string | null;
  signedAt: Date;
  locale: Locale;
  slug: string;
  suppressed: boolean;
  /** Whether the address's owner confirmed it. Always false for signatures on paper. */
  addressConfirmed: boolean;
};

/**
 * SQL: true if a mail must not be sent, because its mailbox was
 * suppressed or its signer unsubscribed after it was queued.
 */
const UNWANTED = Prisma.sql`(${isHeldBack(Prisma.sql`signature.mailbox_key`, Prisma.sql`mail.created_at`)}
  OR signature.unsubscribed_at > mail.created_at)`;

/**
 * Freezes the oldest queued mails, at most 100, into one batch: recipients, every word, and the idempotency
 * key, in one transaction.
 * From then on every retry is the same request, so that the provider can drop repeats.
 *
 * While the provider is down, the other mails stay queued. A queued mail can be sent after any delay and in
 * order, but a batch first tried longer ago than the provider remembers its key needs a person's decision.
 * More than one batch may be retrying, so that one that only ever gets errors does not block the others.
 *
 * Signatures are locked together with their mails: deleting one locks the signature first and then its mails,
 * and would otherwise deadlock with us.
 * @returns how many mails left the queue; 0 if it was empty or is held back.
 */
export async function freezeBatch(): Promise<number> {
  return database().$transaction(
    async (transaction) => {
      const [clock] = await transaction.$queryRaw<{ now: Date; troubled: boolean }[]>`
        SELECT now() AS now, (SELECT max(attempts) > 0 AND count(*) >= ${TROUBLED_BATCHES_MAXIMUM}::int FROM mail_batch
          WHERE state = 'frozen' AND leased_until IS NULL) IS TRUE AS troubled`;
      if (!clock || clock.troubled) return 0;
      const queued = await transaction.$queryRaw<QueuedMail[]>`
        SELECT mail.id, mail.kind, signature.id AS "signatureId", signature.data_key_id AS "dataKeyId",
          signature.person_encrypted AS person,
          CASE WHEN signature.state = 'pending' THEN mail.submission_encrypted END AS submission,
          mail.data_key_id AS "submissionKeyId", signature.signed_at AS "signedAt", signature.locale, campaign.slug,
          signature.confirmed_at IS NOT NULL AND signature.source = 'web' AS "addressConfirmed",
          ${UNWANTED} IS TRUE AS suppressed
        FROM mail JOIN signature ON signature.id = mail.signature_id JOIN campaign ON campaign.id = signature.campaign_id
        WHERE mail.state = 'queued' ORDER BY mail.created_at, mail.id
        LIMIT ${BATCH_MAXIMUM_MAILS} FOR UPDATE OF mail SKIP LOCKED FOR KEY SHARE OF signature SKIP LOCKED`;
      const suppressed = queued.filter((mail) => mail.suppressed);
      const wanted = queued
        .filter((mail) => !mail.suppressed)
        .map((mail) => ({ ...mail, recipient: recipientOf(mail) }));
      const unreadable = wanted.filter(({ recipient }) => recipient === null);
      await giveUp(transaction, suppressed, SUPPRESSED);
      await giveUp(transaction, unreadable, UNREADABLE);
      const members = wanted.flatMap(({ recipient, ...mail }) => (recipient ? [{ ...mail, recipient }] : []));
      if (members.length === 0) return queued.length;

      const composed = await Promise.all(members.map((member) => compose(member, clock.now)));
      await writeBatch(
        transaction,
        members.map((member) => member.id),
        composed.map(({ mail }) => mail),
      );
      await writeTokens(
        transaction,
        composed.flatMap(({ tokens }) => tokens),
      );
      return queued.length;
    },
    { timeout: FREEZE_TIMEOUT_MILLISECONDS },
  );
}

type Transaction = Parameters<Parameters<ReturnType<typeof database>["$transaction"]>[0]>[0];

/** Marks unsent mails as dead letters. */
async function giveUp(
  transaction: Transaction,
  mails: readonly { id: string }[],
  reason: string,
): Promise<void> {
  if (mails.length === 0) return;
  await transaction.mail.updateMany({
    where: { id: { in: mails.map(({ id }) => id) }, state: { in: ["queued", "batched"] } },
    data: { state: "dead", reason, finishedAt: new Date(), batchId: null, position: null },
  });
}

/** @param afterSeconds delay before the first attempt. */
async function writeBatch(
  transaction: Transaction,
  mailIds: string[],
  mails: OutgoingMail[],
  afterSeconds = 0,
): Promise<void> {
  const id = uuidv7();
  const payload = seal(packed(mails), { table: "mail_batch", column: "payload", id });
  await transaction.$executeRaw`
    WITH frozen AS (
      INSERT INTO mail_batch (id, data_key_id, mails_frozen, payload_encrypted, next_attempt_at)
      VALUES (${id}::uuid, ${currentDataKeyId()}, ${mails.length}::int, ${payload}::bytea,
        now() + make_interval(secs => ${afterSeconds}::float8)) RETURNING id
    )
    UPDATE mail SET state = 'batched', batch_id = frozen.id, position = member.place - 1
    FROM frozen, unnest(${mailIds}::uuid[]) WITH ORDINALITY AS member (id, place) WHERE mail.id = member.id`;
}

/**
 * Bodies are similar, so compression shrinks them to a thirtieth,
 * along with what the database writes, logs and sends.
 */
function packed(mails: readonly OutgoingMail[]): string {
  return gzipSync(JSON.stringify(mails)).toString("base64");
}

/** @param text made by `packed`, or plain JSON from earlier releases. */
function unpacked(text: string): OutgoingMail[] {
  return JSON.parse(text.startsWith("[") ? text : gunzipSync(Buffer.from(text, "base64")).toString("utf8"));
}

/**
 * Stores new tokens. A new link to a signer's own page revokes
 * the older ones, so that old mails no longer give access.
 */
async function writeTokens(transaction: Transaction, tokens: readonly NewToken[]): Promise<void> {
  const ended = tokens.filter(({ purpose }) => purpose === "manage").map((token) => token.signature_id);
  await transaction.token.deleteMany({ where: { purpose: "manage", signatureId: { in: ended } } });
  const rows = tokens.map(({ hash, ...token }) => ({ ...token, hash: asBytea(hash) }));
  await transaction.$executeRaw`
    INSERT INTO token (hash, purpose, signature_id, expires_at, mail_id)
    SELECT hash, purpose, signature_id, expires_at, mail_id FROM json_to_recordset(${JSON.stringify(rows)}::json)
      AS token (hash bytea, purpose token_purpose, signature_id uuid, expires_at timestamptz, mail_id uuid)`;
}

type NewToken = {
  hash: Buffer;
  purpose: "unsubscribe" | "confirm" | "manage";
  signature_id: string;
  expires_at: Date | null;
  mail_id: string | null;
};

type Recipient = { to: string; name: string; locale: Locale };

/**
 * Returns a mail's recipient and language; null if decryption fails.
 * One damaged row must not block everybody's mail.
 */
function recipientOf(queued: QueuedMail): Recipient | null {
  const { id: mailId, signatureId: id, dataKeyId, person, submission, submissionKeyId } = queued;
  try {
    const stored = { ...openPerson({ id, dataKeyId, person }), locale: queued.locale };
    const { email, name, locale } =
      submission === null || submissionKeyId === null
        ? stored
        : openSubmission(submission, submissionKeyId, mailId);
    return { to: email, name, locale };
  } catch {
    return null;
  }
}

/**
 * Writes one mail in the signatory's language, with its own tokens.
 * @param now the database's time, by which tokens expire.
 */
async function compose(queued: QueuedMail & { recipient: Recipient }, now: Date) {
  const { siteUrl, organisationName, demonstration, mailFrom } = settings();
  const { to, name, locale } = queued.recipient;
  const acting = newToken();
  const unsubscribing = newToken();
  const unsubscribeUrl = `${siteUrl}/api/unsubscribe/${unsubscribing.token}`;
  const asksToConfirm = queued.kind === "confirmation" || queued.kind === "reminder";
  // No link outlives what it confirms. The time counts from the first signing.
  const expiresAt = new Date(queued.signedAt.getTime() + CONFIRMATION_DAYS * DAY_MILLISECONDS);
  const daysLeft = (expiresAt.getTime() - now.getTime() + HOUR_MILLISECONDS) / DAY_MILLISECONDS;

  const body = await composeMail({
    kind: queued.kind,
    locale,
    name: queued.addressConfirmed ? name : null,
    campaignTitle: documentShown(queued.slug, locale)?.title ?? queued.slug,
    organisation: organisationName,
    siteUrl,
    demonstration,
    days: Math.max(1, Math.floor(daysLeft)),
    actionUrl: `${siteUrl}/${locale}/${asksToConfirm ? "confirm" : "signature"}/${acting.token}`,
    unsubscribeUrl,
  });
  const mail: OutgoingMail = {
    from: mailFrom,
    to,
    ...body,
    headers: {
      "List-Unsubscribe": `<${unsubscribeUrl}>`,
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    },
  };
  const signature_id = queued.signatureId;
  const tokens: NewToken[] = [
    { hash: unsubscribing.hash, purpose: "unsubscribe", signature_id, expires_at: null, mail_id: null },
    asksToConfirm
      ? {
          hash: acting.hash,
          purpose: "confirm",
          signature_id,
          expires_at: expiresAt,
          mail_id: queued.submission === null ? null : queued.id,
        }
      : // The right to see and delete what we store does not expire.
        { hash: acting.hash, purpose: "manage", signature_id, expires_at: null, mail_id: null },
  ];
  return { mail, tokens };
}

/**
 * Leases the oldest due batch for 30 seconds; null if none is due or sending is paused or stopped.
 * A batch first tried longer ago than the provider drops repeats is set aside, because sending it again might
 * send it twice. A batch that cannot be decrypted is dissolved if it was never tried, and set aside
 * otherwise. A batch that cannot have been accepted is also dissolved if MAIL_FROM has changed: the provider
 * may have refused the old sender.
 */
export async function holdBatch(workerId: string): Promise<HeldBatch | null> {
  const [held] = await database().$queryRaw<
    {
      id: string;
      attempts: number;
      untried: boolean;
      dataKeyId: string;
      payloadEncrypted: Uint8Array;
    }[]
  >`
    WITH doubtful AS (
      UPDATE mail_batch SET state = 'ambiguous', payload_encrypted = NULL, mails_frozen = NULL, member_gone_at = NULL,
        leased_by = NULL, leased_until = NULL
      WHERE state = 'frozen' AND first_attempt_at < now() - make_interval(hours => ${IDEMPOTENCY_HOURS}::int)
        AND (leased_until IS NULL OR leased_until < now())
    )
    UPDATE mail_batch SET leased_by = ${workerId}::uuid, leased_until = now() + make_interval(secs => ${LEASE_SECONDS}::int),
      attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, now())
    WHERE id = (
      SELECT id FROM mail_batch
      WHERE state = 'frozen' AND next_attempt_at <= now() AND (leased_until IS NULL OR leased_until < now())
        AND (first_attempt_at IS NULL OR first_attempt_at >= now() - make_interval(hours => ${IDEMPOTENCY_HOURS}::int))
        AND NOT EXISTS (SELECT FROM mail_pause WHERE paused_until > now() OR stopped_since IS NOT NULL)
      ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING id, attempts, first_attempt_at = now()::timestamptz(3) AS untried,
      data_key_id AS "dataKeyId", payload_encrypted AS "payloadEncrypted"`;
  if (!held) return null;
  const { payloadEncrypted, dataKeyId, ...batch } = held;
  const mails = mailsIn(payloadEncrypted, dataKeyId, held.id);
  if (mails === null) {
    if (batch.untried) await takeApart(batch, workerId, UNREADABLE);
    else await setAside(batch, workerId, UNREADABLE);
    return holdBatch(workerId);
  }
  if (batch.untried && mails.some(({ from }) => from !== settings().mailFrom)) {
    await takeApart(batch, workerId, "the sender has changed");
    return holdBatch(workerId);
  }
  if (!batch.untried || !(await dropUnwanted({ ...batch, mails }, workerId))) return { ...batch, mails };
  return holdBatch(workerId);
}

function mailsIn(payloadEncrypted: Uint8Array, dataKeyId: string, id: string): OutgoingMail[] | null {
  try {
    return unpacked(open(payloadEncrypted, dataKeyId, { table: "mail_batch", column: "payload", id }));
  } catch {
    return null;
  }
}

/** Dissolves a batch that cannot have been accepted: its mails return to the queue and are composed again. */
async function takeApart(batch: BatchId, workerId: string, reason: string): Promise<void> {
  await database().$transaction(async (transaction) => {
    if (!(await closeBatch(transaction, batch, workerId, reason))) return;
    await transaction.mail.updateMany({
      where: { batchId: batch.id, state: "batched" },
      data: { state: "queued", batchId: null, position: null },
    });
  });
}

/**
 * Removes unwanted mails from a batch that cannot have been accepted yet: those to addresses suppressed since
 * it was frozen, and those whose signature was marked invalid or deleted.
 * The other mails move to a new batch, because a key must never stand for two bodies.
 * @returns false if every mail is still wanted and the batch is unchanged.
 */
async function dropUnwanted(batch: HeldBatch, workerId: string): Promise<boolean> {
  const members = await database().$queryRaw<{ id: string; position: number; unwanted: string | null }[]>`
    SELECT mail.id, mail.position, CASE
      WHEN ${UNWANTED} THEN ${SUPPRESSED}
      WHEN signature.state = 'invalid' THEN ${MARKED_INVALID} END AS unwanted
    FROM mail JOIN signature ON signature.id = mail.signature_id
    WHERE mail.batch_id = ${batch.id}::uuid AND mail.state = 'batched' ORDER BY mail.position`;
  const wanted = members.filter(({ unwanted }) => unwanted === null);
  if (wanted.length === batch.mails.length) return false;
  await database().$transaction(async (transaction) => {
    if (!(await closeBatch(transaction, batch, workerId, "recipients no longer wanted"))) return;
    for (const reason of [SUPPRESSED, MARKED_INVALID]) {
      const unwanted = members.filter((member) => member.unwanted === reason);
      await giveUp(transaction, unwanted, reason);
    }
    const kept = wanted.flatMap(({ id, position }) => {
      const mail = batch.mails[position];
      return mail ? [{ id, mail }] : [];
    });
    if (kept.length === 0) return;
    await writeBatch(
      transaction,
      kept.map(({ id }) => id),
      kept.map(({ mail }) => mail),
    );
  });
  return true;
}

/** Closes a batch whose mails move to others. @returns false if this worker no longer holds it. */
async function closeBatch(
  transaction: Transaction,
  batch: BatchId,
  workerId: string,
  reason: string,
): Promise<boolean> {
  const closed = await transaction.mailBatch.updateMany({
    where: { id: batch.id, leasedBy: workerId, state: "frozen" },
    data: {
      state: "finished",
      payloadEncrypted: null,
      mailsFrozen: null,
      memberGoneAt: null,
      finishedAt: new Date(),
      leasedBy: null,
      leasedUntil: null,
      lastReason: reason,
    },
  });
  return closed.count > 0;
}

/** Returns a batch at once. For a worker that is told to stop before sending it. */
export async function releaseBatch(batch: HeldBatch, workerId: string): Promise<void> {
  await database().$executeRaw`
    UPDATE mail_batch SET leased_by = NULL, leased_until = NULL,
      first_attempt_at = CASE WHEN ${batch.untried} THEN NULL ELSE first_attempt_at END
    WHERE id = ${batch.id}::uuid AND leased_by = ${workerId}::uuid AND state = 'frozen'`;
}

/**
 * Records the provider's answer for a batch that this worker holds.
 * Changes no batch whose lease has passed to another.
 */
export async function recordDelivery(batch: HeldBatch, workerId: string, delivery: Delivery): Promise<void> {
  switch (delivery.kind) {
    case "accepted":
      return recordAcceptance(batch, workerId, delivery);
    case "refused":
      // The key was used with another body, which may have been accepted: sending again could send twice.
      if (delivery.reason.includes("invalid_idempotent_request"))
        return setAside(batch, workerId, delivery.reason);
      return batch.mails.length === 1
        ? finishBatch(batch, workerId, {
            kind: "accepted",
            providerIds: [null],
            refused: [{ index: 0, reason: delivery.reason }],
          })
        : splitBatch(batch, workerId);
    case "retry":
      await noteMailFailure("no-answer", delivery.reason);
      return retryLater(
        batch,
        workerId,
        delivery.reason,
        delivery.afterSeconds ?? backoffSeconds(batch.attempts),
      );
    case "misconfigured":
      await noteMailFailure(delivery.cause, delivery.reason);
      return retryLater(batch, workerId, delivery.reason, MISCONFIGURED_BACKOFF_SECONDS, NOT_ACCEPTED);
    case "throttled":
    case "quota":
      await noteMailFailure(delivery.kind === "quota" ? "quota" : "rate-limit", delivery.reason);
      await pauseQueue(delivery.reason, delivery.afterSeconds);
      return retryLater(batch, workerId, delivery.reason, delivery.afterSeconds, NOT_ACCEPTED);
  }
}

/**
 * Returns the seconds before the next attempt: 1, 2, 4 … 30,
 * plus up to a quarter at random to keep workers apart.
 */
export function backoffSeconds(attempts: number, chance = Math.random()): number {
  const exponential = FIRST_BACKOFF_SECONDS * 2 ** Math.min(attempts - 1, 16);
  return Math.min(exponential, LONGEST_BACKOFF_SECONDS) * (1 + chance / 4);
}

type Acceptance = Extract<Delivery, { kind: "accepted" }>;

async function recordAcceptance(batch: HeldBatch, workerId: string, accepted: Acceptance): Promise<void> {
  const postponed = accepted.refused.filter(isOurFault);
  const [first] = postponed;
  if (first === undefined) await finishBatch(batch, workerId, accepted);
  else {
    await noteMailFailure(first.cause, first.reason);
    await finishPartly(batch, workerId, accepted, postponed);
  }
  if (accepted.providerIds.some((id) => id !== null)) await endMailFailures();
}

function isOurFault(refusal: Refusal): refusal is Refusal & { cause: Misconfiguration } {
  return refusal.cause !== undefined;
}

/**
 * SQL that records the provider's answer on each mail, by its
 * position in the batch, and takes it out of the batch.
 */
const FINISH_MAILS = Prisma.sql`UPDATE mail SET
  state = (CASE WHEN answer.reason IS NULL THEN 'sent' ELSE 'dead' END)::mail_state,
  provider_id = answer.provider_id, reason = answer.reason, finished_at = now(), batch_id = NULL, position = NULL`;

/** SQL for the provider's answer per mail: a row source named `answer`. */
function answersOf(batch: HeldBatch, { providerIds, refused }: Acceptance): Prisma.Sql {
  const reasons = batch.mails.map(
    (_, index) => refused.find((refusal) => refusal.index === index)?.reason ?? null,
  );
  return Prisma.sql`unnest(${providerIds}::text[], ${reasons}::text[])
    WITH ORDINALITY AS answer (provider_id, reason, place)`;
}

async function finishBatch(batch: HeldBatch, workerId: string, accepted: Acceptance): Promise<void> {
  await database().$executeRaw`
    WITH finished AS (
      UPDATE mail_batch SET state = 'finished', payload_encrypted = NULL, mails_frozen = NULL, member_gone_at = NULL,
        finished_at = now(), leased_by = NULL, leased_until = NULL, last_reason = NULL
      WHERE id = ${batch.id}::uuid AND leased_by = ${workerId}::uuid AND state = 'frozen' RETURNING id
    )
    ${FINISH_MAILS}
    FROM finished, ${answersOf(batch, accepted)} WHERE mail.batch_id = finished.id AND mail.position = answer.place - 1`;
}

/**
 * Finishes a batch of which some mails were refused through a fault of ours.
 * Those move to a new batch, sent later.
 */
async function finishPartly(
  batch: HeldBatch,
  workerId: string,
  accepted: Acceptance,
  postponed: readonly Refusal[],
): Promise<void> {
  await database().$transaction(async (transaction) => {
    const members = await membersOf(transaction, batch);
    if (!(await closeBatch(transaction, batch, workerId, postponed[0]?.reason ?? ""))) return;
    const kept = members.filter(({ index }) => postponed.some((refusal) => refusal.index === index));
    if (kept.length > 0)
      await writeBatch(
        transaction,
        kept.map(({ id }) => id),
        kept.map(({ mail }) => mail),
        MISCONFIGURED_BACKOFF_SECONDS,
      );
    await transaction.$executeRaw`
      ${FINISH_MAILS}
      FROM ${answersOf(batch, accepted)} WHERE mail.batch_id = ${batch.id}::uuid AND mail.position = answer.place - 1`;
  });
}

/**
 * Splits a batch that the provider refused as a whole, sending none of it.
 * Each mail goes alone, so only the bad one fails.
 */
async function splitBatch(batch: HeldBatch, workerId: string): Promise<void> {
  await database().$transaction(async (transaction) => {
    const members = await membersOf(transaction, batch);
    if (!(await closeBatch(transaction, batch, workerId, "split"))) return;
    for (const { id, mail } of members) await writeBatch(transaction, [id], [mail]);
  });
}

/** Returns the unsent mails of a batch, with their bodies. */
async function membersOf(
  transaction: Transaction,
  batch: HeldBatch,
): Promise<{ id: string; index: number; mail: OutgoingMail }[]> {
  const members = await transaction.mail.findMany({
    where: { batchId: batch.id },
    select: { id: true, position: true },
  });
  return members.flatMap(({ id, position }) => {
    const mail = position === null ? undefined : batch.mails[position];
    return mail === undefined || position === null ? [] : [{ id, index: position, mail }];
  });
}

async function retryLater(
  batch: HeldBatch,
  workerId: string,
  reason: string,
  afterSeconds: number,
  attempt: { maybeAccepted: boolean } = { maybeAccepted: true },
): Promise<void> {
  const untried = batch.untried && !attempt.maybeAccepted;
  await database().$executeRaw`
    UPDATE mail_batch SET last_reason = ${reason},
      first_attempt_at = CASE WHEN ${untried} THEN NULL ELSE first_attempt_at END,
      next_attempt_at = now() + make_interval(secs => ${afterSeconds}::float8), leased_by = NULL, leased_until = NULL
    WHERE id = ${batch.id}::uuid AND leased_by = ${workerId}::uuid AND state = 'frozen'`;
}

/** Leaves a batch for a person to decide; it is not retried. */
async function setAside(batch: BatchId, workerId: string, reason: string): Promise<void> {
  await database().$executeRaw`
    UPDATE mail_batch SET state = 'ambiguous', payload_encrypted = NULL, mails_frozen = NULL, member_gone_at = NULL, last_reason = ${reason}, leased_by = NULL, leased_until = NULL
    WHERE id = ${batch.id}::uuid AND leased_by = ${workerId}::uuid AND state = 'frozen'`;
}

async function pauseQueue(reason: string, seconds: number): Promise<void> {
  await database().$executeRaw`
    UPDATE mail_pause SET paused_until = greatest(paused_until, now() + make_interval(secs => ${seconds}::float8)),
      reason = ${reason} WHERE id = 1`;
}
