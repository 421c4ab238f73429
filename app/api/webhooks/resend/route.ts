import { handleErrors } from "@/app/(public)/_pages/errors";
import { json } from "@/lib/http/answers";
import { readBody } from "@/lib/http/request";
import { receiveWebhook, WEBHOOK_BODY_LIMIT_BYTES } from "@/lib/mail";
import { noteSecurityEvent } from "@/lib/observability";

/** Handles Resend's delivery events. Calls without its signature change nothing. */
export function POST(request: Request): Promise<Response> {
  return handleErrors(request, async () => {
    const raw = await readBody(request, WEBHOOK_BODY_LIMIT_BYTES);
    if (raw === null) return json({ error: "too_large" }, 413);
    const outcome = await receiveWebhook(raw, {
      id: request.headers.get("svix-id"),
      timestamp: request.headers.get("svix-timestamp"),
      signature: request.headers.get("svix-signature"),
    });
    switch (outcome.kind) {
      case "noted":
      case "ignored":
        return json({ status: outcome.kind });
      case "malformed":
        return json({ error: "malformed" }, 400);
      case "forged":
        noteSecurityEvent("forged-notice");
        return json({ error: "unauthorized" }, 401);
      case "not-configured":
        return json({ error: "unavailable" }, 503);
    }
  });
}
