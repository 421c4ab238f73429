import { evenTime } from "@/lib/http/even-time";
import { clientAddress } from "@/lib/http/request";
import { log } from "@/lib/log";
import { noteSecurityEvent } from "@/lib/observability";
import { type Proof, proveFactors } from "./factors";
import {
  beginSession,
  countCode,
  endGuessedSession,
  type LiveSession,
  noteSecondFactor,
  sessionOf,
  uncountCode,
  WRONG_CODES_MAX,
} from "./sessions";
import { withinNetworkShare } from "./sign-in-limits";

const inEvenTime = evenTime("sign in");

/**
 * `busy`: too many sign-ins at once. `too-many`: too many from this network. Nothing was checked; the same
 * attempt may succeed a moment or a minute later.
 */
export type SignIn =
  | { kind: "signed-in"; sessionToken: string }
  | { kind: "refused" }
  | { kind: "busy" }
  | { kind: "too-many" };

type SignInForm = { email: string; password: string; code: string; client: string; cookies: string };

/**
 * Signs somebody in with a password and an authenticator or recovery code. Ends the browser's earlier
 * session. Each network gets only its share of the checks, so that nobody can lock others out. The time it
 * takes does not reveal which accounts exist.
 */
export async function signIn(form: SignInForm): Promise<SignIn> {
  const outcome =
    (await inEvenTime(() => withinNetworkShare(form.client, () => check(form)))) ??
    ({ kind: "too-many" } as const);
  // Never log the address: somebody may type a password there.
  if (outcome.kind !== "signed-in") log.warn("no sign-in", { why: outcome.kind });
  return outcome;
}

async function check({ email, cookies, ...given }: SignInForm): Promise<SignIn> {
  // PostgreSQL text cannot hold NUL. Without it, such an address is unknown like any other.
  const proof = await proveFactors({ ...given, email: email.trim().toLowerCase().replaceAll("\0", "") });
  if (proof.kind !== "proved") return { kind: proof.kind };
  const sessionToken = await beginSession(proof.account, proof.factor, { cookies, client: given.client });
  log.info("sign-in", { account: proof.account.id, factor: proof.factor });
  return { kind: "signed-in", sessionToken };
}

/**
 * Outcome of giving a code in a session. `clockOff`: the code is up to five minutes early or late. `ended`:
 * it was one wrong code too many and ended the session, or there is none.
 */
export type ProofAgain =
  | { kind: "proved"; sessionToken: string }
  | { kind: "refused"; clockOff: boolean }
  | { kind: "ended" };

/**
 * Asks a signed-in person for another authenticator or recovery code. A code works once, here or at sign-in,
 * and failures delay both. On success the session gets a new token.
 */
export async function proveAgain(request: Request, code: string): Promise<ProofAgain> {
  const session = await sessionOf(request);
  if (session === null) return { kind: "ended" };
  const proof = await proveInSession(request, session, { code });
  switch (proof.kind) {
    case "proved":
      return {
        kind: "proved",
        sessionToken: await noteSecondFactor(session.sessionId, session.actor, proof.factor),
      };
    case "busy":
      return { kind: "refused", clockOff: false };
    case "refused":
    case "ended":
      return proof;
  }
}

/**
 * Checks factors given in a session. The tenth wrong code in a row ends the session, from whatever network.
 */
export async function proveInSession(
  request: Request,
  { sessionId, actor }: LiveSession,
  given: { password?: string; code: string },
): Promise<Proof | { kind: "ended" }> {
  const codes = await countCode(sessionId);
  if (codes === null) {
    // Also if something went wrong after the tenth was counted and before it was checked.
    await endGuessedSession(sessionId, actor);
    return { kind: "ended" };
  }
  const client = clientAddress(request);
  const proof = await proveFactors({ ...given, email: actor.label, client, inSession: true });
  if (proof.kind === "proved") return proof;
  log.warn("no proof", { account: actor.id, why: proof.kind });
  if (proof.kind === "busy") {
    await uncountCode(sessionId);
    return proof;
  }
  if (codes < WRONG_CODES_MAX) return proof;
  await endGuessedSession(sessionId, actor);
  noteSecurityEvent("code-guessing");
  return { kind: "ended" };
}
