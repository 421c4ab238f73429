import { actorOfToken, sessionOf } from "@/lib/accounts";
import { type Actor, includesRole, type Role } from "@/lib/audit";
import { isForeign, isUnnamed } from "@/lib/http/request";
import { log } from "@/lib/log";
import { isOpenToTokens } from "./actions";

/**
 * `proved`: no authenticator code need be asked for; scripts with a token have none to give, nor a session. `why` of a
 * refusal: the role does not reach, an API token does not, or another site's page may have asked.
 */
export type Authorisation =
  | { ok: true; actor: Actor; proved: boolean; sessionId: string | null }
  | { ok: false; status: 401 }
  | { ok: false; status: 403; why: "role" | "token" | "origin" };

const READING = new Set(["GET", "HEAD"]);

/**
 * Who makes a request, and whether they may: by an API token as bearer, or by the session cookie. Asked in every route
 * that reads or writes for administrators; nothing before it is relied on. A change is taken from a session only when the
 * browser says that a page of ours makes it (docs/decisions/0011). A token reads figures and exports, whatever its role: who
 * finds one can neither change anything nor give themselves more. Uses of tokens and refusals are logged (OWASP ASVS 5.0,
 * 16.3.1 and 16.3.2), without the address asked for: a path may hold a token.
 * @param fromOurs true when a browser must not read this for another site's page either, as files it would keep.
 */
export async function authorise(request: Request, needed: Role, fromOurs = false): Promise<Authorisation> {
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const session = bearer === undefined ? await sessionOf(request) : null;
  const actor = bearer === undefined ? (session?.actor ?? null) : await actorOfToken(bearer);
  if (actor === null) {
    if (bearer !== undefined) log.warn("access refused", { why: "unknown token" });
    return { ok: false, status: 401 };
  }
  const why = refusal(request, actor, needed, fromOurs);
  if (why !== null) {
    log.warn("access refused", { why, [actor.kind]: actor.id, role: actor.role, needed });
    return { ok: false, status: 403, why };
  }
  if (actor.kind === "token") log.info("token used", { token: actor.id, role: actor.role, needed });
  return { ok: true, actor, proved: session?.proved ?? true, sessionId: session?.sessionId ?? null };
}

function refusal(request: Request, actor: Actor, needed: Role, fromOurs: boolean) {
  const reading = READING.has(request.method);
  if (actor.kind === "token") {
    if (!reading || !isOpenToTokens(new URL(request.url).pathname)) return "token";
  } else if (!reading || fromOurs) {
    if (isForeign(request) || (!reading && isUnnamed(request))) return "origin";
  }
  return includesRole(actor.role, needed) ? null : "role";
}
