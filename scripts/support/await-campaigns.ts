import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { unavailablePages } from "@/app/(public)/_pages/message";
import { awaitCampaigns } from "@/lib/campaigns";
import { shed } from "@/lib/http/overload";

/** How long a web process waits for its campaigns before it listens without them, in milliseconds. */
const LISTEN_AFTER_MILLISECONDS = 2_000;
/** What machines ask for to see how the process does. */
const WATCHED = /^\/api\/(?:health|metrics)(?:[/?]|$)/;

/**
 * Loads the campaigns. Without a database that takes until it is back; the process listens meanwhile, so that
 * nobody takes it for dead.
 * @returns a function that answers a request with 503 while there is nothing to serve, and tells whether it did.
 */
export async function loadCampaignsFirst(
  signal: AbortSignal,
): Promise<(request: IncomingMessage, response: ServerResponse) => boolean> {
  let isLoaded = false;
  const loading = awaitCampaigns(signal).then(() => {
    isLoaded = true;
  });
  await Promise.race([loading, sleep(LISTEN_AFTER_MILLISECONDS, undefined, { ref: false })]);
  if (isLoaded) return () => false;
  const pages = await unavailablePages();
  return (request, response) => {
    if (isLoaded || WATCHED.test(request.url ?? "")) return false;
    shed(request, response, pages);
    return true;
  };
}
