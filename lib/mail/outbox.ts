import { gunzipSync, gzipSync } from "node:zlib";
import { v7 as uuidv7 } from "uuid";
import { contentFor } from "@/lib/campaigns";
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
/** How long a worker may hold a batch before another takes it over, in seconds. Short: after kill -9 a signer is waiting. */
export const LEASE_SECONDS = 30;
/** How long the provider drops repeats of a key, in hours, less an hour of margin (Resend, "Idempotency Keys": 24). */
const IDEMPOTENCY_HOURS = 23;
const FIRST_BACKOFF_SECONDS = 1;
/** So that all mail is out within a minute of the provider's coming back; few batches ask, see `freezeBatch`. */
const LONGEST_BACKOFF_SECONDS = 30;
/** While this many batches wait for another try, no more are frozen. See `freezeBatch`. */
const TROUBLED_BATCHES_MAXIMUM = 3;
/** How long to wait after the provider refused our key or our domain, in seconds: a person has to mend that. */
const MISCONFIGURED_BACKOFF_SECONDS = 60;
const FREEZE_TIMEOUT_MILLISECONDS = 15_000;
const HOUR_MILLISECONDS = 3_600_000;
const DAY_MILLISECONDS = 24 * HOUR_MILLISECONDS;
/** An answer that says for certain that nothing was sent: the key is not used up and its 24 hours have not begun. */
const NOT_ACCEPTED = { maybeAccepted: false };

/** A batch as this worker holds it: its members and bodies are the same at every attempt. */
export type HeldBatch = {
  id: string;
  attempts: number;
  /** No earlier attempt can have been accepted: the batch may still be changed. */
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
  /** The form that it confirms, when that came while the signature was pending. Null when there is none. */
  submission: Uint8Array | null;
  submissionKeyId: string | null;
  signedAt: Date;
  locale: Locale;
  slug: string;
  suppressed: boolean;
  /** Whether the owner of the address confirmed it: nobody did for a signature on paper. */
  addressConfirmed: boolean;
};

/** SQL that is true when a mail must not be sent: its mailbox was suppressed, or its signer unsubscribed, since it was owed. */
const UNWANTED = Prisma.sql`(${isHeldBack(Prisma.sql`signature.mailbox_key`, Prisma.sql`mail.created_at`)}
  OR signature.unsubscribed_at > mail.created_at)`;

/**
 * Freezes the oldest queued mails, at most 100, into one batch: who is in it, every word, and the key it is sent under,
 * in one transaction. From then on a repeat is the same request, so that the provider can drop it.
 *
 * While the provider is down, the rest waits unfrozen: a queued mail can be sent however long that takes, and in its
 * order, but a batch that was tried longer ago than the provider remembers its key waits for a person. More than one
 * batch may be in trouble, so that a poison that is answered with errors alone does not hold up the others.
 *
 * Signatures are locked with their mails: whoever deletes one locks it first and its mails next, and would otherwise
 * deadlock with us.
 * @returns how many mails left the queue; 0 when it was empty or waits.
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

/** Makes mails that were not sent dead letters. */
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

/** @param afterSeconds how long the batch waits before it is sent first. */
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

/** Bodies differ little from each other: packed they are a thirtieth, and so is what the database writes, logs and sends. */
function packed(mails: readonly OutgoingMail[]): string {
  return gzipSync(JSON.stringify(mails)).toString("base64");
}

/** @param text what `packed` made, or plain JSON as earlier releases left it. */
function unpacked(text: string): OutgoingMail[] {
  return JSON.parse(text.startsWith("[") ? text : gunzipSync(Buffer.from(text, "base64")).toString("utf8"));
}

/** A new link to somebody's own page ends the older ones: whoever finds an old mail gets in no more. */
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

/** Whom a mail goes to, and in which language; null when what is sealed does not open: one damaged row must not hold up everybody's mail. */
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

