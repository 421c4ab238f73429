import { Resend } from "resend";
import type { Misconfiguration } from "@/lib/observability";
import type { Delivery, MailTransport, OutgoingMail, Refusal } from "./types";

/** How long one request to Resend may take, in milliseconds. Shorter than the worker's lease. */
const REQUEST_TIMEOUT_MILLISECONDS = 10_000;
/**
 * How long to wait when Resend throttles without saying for how long, in seconds. Its window is one second.
 */
const THROTTLED_DEFAULT_SECONDS = 1;
/** The shortest wait after a used-up quota, in seconds, whatever the headers say. */
const QUOTA_MINIMUM_SECONDS = 60;
/** The longest wait that we accept from Resend, in seconds: 31 days, the longest quota period. */
const WAIT_MAXIMUM_SECONDS = 31 * 24 * 60 * 60;

type Headers = Readonly<Record<string, string>> | null;

export type ResendTransportOptions = {
  apiKey: string;
  /** If unset, the SDK uses `RESEND_BASE_URL` or Resend's own address. */
  baseUrl?: string;
  timeoutMilliseconds?: number;
};

/** The SDK without redirects: one that repeats the POST would send addresses and mails wherever it points. */
class ResendAtOneAddress extends Resend {
  override fetchRequest<T>(path: string, options: RequestInit = {}) {
    return super.fetchRequest<T>(path, { ...options, redirect: "error" });
  }
}

/** Creates a transport that sends batches through Resend's SDK and translates its answers. */
export function resendTransport(options: ResendTransportOptions): MailTransport {
  const { apiKey, baseUrl, timeoutMilliseconds = REQUEST_TIMEOUT_MILLISECONDS } = options;
  const resend = new ResendAtOneAddress(
    apiKey,
    baseUrl === undefined ? {} : { baseUrl: baseUrl.replace(/\/+$/, "") },
  );

  return {
    name: "resend",
    async deliver({ key, mails }) {
      // The SDK has no timeout of its own; this signal ends its fetch, including the body.
      const signal = AbortSignal.timeout(timeoutMilliseconds);
      try {
        const answer = await resend.batch.send(mails.map(toPayload), {
          idempotencyKey: key,
          batchValidation: "permissive", // the default fails all hundred for one bad address
          signal,
        });
        if (answer.data !== null) return readAcceptance(answer.data, mails.length);
        if (signal.aborted) return { kind: "retry", reason: "timeout", afterSeconds: null };
        return readError(answer.error, answer.headers, new Date());
      } catch {
        // The SDK promises not to throw. If it does, the mail may still have been sent.
        return { kind: "retry", reason: "sdk_error", afterSeconds: null };
      }
    },
  };
}

/**
 * Builds the payload in a fixed field order: the idempotency key requires identical bytes for the same mail.
 */
function toPayload(mail: OutgoingMail) {
  const { from, to, subject, html, text, headers } = mail;
  return { from, to, subject, html, text, headers };
}

/**
 * Reads a 200 response. Resend lists the ids of accepted mails only, in order, and the others under `errors`.
 * A response that does not account for every mail exactly once counts as no answer.
 */
function readAcceptance(data: unknown, mailCount: number): Delivery {
  const nonsense: Delivery = { kind: "retry", reason: "malformed_answer", afterSeconds: null };
  if (!isRecord(data) || !Array.isArray(data.data)) return nonsense;
  const errors: unknown = data.errors ?? [];
  if (!Array.isArray(errors)) return nonsense;

  const refused = new Map<number, Refusal>();
  for (const error of errors) {
    if (!isRecord(error)) return nonsense;
    const { index, message } = error;
    if (typeof index !== "number" || !Number.isInteger(index) || index < 0 || index >= mailCount)
      return nonsense;
    refused.set(index, { index, ...refusalIn(message) });
  }
  const ids: string[] = [];
  for (const entry of data.data) {
    if (!isRecord(entry) || typeof entry.id !== "string" || entry.id === "") return nonsense;
    ids.push(entry.id);
  }
  if (ids.length + refused.size !== mailCount) return nonsense;

  const remaining = ids.values();
  const providerIds = Array.from({ length: mailCount }, (_, index) =>
    refused.has(index) ? null : (remaining.next().value ?? null),
  );
  return {
    kind: "accepted",
    providerIds,
    refused: [...refused.values()].sort((a, b) => a.index - b.index),
  };
}

/** Resend's message quotes the address, so only the name of the field at fault is kept. */
function refusalIn(message: unknown): Omit<Refusal, "index"> {
  const field = fieldIn(message);
  if (field === "from") return { reason: "validation_error: from", cause: "sender" };
  if (field === undefined && isAboutDomain(message))
    return { reason: "validation_error: domain", cause: "domain" };
  return { reason: field === undefined ? "validation_error" : `validation_error: ${field}` };
}

/** Returns the field that Resend's message complains about. */
function fieldIn(message: unknown): string | undefined {
  return typeof message === "string" ? /`(to|from|subject|html|text|headers)`/.exec(message)?.[1] : undefined;
}

