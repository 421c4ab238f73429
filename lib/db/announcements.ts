import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { log } from "@/lib/log";
import { settings } from "@/lib/settings";
import { database } from "./client";

/** How long to wait before listening again after the connection was lost, in milliseconds. */
const LISTEN_AGAIN_MILLISECONDS = 1_000;
const CONNECT_TIMEOUT_MILLISECONDS = 5_000;

/** Channels of LISTEN and NOTIFY. The migrations use the same names. */
export type Channel = "public_pages" | "guard";

/** Tells every process that listens. Nothing is kept: who does not listen now never hears of it. */
export async function announce(channel: Channel, payload: string): Promise<void> {
  await database().$executeRaw`SELECT pg_notify(${channel}, ${payload})`;
}

/**
 * Calls `heard` with the payload of every announcement until the signal says stop, and with null whenever it has begun
 * to listen: something may have been missed before. A lost connection is made again; behind a pooler that drops LISTEN
 * (pgbouncer in transaction mode) nothing is heard, and what depends on it falls back on its own age.
 */
export async function listen(
  channel: Channel,
  heard: (payload: string | null) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await listenOnce(channel, heard, signal);
    } catch (error) {
      log.error("listening for changes failed", error);
    }
    await sleep(LISTEN_AGAIN_MILLISECONDS, undefined, { signal }).catch(() => {});
  }
}

async function listenOnce(
  channel: Channel,
  heard: (payload: string | null) => void,
  signal: AbortSignal,
): Promise<void> {
  const { databaseUrl } = settings();
  if (databaseUrl === null) return;
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MILLISECONDS,
    keepAlive: true,
  });
  const ended = new Promise<void>((resolve) => {
    client.once("end", resolve);
    client.once("error", () => resolve());
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  // A second error may follow the first; without a listener it would end the process.
  client.on("error", () => {});
  try {
    await client.connect();
    client.on("notification", (message) => heard(message.payload ?? ""));
    await client.query(`LISTEN ${channel}`);
    heard(null);
    await ended;
  } finally {
    await client.end().catch(() => {});
  }
}
