import { actorOfToken, type LiveSession, sessionOf } from "@/lib/accounts";
import { type Actor, includesRole, type Role } from "@/lib/audit";
import { isForeign, isUnnamed } from "@/lib/http/request";
import { log } from "@/lib/log";
import { noteSecurityEvent } from "@/lib/observability";
import { isOpenToTokens } from "./actions";

/**
 * `proved`: no authenticator code need be asked for. Always true for tokens: scripts have neither a
 * code nor a session. `timeZone`: the one to show times in. `why`: the role is too low, an API token may not do this, or another site's page
 * may have made the request.
 */
export type Authorisation =
  | { ok: true; actor: Actor; proved: boolean; sessionId: string | null; timeZone: string }
  | { ok: false; status: 401 }
  | { ok: false; status: 403; why: "role" | "token" | "origin" };

const READING = new Set(["GET", "HEAD"]);

/**
 * Identifies who makes a request, by bearer API token or session cookie, and checks that they may. Call it in
 * every route that reads or writes for administrators; nothing before it is relied on.
 *
 * A change is accepted from a session only if the browser says that one of our pages makes it
 * (docs/decisions/0011). A token only reads figures and exports, whatever its role: whoever finds one can
 * neither change anything nor gain rights. Uses of tokens and refusals are logged (OWASP ASVS 5.0, 16.3.1 and
 * 16.3.2), without the path, which may hold a token.
 * @param fromOurs true if a browser must not read this for another site's page either, such
 *   as files it would store.
 * @param readSession how to find the session of the request, if the caller has read it already.
 */
export async function authorise(
  request: Request,
  needed: Role,
  fromOurs = false,
  readSession: (request: Request) => Promise<LiveSession | null> = sessionOf,
): Promise<Authorisation> {
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const session = bearer === undefined ? await readSession(request) : null;
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
  return {
    ok: true,
    actor,
    proved: session?.proved ?? true,
    sessionId: session?.sessionId ?? null,
    timeZone: session?.timeZone ?? "UTC",
  };
}

function refusal(request: Request, actor: Actor, needed: Role, fromOurs: boolean) {
  const reading = READING.has(request.method);
  if (actor.kind === "token") {
    if (!reading || !isOpenToTokens(new URL(request.url).pathname)) return "token";
  } else if (!reading || fromOurs) {
    if (isForeign(request) || (!reading && isUnnamed(request))) {
      if (!reading) noteSecurityEvent("foreign-post");
      return "origin";
    }
  }
  return includesRole(actor.role, needed) ? null : "role";
}
