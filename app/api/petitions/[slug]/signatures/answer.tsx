import { solver } from "@/app/(public)/_pages/enhancement";
import { answerMessage, answerNotFound } from "@/app/(public)/_pages/message";
import { answerPage, campaignHeaders } from "@/app/(public)/_pages/render";
import { site } from "@/app/(public)/_pages/site";
import { CampaignPage } from "@/components/campaign/CampaignPage";
import type { FormChallenge, FormNotice, TypedFields } from "@/components/form/types";
import { type Challenge, meantProvider } from "@/lib/abuse";
import { contentFor } from "@/lib/campaigns";
import { RETRY_AFTER_SECONDS } from "@/lib/db/unavailable";
import { typedIn } from "@/lib/fields";
import { html, json, redirect } from "@/lib/http/answers";
import { originOf } from "@/lib/http/origin";
import { wantsJson } from "@/lib/http/request";
import type { Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import { pictureSources } from "@/lib/pictures";
import { documentShareTexts, readShareCode, shareSubject, stepAfter } from "@/lib/sharing";
import { campaignFigures, type FieldErrors, type Signing } from "@/lib/signing";

import { busyPage } from "./busy";

/** Too many attempts for now. If there is a challenge, solving it lets the next attempt through. */
export type Throttled = { kind: "throttled"; retryAfterSeconds: number; challenge: Challenge | null };

export type SigningOutcome =
  | Signing
  | { kind: "invalid"; errors: FieldErrors }
  | Throttled
  | { kind: "sandboxed" }
  | { kind: "unavailable" };

/** @param permit set if the form came from a sandboxed page, which has no origin. */
type Attempt = { slug: string; locale: Locale; fields: Record<string, unknown>; permit?: string | undefined };

/** Turns the outcome of signing into a response: a page for a browser, JSON for a program. */
export async function answerSigning(
  request: Request,
  attempt: Attempt,
  outcome: SigningOutcome,
): Promise<Response> {
  const { slug, locale, fields } = attempt;
  const data = wantsJson(request);
  switch (outcome.kind) {
    case "pending":
      return accepted(`/${locale}/${slug}/thanks${suggestion(fields)}`, data);
    case "invalid":
      if (!contentFor(slug, locale)) return answerNotFound(request, locale);
      return data
        ? json({ errors: inWords(outcome.errors, locale) }, 422)
        : formAgain(request, attempt, 422, { errors: outcome.errors });
    case "unknown-campaign":
      return answerNotFound(request, locale);
    case "closed":
      return data ? json({ error: "closed" }, 410) : answerMessage("closed", 410, locale, { slug });
    case "throttled": {
      const headers = { "retry-after": String(outcome.retryAfterSeconds) };
      const { challenge } = outcome;
      if (data) return json({ error: "rate_limited", ...(challenge ? { challenge } : {}) }, 429, headers);
      return challenge === null
        ? formAgain(request, attempt, 429, { notice: "rate-limited", headers })
        : formAgain(request, attempt, 429, {
            notice: "challenged",
            challenge: { work: challenge, solver: solver() },
            headers,
          });
    }
    case "sandboxed":
      return formAgain(request, attempt, 403, { notice: "sandboxed" });
    case "unavailable": {
      const headers = { "retry-after": String(RETRY_AFTER_SECONDS) };
      if (data) return json({ error: "unavailable" }, 503, headers);
      if (!contentFor(slug, locale)) return answerNotFound(request, locale);
      return html(await busyPage(slug, locale, asTyped(attempt)), 503, {
        ...campaignHeaders(slug),
        ...headers,
      });
    }
  }
}

/**
 * Returns the same answer for everybody. The JSON names the page too, so that a browser's script can show it.
 */
function accepted(page: string, data: boolean): Response {
  return data ? json({ status: "pending" }, 202, { location: page }) : redirect(page);
}

/**
 * Returns query parameters for the thanks page: the provider that the address was probably meant for, from a
 * short list that reveals nothing else, and the share code, so that links match those of the campaign page.
 */
function suggestion({ email, ref }: Record<string, unknown>): string {
  const query = new URLSearchParams();
  const meant = typeof email === "string" ? meantProvider(email.trim()) : null;
  if (meant !== null) query.set("meant", meant);
  const code = typeof ref === "string" ? readShareCode(ref) : null;
  if (code !== null && stepAfter(code) > stepAfter()) query.set("ref", code);
  return query.size === 0 ? "" : `?${query}`;
}

function inWords(errors: FieldErrors, locale: Locale): Record<string, string[]> {
  const words = messagesFor(locale).errors;
  return Object.fromEntries(
    Object.entries(errors).map(([field, keys]) => [field, keys.map((key) => words[key])]),
  );
}

/** Renders the page again with everything that was typed still in the form. */
async function formAgain(
  request: Request,
  attempt: Attempt,
  status: number,
  {
    errors,
    notice,
    challenge,
    headers = {},
  }: {
    errors?: FieldErrors;
    notice?: FormNotice;
    challenge?: FormChallenge;
    headers?: Record<string, string>;
  },
): Promise<Response> {
  const { slug, locale } = attempt;
  if (!contentFor(slug, locale)) return answerNotFound(request, locale);
  const figures = await campaignFigures(slug).catch(() => null);
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
      texts={documentShareTexts(slug, locale)}
      subject={shareSubject(slug, locale)}
      picture={(name) => pictureSources(slug, name)}
      typed={asTyped(attempt)}
      {...(errors ? { errors } : {})}
      {...(notice ? { notice } : {})}
      {...(challenge ? { challenge } : {})}
    />,
    status,
    { ...campaignHeaders(slug), ...headers },
  );
}

function asTyped({ fields, permit }: Attempt): TypedFields {
  return {
    ...typedIn(fields),
    ref: typeof fields.ref === "string" ? fields.ref : "",
    origin: originOf(fields.origin) ?? "",
    ...(permit === undefined ? {} : { permit }),
  };
}
