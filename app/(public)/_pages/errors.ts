import { isDatabaseUnavailable, RETRY_AFTER_SECONDS } from "@/lib/db/unavailable";
import { DRAWING_RETRY_SECONDS, isDrawingQueueFull } from "@/lib/drawing";
import { json } from "@/lib/http/answers";
import { wantsJson } from "@/lib/http/request";
import { log } from "@/lib/log";
import { answerMessage, campaignAskedFor, readerLocale } from "./message";

/**
 * Runs a route and handles what it throws: 503 if the database is unreachable or the drawing queue is full,
 * otherwise 500. Answers with a page, or with JSON to clients that ask for it.
 */
export async function handleErrors(request: Request, route: () => Promise<Response>): Promise<Response> {
  try {
    return await route();
  } catch (error) {
    const retryAfterSeconds = retryAfter(error);
    const unavailable = retryAfterSeconds !== null;
    // Load shedding is not an error and must not fill the log.
    if (!isDrawingQueueFull(error)) log.error("route failed", error, { method: request.method, unavailable });
    const status = unavailable ? 503 : 500;
    const headers: Record<string, string> = unavailable ? { "retry-after": String(retryAfterSeconds) } : {};
    if (wantsJson(request)) return json({ error: unavailable ? "unavailable" : "failure" }, status, headers);
    const slug = campaignAskedFor(request);
    return answerMessage(unavailable ? "unavailable" : "failure", status, readerLocale(request), {
      slug,
      headers,
    });
  }
}

/** Returns the seconds until a retry may succeed, or null if waiting does not help. */
function retryAfter(error: unknown): number | null {
  if (isDatabaseUnavailable(error)) return RETRY_AFTER_SECONDS;
  return isDrawingQueueFull(error) ? DRAWING_RETRY_SECONDS : null;
}
