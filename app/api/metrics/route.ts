import { createHash, timingSafeEqual } from "node:crypto";
import { handleErrors } from "@/app/(public)/_pages/errors";
import { json } from "@/lib/http/answers";
import { metricsText, noteSecurityEvent } from "@/lib/observability";
import { settings } from "@/lib/settings";

/** What is measured, as Prometheus text, for whoever holds METRICS_TOKEN; without one the address does not exist. */
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

/** Whether two texts are equal, told in a time that depends on neither. */
function equalTexts(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
