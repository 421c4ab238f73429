import { createHash, timingSafeEqual } from "node:crypto";
import { handleErrors } from "@/app/(public)/_pages/errors";
import { json } from "@/lib/http/answers";
import { metricsText, noteSecurityEvent } from "@/lib/observability";
import { settings } from "@/lib/settings";

/**
 * Serves metrics as Prometheus text to clients with METRICS_TOKEN. Without the setting, the address does not
 * exist.
 */
export function GET(request: Request): Promise<Response> {
  return handleErrors(request, async () => {
    const { metricsToken } = settings();
    if (metricsToken === null) return json({ error: "not_found" }, 404);
    const given = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
    if (!equalTexts(given, metricsToken)) {
      noteSecurityEvent("wrong-metrics-token");
      return json({ error: "unauthorized" }, 401, { "www-authenticate": "Bearer" });
    }
    const { body, contentType } = await metricsText();
    return new Response(body, { headers: { "content-type": contentType, "cache-control": "no-store" } });
  });
}

/** Compares two texts in constant time. */
function equalTexts(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