function isAboutDomain(message: unknown): boolean {
  return typeof message === "string" && /\bdomain is not verified\b|\bverify a domain\b/i.test(message);
}

/** Error names that the SDK gives to responses that are not Resend's JSON. */
const NOT_OF_RESEND = ["application_error", "unknown_error"];

/**
 * Returns what is wrong with our configuration or account;
 * null if the error is about the mail or is temporary.
 */
function misconfigurationIn(name: string, status: number | null, message: unknown): Misconfiguration | null {
  switch (name) {
    case "missing_api_key":
    case "invalid_api_key":
    case "restricted_api_key":
    case "invalid_access":
      return "key";
    case "invalid_from_address":
      return "sender";
  }
  const foreign = NOT_OF_RESEND.includes(name);
  switch (status) {
    // A response that does not repeat its status is classified by its message.
    case null:
    case 400:
    case 422:
      if (foreign) return null;
      if (fieldIn(message) === "from") return "sender";
      return fieldIn(message) === undefined && isAboutDomain(message) ? "domain" : null;
    case 401:
      return foreign ? "endpoint" : "key";
    case 403:
      if (foreign) return "endpoint";
      return name === "validation_error" ? "domain" : "account";
    case 402:
    case 451:
      return foreign ? "endpoint" : "account";
    case 404:
    case 405:
      return "endpoint";
  }
  return null;
}

/** Reads any response but a 200. `error` is what the server sent, so its declared type is not trusted. */
function readError(error: unknown, headers: Headers, now: Date): Delivery {
  const name = isRecord(error) && isErrorName(error.name) ? error.name : "unknown_error";
  const status = isRecord(error) && typeof error.statusCode === "number" ? error.statusCode : null;
  const reason = status === null ? name : `${name} (${status})`;
  const retryAfter = readRetryAfter(headers, now);

  switch (name) {
    case "daily_quota_exceeded":
    case "monthly_quota_exceeded": {
      // `ratelimit-reset` is about requests per second and says nothing about the quota.
      const afterSeconds = retryAfter ?? secondsUntilQuotaReset(name, now);
      return { kind: "quota", reason, afterSeconds: Math.max(QUOTA_MINIMUM_SECONDS, afterSeconds) };
    }
    case "rate_limit_exceeded":
      return throttled(reason, headers, retryAfter);
    case "invalid_idempotent_request": // a bug of ours: a frozen batch has changed
    case "invalid_idempotency_key":
      return { kind: "refused", reason };
  }
  const cause = misconfigurationIn(name, status, isRecord(error) ? error.message : undefined);
  if (cause !== null) return { kind: "misconfigured", cause, reason };

  switch (status) {
    case 429:
      return throttled(reason, headers, retryAfter);
    case 400:
    case 413:
    case 422:
      // The SDK says `application_error` if the answer was not
      // Resend's JSON: a proxy's answer must not refuse mail.
      if (NOT_OF_RESEND.includes(name)) break;
      return { kind: "refused", reason };
  }
  return { kind: "retry", reason, afterSeconds: retryAfter };
}

function throttled(reason: string, headers: Headers, retryAfter: number | null): Delivery {
  const afterSeconds = retryAfter ?? readSeconds(headers?.["ratelimit-reset"]) ?? THROTTLED_DEFAULT_SECONDS;
  return { kind: "throttled", reason, afterSeconds };
}

/**
 * Returns `retry-after` in seconds, from a number or an HTTP date (RFC 9110, 10.2.3).
 * Null if absent or unreadable.
 */
function readRetryAfter(headers: Headers, now: Date): number | null {
  const value = headers?.["retry-after"];
  if (value === undefined) return null;
  const seconds = readSeconds(value);
  if (seconds !== null) return seconds;
  const date = Date.parse(value);
  if (Number.isNaN(date)) return null;
  return Math.min(WAIT_MAXIMUM_SECONDS, Math.max(1, Math.ceil((date - now.getTime()) / 1000)));
}

/** Parses whole seconds, at least one, so that "0" does not cause a busy loop. */
function readSeconds(value: string | undefined): number | null {
  if (value === undefined || !/^\d{1,12}(\.\d+)?$/.test(value.trim())) return null;
  return Math.min(WAIT_MAXIMUM_SECONDS, Math.max(1, Math.ceil(Number(value))));
}

/**
 * Returns the seconds until midnight UTC or the first of next month.
 * Too early does no harm: Resend refuses again.
 */
function secondsUntilQuotaReset(name: "daily_quota_exceeded" | "monthly_quota_exceeded", now: Date): number {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  const reset =
    name === "daily_quota_exceeded" ? Date.UTC(year, month, day + 1) : Date.UTC(year, month + 1, 1);
  return Math.ceil((reset - now.getTime()) / 1000);
}

/** Resend's error names are words joined by underscores. Anything else could contain an address. */
function isErrorName(value: unknown): value is string {
  return typeof value === "string" && /^[a-z][a-z_]{2,59}$/.test(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
