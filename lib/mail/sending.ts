import { database } from "@/lib/db/client";
import { log } from "@/lib/log";
import { traced } from "@/lib/observability";
import { freezeBatch, holdBatch, recordDelivery, releaseBatch } from "./outbox";
import type { MailTransport } from "./transports/types";

/**
 * Freezes queued mail into a batch and sends one due batch.
 * @returns whether there was anything to do.
 */
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

/** Start of the stop that this process last logged, in milliseconds; null if mail is not stopped. */
let loggedStop: number | null = null;

// While the provider makes us wait, mail stays queued, so that more of it fits into one request later.
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
