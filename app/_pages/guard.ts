import { isDatabaseUnavailable, RETRY_AFTER_SECONDS } from "@/lib/db/unavailable";
import { json } from "@/lib/http/answers";
import { wantsJson } from "@/lib/http/request";
import { log } from "@/lib/log";
import { answerMessage, readerLocale } from "./message";

/** Runs a route; a database out of reach is answered 503, any other surprise 500, in the form the client asked for. */
export async function guarded(request: Request, route: () => Promise<Response>): Promise<Response> {
  try {
    return await route();
  } catch (error) {
    const unavailable = isDatabaseUnavailable(error);
    log.error("route failed", error, { method: request.method, unavailable });
    const status = unavailable ? 503 : 500;
    const headers: Record<string, string> = unavailable ? { "retry-after": String(RETRY_AFTER_SECONDS) } : {};
    if (wantsJson(request)) return json({ error: unavailable ? "unavailable" : "failure" }, status, headers);
    return answerMessage(unavailable ? "unavailable" : "failure", status, readerLocale(request), { headers });
  }
}
