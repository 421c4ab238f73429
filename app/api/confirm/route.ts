import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerMessage, readerLocale } from "@/app/(public)/_pages/message";
import { answerPostOnly, refuseForm } from "@/app/(public)/_pages/refuse";
import { json, redirect } from "@/lib/http/answers";
import { evenTime } from "@/lib/http/even-time";
import { mailedToken } from "@/lib/http/link";
import { signaturesChanged } from "@/lib/http/public-pages";
import { readForm, wantsJson } from "@/lib/http/request";
import { isLocale } from "@/lib/i18n/locales";
import { noteSecurityEvent, traced } from "@/lib/observability";
import { confirm, disown, SIGNATURE_BODY_LIMIT_BYTES } from "@/lib/signing";

const inEvenTime = evenTime("confirm");

export function GET(request: Request): Response {
  return answerPostOnly(request, "/");
}

/**
 * Handles the confirmation page's buttons: confirms the signature, or deletes it with `action=delete` ("this
 * was not me").
 */
export function POST(request: Request): Promise<Response> {
  return handleErrors(request, async () => {
    const received = await readForm(request, SIGNATURE_BODY_LIMIT_BYTES);
    if (!received.ok) return refuseForm(request, received.refusal);
    const { token, action, locale } = received.fields;
    const given = mailedToken(token);
    const outcome = await traced(
      "confirm",
      () => inEvenTime(async () => (action === "delete" ? await disown(given) : await confirm(given))),
      ({ kind }) => ({ "petition.outcome": kind }),
    );
    const data = wantsJson(request);
    switch (outcome.kind) {
      case "confirmed":
        signaturesChanged();
        return data
          ? json({ status: "confirmed" })
          : redirect(`/${outcome.locale}/${outcome.slug}/thanks?${outcome.counts ? "confirmed" : "review"}`);
      case "deleted":
        signaturesChanged();
        return data
          ? json({ status: "deleted" })
          : answerMessage("deleted", 200, outcome.locale, { slug: outcome.slug });
      case "expired-or-unknown": {
        noteSecurityEvent("unknown-token");
        const reader = typeof locale === "string" && isLocale(locale) ? locale : readerLocale(request);
        return data ? json({ error: "expired" }, 410) : answerMessage("expired", 410, reader);
      }
    }
  });
}
