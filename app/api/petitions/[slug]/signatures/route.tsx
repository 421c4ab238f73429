import { handleErrors } from "@/app/(public)/_pages/errors";
import { readerLocale } from "@/app/(public)/_pages/message";
import { answerPostOnly, refuseForm } from "@/app/(public)/_pages/refuse";
import {
  type AbusePolicy,
  admit,
  isDisposable,
  isPermit,
  isPressed,
  listingOf,
  newChallenge,
  newPermit,
  policyOf,
  readProof,
  takesMail,
  withinCapacity,
} from "@/lib/abuse";
import { shownLanguage } from "@/lib/campaigns";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import { SHOWN_TO_SANDBOXES } from "@/lib/http/baseline";
import { evenTime } from "@/lib/http/even-time";
import { clientAddress, readForm, wantsJson } from "@/lib/http/request";
import { isLocale } from "@/lib/i18n/locales";
import type { ErrorKey } from "@/lib/i18n/messages";
import { domainOf } from "@/lib/mailbox";
import { networkKey } from "@/lib/network";
import { noteSecurityEvent, traced } from "@/lib/observability";
import { allowedOrigins, networkBit } from "@/lib/sharing";
import {
  checkSignatureForm,
  isTrapped,
  SIGNATURE_BODY_LIMIT_BYTES,
  sign,
  signWithoutRecording,
} from "@/lib/signing";
import { answerSigning, type SigningOutcome, type Throttled } from "./answer";

const inEvenTime = evenTime("sign");

/** Retry-After for a blocked network, in seconds. */
const BLOCKED_RETRY_AFTER_SECONDS = 3_600;

/** The Origin header of a page with an opaque origin (RFC 6454, 6.2). */
const OPAQUE_ORIGIN = "null";

/** Takes a signature from a form or as JSON. Answers "pending" only once signature and mail are committed. */
export function POST(
  request: Request,
  { params }: RouteContext<"/api/petitions/[slug]/signatures">,
): Promise<Response> {
  return handleErrors(request, async () => {
    const { slug } = await params;
    let postedFrom: string | null = null;
    let sandboxed = false;
    const received = await readForm(request, SIGNATURE_BODY_LIMIT_BYTES, async (origin) => {
      // A sandboxed frame without an origin of its own (HTML, "sandbox"): read anyway, so that what was typed
      // is not lost.
      sandboxed = origin === OPAQUE_ORIGIN && !wantsJson(request);
      if (sandboxed) return true;
      const allowed = await allowedOrigins(slug);
      postedFrom = Array.isArray(allowed) && allowed.includes(origin) ? origin : null;
      return postedFrom !== null;
    });
    if (!received.ok) return refuseForm(request, received.refusal);
    // The browser's Origin header takes precedence over the form's field.
    const fields = postedFrom === null ? received.fields : { ...received.fields, origin: postedFrom };
    const locale =
      typeof fields.locale === "string" && isLocale(fields.locale) ? fields.locale : readerLocale(request);
    const client = clientAddress(request);
    // Any page can be in a sandbox, so only forms that we returned ourselves are accepted from one.
    const outcome: SigningOutcome =
      sandboxed && !isPermit(fields.permit, slug, client)
        ? { kind: "sandboxed" }
        : await attempt(slug, fields, client);
    const permit = sandboxed ? newPermit(slug, client) : undefined;
    const answer = await answerSigning(request, { slug, locale, fields, permit }, outcome);
    if (sandboxed) for (const header of Object.entries(SHOWN_TO_SANDBOXES)) answer.headers.set(...header);
    return answer;
  });
}

export async function GET(
  request: Request,
  { params }: RouteContext<"/api/petitions/[slug]/signatures">,
): Promise<Response> {
  const { slug } = await params;
  return answerPostOnly(
    request,
    `/${shownLanguage(slug, readerLocale(request))}/${encodeURIComponent(slug)}#sign`,
  );
}

async function attempt(
  slug: string,
  fields: Record<string, unknown>,
  client: string,
): Promise<SigningOutcome> {
  const checked = checkSignatureForm(fields);
  if (!checked.ok) return { kind: "invalid", errors: checked.errors };
  const { request } = checked;
  try {
    const work = async (): Promise<SigningOutcome> => {
      const policy = await policyOf(slug);
      const listing = listingOf(policy, request.email, client);
      if (listing !== null && listing !== "allowed") noteSecurityEvent("listed-sender");
      const network = await networkKey(client);
      const held = isTrapped(fields);
      if (held) noteSecurityEvent("trap-filled");
      const signing = (withoutRecording: boolean) =>
        traced(
          "sign",
          () =>
            withoutRecording
              ? signWithoutRecording(slug, request)
              : sign(slug, request, network, { held, networkBit: networkBit(client) }),
          ({ kind }) => ({ "petition.outcome": kind }),
        );
      if (listing === "allowed") return signing(false);
      const throttled = await throttle(slug, fields, policy, network, listing === "blocked-network");
      if (throttled) return throttled;
      const mistake =
        listing === "blocked-domain" ? "email.refused" : await mistakenDomain(policy, request.email);
      if (mistake !== null) return { kind: "invalid", errors: { email: [mistake] } };
      // Blocked addresses are not told so: anyone else trying the address would learn it too.
      return signing(listing === "blocked-address");
    };
    return (await inEvenTime(() => withinCapacity(work))) ?? { kind: "unavailable" };
  } catch (error) {
    if (isDatabaseUnavailable(error)) return { kind: "unavailable" };
    throw error;
  }
}

/**
 * Returns null if the attempt may go on; else how long to wait and the proof of work that would let it
 * through now.
 */
async function throttle(
  slug: string,
  fields: Record<string, unknown>,
  policy: AbusePolicy,
  network: Buffer<ArrayBuffer>,
  isBlocked: boolean,
): Promise<Throttled | null> {
  // Answered like a network that sends too much, which an honest signer in it can act on.
  if (isBlocked)
    return { kind: "throttled", retryAfterSeconds: BLOCKED_RETRY_AFTER_SECONDS, challenge: null };
  const pressed = await isPressed(policy);
  const proof = fields.proof === undefined ? null : await readProof(fields.proof, slug, network);
  const admission = await admit({ network, proof, limits: policy.limits, pressed });
  if (fields.proof !== undefined && proof === null) noteSecurityEvent("false-proof");
  if (admission.admitted) return null;
  if (proof !== null) noteSecurityEvent("spent-proof");
  // If a proof did not help, no new one is offered: the page would keep trying for ever.
  const challenge = fields.proof === undefined ? await newChallenge(slug, network) : null;
  return { kind: "throttled", retryAfterSeconds: admission.retryAfterSeconds, challenge };
}

/** Returns the campaign's objection to the address's domain, or null if it is fine or not checked. */
async function mistakenDomain(policy: AbusePolicy, email: string): Promise<ErrorKey | null> {
  const domain = domainOf(email);
  if (policy.refuseDisposable && isDisposable(domain)) return "email.refused";
  return policy.checkMailDomain && !(await takesMail(domain)) ? "email.unreachable" : null;
}
