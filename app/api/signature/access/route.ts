import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerMessage, readerLocale } from "@/app/(public)/_pages/message";
import { answerPostOnly, refuseForm } from "@/app/(public)/_pages/refuse";
import { answerLostLink } from "@/app/(public)/_pages/signature";
import { admit } from "@/lib/abuse";
import { json, redirect } from "@/lib/http/answers";
import { evenTime } from "@/lib/http/even-time";
import { clientAddress, readForm, wantsJson } from "@/lib/http/request";
import { isLocale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import { networkKey } from "@/lib/network";
import { requestAccess } from "@/lib/signatories";
import { checkEmail, SIGNATURE_BODY_LIMIT_BYTES } from "@/lib/signing";

const inEvenTime = evenTime("lost link");

export function GET(request: Request): Response {
  return answerPostOnly(request, `/${readerLocale(request)}/signature`);
}

/** Mails signers who lost it the link to their own page. The answer is the same for every address. */
export function POST(request: Request): Promise<Response> {
  return handleErrors(request, async () => {
    const received = await readForm(request, SIGNATURE_BODY_LIMIT_BYTES);
    if (!received.ok) return refuseForm(request, received.refusal);
    const { email, locale: asked } = received.fields;
    const locale = typeof asked === "string" && isLocale(asked) ? asked : readerLocale(request);
    const data = wantsJson(request);
    const checked = checkEmail(email);
    if (!checked.ok) {
      const words = messagesFor(locale).errors;
      return data
        ? json({ errors: { email: checked.errors.map((key) => words[key]) } }, 422)
        : answerLostLink(locale, 422, {
            email: typeof email === "string" ? email : "",
            errors: checked.errors,
          });
    }
    const admission = await admit({ network: await networkKey(clientAddress(request)) });
    if (!admission.admitted) {
      const headers = { "retry-after": String(admission.retryAfterSeconds) };
      return data
        ? json({ error: "rate_limited" }, 429, headers)
        : answerMessage("rate-limited", 429, locale, { headers });
    }
    await inEvenTime(() => requestAccess(checked.email));
    return data ? json({ status: "asked" }, 202) : redirect(`/${locale}/signature?sent`);
  });
}
