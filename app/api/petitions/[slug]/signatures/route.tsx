import { guarded } from "@/app/_pages/guard";
import { readerLocale } from "@/app/_pages/message";
import { refuseForm } from "@/app/_pages/refuse";
import { withinCapacity } from "@/lib/abuse/capacity";
import { guardOf } from "@/lib/abuse/guard";
import { admit, isPressed } from "@/lib/abuse/limits";
import { networkKey } from "@/lib/abuse/network";
import { newChallenge, readProof } from "@/lib/abuse/proof";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import { clientAddress, readForm } from "@/lib/http/request";
import { isLocale } from "@/lib/i18n/locales";
import { traced } from "@/lib/operations/telemetry";
import { allowedOrigins } from "@/lib/sharing";
import { checkSignatureForm, isTrapped, SIGNATURE_BODY_LIMIT_BYTES, sign, signInVain } from "@/lib/signing";
import { answerSigning, type SigningOutcome, type Throttled } from "./answer";

/** Takes a signature from a form or as data. Answered "pending" only once signature and mail are committed. */
export function POST(
  request: Request,
  { params }: RouteContext<"/api/petitions/[slug]/signatures">,
): Promise<Response> {
  return guarded(request, async () => {
    const { slug } = await params;
    let postedFrom: string | null = null;
    const received = await readForm(request, SIGNATURE_BODY_LIMIT_BYTES, async (origin) => {
      const allowed = await allowedOrigins(slug);
      postedFrom = Array.isArray(allowed) && allowed.includes(origin) ? origin : null;
      return postedFrom !== null;
    });
    if (!received.ok) return refuseForm(request, received.refusal);
    // What the browser says of the posting page outweighs what the form says.
    const fields = postedFrom === null ? received.fields : { ...received.fields, origin: postedFrom };
    const locale =
      typeof fields.locale === "string" && isLocale(fields.locale) ? fields.locale : readerLocale(request);
    return answerSigning(
      request,
      { slug, locale, fields },
      await attempt(slug, fields, clientAddress(request)),
    );
  });
}

async function attempt(
  slug: string,
  fields: Record<string, unknown>,
  client: string,
): Promise<SigningOutcome> {
  const checked = checkSignatureForm(fields);
  if (!checked.ok) return { kind: "invalid", errors: checked.errors };
  try {
    const outcome = await withinCapacity(async (): Promise<SigningOutcome> => {
      const network = await networkKey(client);
      const throttled = await throttle(slug, fields, network);
      if (throttled) return throttled;
      return await traced(
        "sign",
        async () => (isTrapped(fields) ? await signInVain(slug) : await sign(slug, checked.request, network)),
        ({ kind }) => ({ "petition.outcome": kind }),
      );
    });
    return outcome ?? { kind: "unavailable" };
  } catch (error) {
    if (isDatabaseUnavailable(error)) return { kind: "unavailable" };
    throw error;
  }
}

/** Null when the attempt may go on; else how long to wait, and the work that would let it through at once. */
async function throttle(
  slug: string,
  fields: Record<string, unknown>,
  network: Buffer<ArrayBuffer>,
): Promise<Throttled | null> {
  const guard = await guardOf(slug);
  const { limits } = guard;
  const pressed = await isPressed(guard);
  const proof = fields.proof === undefined ? null : await readProof(fields.proof, slug, network);
  const admission = await admit({ network, proof, limits, pressed });
  if (admission.admitted) return null;
  // Whose work did not help is not set to work again at once: the page would go on for ever.
  const challenge = fields.proof === undefined ? await newChallenge(slug, network) : null;
  return { kind: "throttled", retryAfterSeconds: admission.retryAfterSeconds, challenge };
}
