import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { database } from "@/lib/db/client";
import { connect } from "@/lib/db/connection";
import { log } from "./log";
import { settings } from "./settings";

/** How long to wait before listening again after losing the connection, in milliseconds. */
const LISTEN_AGAIN_MILLISECONDS = 1_000;
const CONNECT_TIMEOUT_MILLISECONDS = 5_000;
/** How long a notice to ourselves may take before we decide that notices do not arrive, in milliseconds. */
const PROBE_MILLISECONDS = 2_000;
/** How often to poll for announcements where notices do not arrive, in milliseconds. */
const ASK_MILLISECONDS = 2_000;

/** Channels of LISTEN and NOTIFY. The migrations use the same names. */
export type Channel = "public_pages" | "abuse_policy" | "campaigns";
type Heard = (payload: string | null) => void;

/** Notifies every listening process. Processes that cannot listen see it when they poll. */
export async function announce(channel: Channel, payload: string): Promise<void> {
  await database().$executeRaw`SELECT announce(${channel}, ${payload})`;
}

/**
 * Calls `heard` with the payload of every announcement until the
 * signal aborts, and with null whenever some may have been missed.
 * Listens at DATABASE_DIRECT_URL, or else at DATABASE_URL. If a notice to ourselves does not come back
 * (pgbouncer in transaction mode drops LISTEN), polls every
 * two seconds instead. Reconnects after a lost connection.
 */
export async function listen(channel: Channel, heard: Heard, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      if ((await listenOnce(channel, heard, signal)) === "unheard") {
        log.info("notices do not come through: changes are asked for instead", { channel });
        await ask(channel, heard, signal);
      }
    } catch (error) {
      log.error("listening for changes failed", error);
    }
    await sleep(LISTEN_AGAIN_MILLISECONDS, undefined, { signal }).catch(() => {});
  }
}

/**
 * Listens until the connection ends or the signal aborts.
 * @returns "unheard" if a test notice does not arrive in time.
 */
async function listenOnce(channel: Channel, heard: Heard, signal: AbortSignal): Promise<"ended" | "unheard"> {
  const { databaseUrl, databaseDirectUrl } = settings();
  const connectionString = databaseDirectUrl ?? databaseUrl;
  if (connectionString === null) return "ended";
  const client = await connect({
    connectionString,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MILLISECONDS,
    keepAlive: true,
    application_name: `petition listen ${channel}`,
  });
  const ended = new Promise<"ended">((resolve) => {
    for (const event of ["end", "error"]) client.once(event, () => resolve("ended"));
    signal.addEventListener("abort", () => resolve("ended"), { once: true });
  });
  try {
    const probe = `probe_${randomUUID().replaceAll("-", "")}`;
    const probed = new Promise<"heard">((resolve) => {
      client.on("notification", (notice) => {
        if (notice.channel === probe) resolve("heard");
        else heard(notice.payload ?? "");
      });
    });
    // Through a pooler, this leaves the server's session
    // listening, but on a channel that is never used again.
    await client.query(`LISTEN ${probe}`);
    // Sent on another connection: on our own, a pooler would still
    // deliver it, and the probe would wrongly succeed.
    await database().$executeRaw`SELECT pg_notify(${probe}, '')`;
    const late = sleep(PROBE_MILLISECONDS, "unheard" as const, { ref: false });
    const outcome = await Promise.race([probed, ended, late]);
    if (outcome !== "heard") return outcome;
    await client.query(`UNLISTEN ${probe}`);
    await client.query(`LISTEN ${channel}`);
    heard(null);
    return await ended;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Polls for announcements until the signal aborts. Errors go to the caller. */
async function ask(channel: Channel, heard: Heard, signal: AbortSignal): Promise<void> {
  let known: bigint | null = null;
  while (!signal.aborted) {
    const [row] = await database().$queryRaw<{ version: bigint; payload: string }[]>`
      SELECT version, payload FROM announcement WHERE channel = ${channel}`;
    const version = row?.version ?? 0n;
    // If several came since the last poll, only the newest payload is known, so report null.
    if (version !== known) heard(known !== null && version === known + 1n ? (row?.payload ?? "") : null);
    known = version;
    await sleep(ASK_MILLISECONDS, undefined, { signal }).catch(() => {});
  }
}
