import { json, redirect } from "@/lib/http/answers";
import { type FormRefusal, wantsJson } from "@/lib/http/request";
import { answerMessage, campaignAskedFor, readerLocale } from "./message";

/** Refuses a post that could not be read as a form. */
export function refuseForm(request: Request, refusal: FormRefusal): Promise<Response> | Response {
  const { status, error, page } = REFUSALS[refusal];
  if (wantsJson(request)) return json({ error }, status);
  return answerMessage(page, status, readerLocale(request), { slug: campaignAskedFor(request) });
}

/**
 * Answers a GET to an address that only takes posts. Readers are redirected to `page`: a phone that unloaded
 * a tab reloads the address it shows, which after a form with errors is the one posted to. Programs get 405
 * (RFC 9110, 15.5.6).
 */
export function answerPostOnly(request: Request, page: string): Response {
  return wantsJson(request) ? json({ error: "method_not_allowed" }, 405, { allow: "POST" }) : redirect(page);
}

const REFUSALS = {
  "forbidden-origin": { status: 403, error: "forbidden", page: "forbidden" },
  "wrong-type": { status: 415, error: "unsupported_media_type", page: "wrong-type" },
  "too-large": { status: 413, error: "too_large", page: "too-large" },
  malformed: { status: 400, error: "malformed", page: "wrong-type" },
} as const;
