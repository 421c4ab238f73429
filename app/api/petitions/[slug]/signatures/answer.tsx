import { answerMessage, answerNotFound } from "@/app/_pages/message";
import { answerPage } from "@/app/_pages/render";
import { site } from "@/app/_pages/site";
import { CampaignPage } from "@/components/campaign/CampaignPage";
import type { FormNotice, TypedFields } from "@/components/form/types";
import { contentFor } from "@/lib/campaign/content";
import { RETRY_AFTER_SECONDS } from "@/lib/db/unavailable";
import { json, seeOther } from "@/lib/http/answers";
import { originOf } from "@/lib/http/origin";
import { wantsJson } from "@/lib/http/request";
import type { Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import { campaignFigures, type FieldErrors, type Signing } from "@/lib/signing";

export type SigningOutcome =
  | Signing
  | { kind: "invalid"; errors: FieldErrors }
  | { kind: "throttled"; retryAfterSeconds: number }
  | { kind: "unavailable" };

type Attempt = { slug: string; locale: Locale; fields: Record<string, unknown> };

/** Puts what came of signing into the contract's answers: a page for a browser, data for a program. */
export async function answerSigning(
  request: Request,
  attempt: Attempt,
  outcome: SigningOutcome,
): Promise<Response> {
  const { slug, locale } = attempt;
  const data = wantsJson(request);
  switch (outcome.kind) {
    case "pending":
      return data ? json({ status: "pending" }, 202) : seeOther(`/${locale}/${slug}/thanks`);
    case "invalid":
      return data
        ? json({ errors: inWords(outcome.errors, locale) }, 422)
        : formAgain(request, attempt, 422, { errors: outcome.errors });
    case "unknown-campaign":
      return data ? json({ error: "not_found" }, 404) : answerNotFound(request, locale);
    case "closed":
      return data ? json({ error: "closed" }, 410) : answerMessage("closed", 410, locale, { slug });
    case "throttled": {
      const headers = { "retry-after": String(outcome.retryAfterSeconds) };
      return data
        ? json({ error: "rate_limited" }, 429, headers)
        : formAgain(request, attempt, 429, { notice: "rate-limited", headers });
    }
    case "unavailable": {
      const headers = { "retry-after": String(RETRY_AFTER_SECONDS) };
      return data
        ? json({ error: "unavailable" }, 503, headers)
        : formAgain(request, attempt, 503, { notice: "unavailable", headers });
    }
  }
}

function inWords(errors: FieldErrors, locale: Locale): Record<string, string[]> {
  const words = messagesFor(locale).errors;
  return Object.fromEntries(
    Object.entries(errors).map(([field, keys]) => [field, keys.map((key) => words[key])]),
  );
}

/** The page once more, with everything that was typed still in the form. */
async function formAgain(
  request: Request,
  { slug, locale, fields }: Attempt,
  status: number,
  {
    errors,
    notice,
    headers = {},
  }: { errors?: FieldErrors; notice?: FormNotice; headers?: Record<string, string> },
): Promise<Response> {
  if (!contentFor(slug, locale)) return answerNotFound(request, locale);
  // A database that did not answer is not asked again: the reader would wait twice.
  const figures = status === 503 ? null : await campaignFigures(slug).catch(() => null);
  if (figures?.status === "closed") return answerMessage("closed", 410, locale, { slug });
  return answerPage(
    <CampaignPage
      site={site()}
      locale={locale}
      slug={slug}
      status="open"
      count={figures?.count ?? null}
      goal={figures?.goal ?? 0}
      updatedAt={figures?.updatedAt ?? null}
      typed={asTyped(fields)}
      {...(errors ? { errors } : {})}
      {...(notice ? { notice } : {})}
    />,
    status,
    headers,
  );
}

function asTyped(fields: Record<string, unknown>): TypedFields {
  const text = (field: string) => (typeof fields[field] === "string" ? fields[field] : "");
  const ticked = (field: string) => fields[field] === "yes";
  return {
    name: text("name"),
    email: text("email"),
    country: text("country"),
    ref: text("ref"),
    origin: originOf(fields.origin) ?? "",
    consent: ticked("consent"),
    updates: ticked("updates"),
    publicName: ticked("publicName"),
  };
}