/** Writes one mail in the signatory's language, with tokens of its own. @param now by the database, which ends them. */
async function compose(queued: QueuedMail & { recipient: Recipient }, now: Date) {
  const { siteUrl, organisationName, demonstration, mailFrom } = settings();
  const { to, name, locale } = queued.recipient;
  const acting = newToken();
  const unsubscribing = newToken();
  const unsubscribeUrl = `${siteUrl}/api/unsubscribe/${unsubscribing.token}`;
  const asksToConfirm = queued.kind === "confirmation" || queued.kind === "reminder";
  // No link outlives what it confirms: that goes by when it was signed first.
  const expiresAt = new Date(queued.signedAt.getTime() + CONFIRMATION_DAYS * DAY_MILLISECONDS);
  const daysLeft = (expiresAt.getTime() - now.getTime() + HOUR_MILLISECONDS) / DAY_MILLISECONDS;

  const body = await composeMail({
    kind: queued.kind,
    locale,
    name: queued.addressConfirmed ? name : null,
    campaignTitle: contentFor(queued.slug, locale)?.headline ?? queued.slug,
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
      : // The right to see and delete what is held does not run out.
        { hash: acting.hash, purpose: "manage", signature_id, expires_at: null, mail_id: null },
  ];
  return { mail, tokens };
}

/**
 * Takes the oldest batch that is due, for 30 seconds; null when none is due or the provider asked us to wait. A batch that
 * may have been accepted longer ago than the provider drops repeats is set aside: sending it again might send it twice.
 * One whose bodies do not open is taken apart when nobody has tried to send it, and set aside otherwise. One that cannot have
 * been accepted is taken apart, too, when MAIL_FROM has changed: the old sender may be what the provider refused.
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

/** Puts the mails of a batch that nobody can have accepted back into the queue, to be composed anew. */
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
 * Takes out of a batch that nobody can have accepted yet the mails to addresses suppressed since it was frozen, those whose
 * signature was marked invalid, and those whose signature was deleted. The rest goes on in a batch of its own, because a key never stands for two bodies.
 * @returns false when every mail in it is still wanted and the batch is as it was.
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

/** Ends a batch whose mails go on in others. @returns false when this worker does not hold it any more. */
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

/** Hands a batch back at once; for a worker that is told to stop before it has sent. */
export async function releaseBatch(batch: HeldBatch, workerId: string): Promise<void> {
  await database().$executeRaw`
    UPDATE mail_batch SET leased_by = NULL, leased_until = NULL,
      first_attempt_at = CASE WHEN ${batch.untried} THEN NULL ELSE first_attempt_at END
    WHERE id = ${batch.id}::uuid AND leased_by = ${workerId}::uuid AND state = 'frozen'`;
}

/** Records what the provider said of a batch this worker holds. Does nothing when the lease has passed to another. */
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

/** Seconds before the next attempt: 1, 2, 4 … 30, with a quarter of chance so that workers do not march in step. */
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

/** SQL that ends each mail as the provider answered of it, by its place in the batch, which it leaves. */
const FINISH_MAILS = Prisma.sql`UPDATE mail SET
  state = (CASE WHEN answer.reason IS NULL THEN 'sent' ELSE 'dead' END)::mail_state,
  provider_id = answer.provider_id, reason = answer.reason, finished_at = now(), batch_id = NULL, position = NULL`;

/** SQL of what the provider answered of each mail: a row source named `answer`. */
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

/** Finishes a batch of which some mails were refused for a fault of ours: those go on in a batch of their own, later. */
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

/** The provider refused a whole request, so nothing of it was sent: each mail goes on alone, and only the poison fails. */
async function splitBatch(batch: HeldBatch, workerId: string): Promise<void> {
  await database().$transaction(async (transaction) => {
    const members = await membersOf(transaction, batch);
    if (!(await closeBatch(transaction, batch, workerId, "split"))) return;
    for (const { id, mail } of members) await writeBatch(transaction, [id], [mail]);
  });
}

/** The mails of a batch that are still owed, each with its body. */
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

/** Leaves a batch to a person's decision; it is not sent again by itself. */
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
