import { setTimeout as sleep } from "node:timers/promises";
import { v4 as uuidv4 } from "uuid";
import { forgetOldMinutes, isRush, raiseAlarms } from "@/lib/abuse";
import { database } from "@/lib/db/client";
import { foldSignatureChanges } from "@/lib/desk";
import { publishCounts } from "@/lib/disclosure";
import { failLostExports } from "@/lib/export";
import { log } from "@/lib/log";
import {
  forgetErasedBodies,
  forgetSubmissions,
  forgetWebhookDeliveries,
  freezeBatch,
  holdBatch,
  type MailTransport,
  noteEarlyReports,
  recordDelivery,
  releaseBatch,
} from "@/lib/mail";
import { forgetAllowances } from "@/lib/mailbox";
import { advanceInvalidation, findReviewGroups } from "@/lib/moderation";
import { forgetNetworks } from "@/lib/network";
import { traced } from "@/lib/observability";
import { narrowNameBuckets } from "@/lib/people";
import { forgetEndedAccess, purge } from "@/lib/privacy";
import { advanceGoals, refreshSupporters } from "@/lib/sharing";
import { refreshCountryFigures } from "@/lib/signing";

/** Batches that one worker has in hand: while the provider or the database has one, the next is composed. */
const BATCHES_AT_ONCE = 2;
/** How often an idle worker looks for mail, in milliseconds. */
const IDLE_MILLISECONDS = 300;
/** How long a worker waits after the database did not answer, in milliseconds. */
const TROUBLE_MILLISECONDS = 1_000;
/** How often counts are published and goals held against them, in milliseconds. */
const PUBLISHING_MILLISECONDS = 2_000;
/** How often to look for an invalidation job, in milliseconds; one that is under way goes on at once. */
const INVALIDATION_MILLISECONDS = 1_000;
/** How often likely fakes are looked for, in milliseconds: it opens every signature. */
const REVIEW_MILLISECONDS = 600_000;
/** How long a rush may put that off, in milliseconds. */
const REVIEW_LATEST_MILLISECONDS = 3_600_000;
/** How often to look for people in buckets of names that got too wide, in milliseconds, once all are moved. */
const NARROWING_MILLISECONDS = 3_600_000;
/** How often what need not be kept any longer is deleted, in milliseconds. */
const HOUSEKEEPING_MILLISECONDS = 60_000;

/**
 * Sends mail out of the outbox until the signal says stop, and does beside it what has to be done from time to time; mail in
 * hand is finished or handed back first. Any number of workers may run. Trouble with the database is waited out, never fatal.
 */
export async function runWorker(transport: MailTransport, signal: AbortSignal): Promise<void> {
  const sending = Array.from({ length: BATCHES_AT_ONCE }, () => sendMail(transport, signal));
  await Promise.all([keepHouse(signal), ...sending]);
}

async function sendMail(transport: MailTransport, signal: AbortSignal): Promise<void> {
  const workerId = uuidv4();
  await turnByTurn(signal, () => sendOnce(transport, workerId, signal));
}

/** Takes turns until the signal says stop, with a pause after each that found nothing to do. */
async function turnByTurn(signal: AbortSignal, turn: () => Promise<boolean>): Promise<void> {
  while (!signal.aborted) {
    try {
      if (!(await turn())) await sleep(IDLE_MILLISECONDS, undefined, { signal }).catch(() => {});
    } catch (error) {
      log.error("mail worker is in trouble, trying again", error);
      await sleep(TROUBLE_MILLISECONDS, undefined, { signal }).catch(() => {});
    }
  }
}

async function keepHouse(signal: AbortSignal): Promise<void> {
  let housekeepingDueAt = 0;
  let publishingDueAt = 0;
  let invalidationDueAt = 0;
  let reviewDueAt = 0;
  let narrowingDueAt = 0;
  let reviewedAt = performance.now();
  await turnByTurn(signal, async () => {
    // Not the time of day: set back, it would put off what is due.
    const now = performance.now();
    if (now >= housekeepingDueAt) {
      housekeepingDueAt = now + HOUSEKEEPING_MILLISECONDS;
      await forgetOldMinutes();
      await forgetNetworks();
      await purge();
      await forgetErasedBodies();
      await forgetSubmissions();
      await forgetAllowances();
      await foldSignatureChanges();
      await refreshCountryFigures();
      await refreshSupporters();
      await noteEarlyReports();
      await forgetWebhookDeliveries();
      await forgetEndedAccess();
      await failLostExports();
      await raiseAlarms();
    }
    if (now >= publishingDueAt) {
      publishingDueAt = now + PUBLISHING_MILLISECONDS;
      await publishCounts();
      await advanceGoals();
    }
    if (now >= reviewDueAt) {
      const putOff = now - reviewedAt < REVIEW_LATEST_MILLISECONDS && (await isRush());
      reviewDueAt = now + (putOff ? HOUSEKEEPING_MILLISECONDS : REVIEW_MILLISECONDS);
      if (!putOff) {
        reviewedAt = now;
        // Nothing waits for it. A worker that ends leaves it half-done: none of it is kept.
        findReviewGroups().catch((error) => log.error("likely fakes were not looked for", error));
      }
    }
    if (now >= narrowingDueAt) {
      const narrowed = (await isRush()) || (await narrowNameBuckets()) > 0;
      narrowingDueAt = now + (narrowed ? HOUSEKEEPING_MILLISECONDS : NARROWING_MILLISECONDS);
    }
    if (now < invalidationDueAt) return false;
    const advanced = await advanceInvalidation();
    invalidationDueAt = advanced ? now : now + INVALIDATION_MILLISECONDS;
    return advanced;
  });
}

/** One turn of the worker: freezes what is queued, sends one batch that is due. Says whether there was anything to do. */
export async function sendOnce(
  transport: MailTransport,
  workerId: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const frozen = (await isPaused()) ? 0 : await freezeBatch();
  const batch = await holdBatch(workerId);
  if (!batch) return frozen > 0;
  if (signal?.aborted) {
    await releaseBatch(batch, workerId);
    return true;
  }
  const { id: key, mails } = batch;
  const delivery = await traced(
    "mail batch",
    () => transport.deliver({ key, mails }),
    ({ kind }) => ({ "petition.outcome": kind, "petition.mails": mails.length }),
  );
  await recordDelivery(batch, workerId, delivery);
  return true;
}

/** Since when sending is stopped, as this process logged it last, in milliseconds; null when it is not. */
let loggedStop: number | null = null;

// While the provider makes us wait, mail stays in the queue, where more of it fits into one request later.
async function isPaused(): Promise<boolean> {
  const [row] = await database().$queryRaw<{ paused: boolean; stoppedSince: Date | null }[]>`
    SELECT coalesce(paused_until > now(), false) OR stopped_since IS NOT NULL AS paused, stopped_since AS "stoppedSince"
    FROM mail_pause WHERE id = 1`;
  const stopped = row?.stoppedSince?.getTime() ?? null;
  if (stopped !== null && stopped !== loggedStop)
    log.warn("mail is stopped and kept", { advice: "npm run admin -- mail resume lets it go out" });
  loggedStop = stopped;
  return row?.paused ?? false;
}
