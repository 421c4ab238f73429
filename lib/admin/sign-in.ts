import { inEvenTime } from "@/lib/http/even-time";
import { clientAddress } from "@/lib/http/request";
import { log } from "@/lib/log";
import { proveFactors } from "./factors";
import { withinNetworkShare } from "./network-share";
import { beginSession, noteSecondFactor, sessionOf } from "./sessions";

/**
 * `busy`: too many sign-ins at once, `too-many`: too many from this network. Nothing was checked; the same attempt may
 * succeed a moment later, or a minute.
 */
export type SignIn =
  | { kind: "signed-in"; sessionId: string }
  | { kind: "refused" }
  | { kind: "busy" }
  | { kind: "too-many" };

type SignInForm = { email: string; password: string; code: string; client: string; cookies: string };

/**
 * Signs somebody in with password and authenticator code, or a recovery code in its place; a session that the browser had
 * ends. A network has but its share of all that is checked: nobody can lock out somebody else. How long it takes tells no
 * account apart.
 */
export async function signIn(form: SignInForm): Promise<SignIn> {
  const outcome =
    (await inEvenTime(() => withinNetworkShare(form.client, () => check(form)))) ??
    ({ kind: "too-many" } as const);
  // Never with the address: somebody may type a password there.
  if (outcome.kind !== "signed-in") log.warn("no sign-in", { why: outcome.kind });
  return outcome;
}

async function check({ email, cookies, ...given }: SignInForm): Promise<SignIn> {
  // PostgreSQL's texts hold no NUL: without it, such an address is unknown like any other.
  const proof = await proveFactors({ ...given, email: email.trim().toLowerCase().replaceAll("\0", "") });
  if (proof.kind !== "proved") return proof;
  const sessionId = await beginSession(proof.account, proof.factor, cookies);
  log.info("sign-in", { account: proof.account.id, factor: proof.factor });
  return { kind: "signed-in", sessionId };
}

/**
 * Takes an authenticator or recovery code once more from whoever is signed in. A code is good once, here or at the
 * sign-in, and failures make both wait.
 * @returns the session's new id, or null when the code was not taken.
 */
export async function proveAgain(request: Request, code: string): Promise<string | null> {
  const session = await sessionOf(request);
  if (session === null) return null;
  const { sessionId, actor } = session;
  const proof = await proveFactors({ email: actor.label, client: clientAddress(request), code });
  if (proof.kind !== "proved") {
    log.warn("no proof", { account: actor.id, why: proof.kind });
    return null;
  }
  return noteSecondFactor(sessionId, actor, proof.factor);
}
