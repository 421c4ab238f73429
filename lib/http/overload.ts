import type { IncomingMessage, ServerResponse } from "node:http";
import { DEFAULT_LOCALE, isLocale, type Locale, localeFromAcceptLanguage } from "@/lib/i18n/locales";
import { eventLoopDelay } from "./event-loop";

/** From this event-loop delay on, in milliseconds, readers slow down signers. */
const LATE_MILLISECONDS = 150;
const RETRY_AFTER_SECONDS = 5;

/**
 * Paths answered under any load: what a signer needs from form to confirmation, and what machines monitor.
 */
const ESSENTIAL =
  /^\/(?:api\/(?:petitions\/[^/]+\/signatures|confirm|signature|unsubscribe|webhooks|health|metrics)|embed|[A-Za-z-]+\/(?:confirm|signature|[^/]+\/thanks))(?:[/?]|$)/;

/** Returns whether this process is behind with its work. */
export function isOverloaded(): boolean {
  return eventLoopDelay() > LATE_MILLISECONDS;
}

/** Returns whether a request may be turned away to make room for signers. */
export function canWait(url: string): boolean {
  return !ESSENTIAL.test(url);
}

/**
 * Answers 503 at once with a pre-rendered page. The edge shows its stale copy instead (deploy/nginx.conf).
 * @param pages what to show in each language.
 */
export function shed(
  request: IncomingMessage,
  response: ServerResponse,
  pages: ReadonlyMap<Locale, { markup: string; headers: Record<string, string> }>,
): void {
  const wantsPage = (request.headers.accept ?? "").includes("text/html");
  const page = wantsPage ? (pages.get(localeOf(request)) ?? pages.get(DEFAULT_LOCALE)) : undefined;
  const headers = { "retry-after": String(RETRY_AFTER_SECONDS), "cache-control": "no-store" };
  if (page) response.writeHead(503, { ...page.headers, ...headers }).end(page.markup);
  else
    response
      .writeHead(503, { ...headers, "content-type": "application/json" })
      .end(JSON.stringify({ error: "unavailable" }));
}

function localeOf({ url = "", headers }: IncomingMessage): Locale {
  const [, first = ""] = url.split("/", 2);
  return isLocale(first) ? first : localeFromAcceptLanguage(headers["accept-language"] ?? null);
}
