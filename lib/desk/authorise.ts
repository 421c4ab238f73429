import { actorOfToken, type LiveSession, sessionOf } from "@/lib/accounts";
import type { Actor } from "@/lib/audit";
import { isForeign, isUnnamed } from "@/lib/http/request";
import { log } from "@/lib/log";
import { noteSecurityEvent } from "@/lib/observability";
import { type Access, mayIn, type Permission } from "@/lib/roles";
import { isOpenToTokens } from "./actions";

/** Whether somebody has a permission: in the campaign that was asked for, or everywhere if none was. */
export type May = (permission: Permission) => boolean;

/**
 * `proved`: no authenticator code need be asked for. Always true for tokens: scripts have neither a
 * code nor a session. `timeZone`: the one to show times in. 404: nothing of the campaign is theirs to see, so it
 * is not there for them. `why`: their role does not include it, an API token may not do this, or another site's
 * page may have made the request.
 */
export type Authorisation =
  | {
      ok: true;
      actor: Actor;
      access: Access;
      may: May;
      proved: boolean;
      sessionId: string | null;
      timeZone: string;
    }
  | { ok: false; status: 401 | 404 }
  | { ok: false; status: 403; why: "role" | "token" | "origin" };

type Asked = {
  /** Slug of the campaign that the request concerns; null if it concerns none. */
  campaign: string | null;
  /** True if a browser must not read this for another site's page either, such as files it would store. */
  fromOurs?: boolean;
  /** How to find the session of the request, if the caller has read it already. */
  readSession?: (request: Request) => Promise<LiveSession | null>;
};

const READING = new Set(["GET", "HEAD"]);

/**
 * Identifies who makes a request, by bearer API token or session cookie, and checks that they may. Call it in
 * every route that reads or writes for administrators; nothing before it is relied on.
 *
 * A change is accepted from a session only if the browser says that one of our pages makes it
 * (docs/decisions/0011). A token only reads figures and exports, whatever its role: whoever finds one can
 * neither change anything nor gain rights. Uses of tokens and refusals are logged (OWASP ASVS 5.0, 16.3.1 and
 * 16.3.2), without the path, which may hold a token.
 * Roles are read from the database on every request: whoever loses one is refused from the next on.
 */
export async function authorise(
  request: Request,
  needs: Permission,
  { campaign, fromOurs = false, readSession = sessionOf }: Asked,
): Promise<Authorisation> {
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const session = bearer === undefined ? await readSession(request) : null;
  const actor = bearer === undefined ? (session?.actor ?? null) : await actorOfToken(bearer);
  if (actor === null) {
    if (bearer !== undefined) log.warn("access refused", { why: "unknown token" });
    return { ok: false, status: 401 };
  }
  const access = session?.access ?? { role: actor.role, inCampaigns: new Map() };
  const may: May = (permission) => mayIn(access, campaign, permission);
  const why = refusalBeforeRoles(request, actor, fromOurs) ?? refusalByRole(may, needs, campaign);
  if (why !== null) {
    log.warn("access refused", { why, [actor.kind]: actor.id, role: actor.role, needed: needs });
    return why === "campaign" ? { ok: false, status: 404 } : { ok: false, status: 403, why };
  }
  if (actor.kind === "token") log.info("token used", { token: actor.id, role: actor.role, needed: needs });
  return {
    ok: true,
    actor,
    access,
    may,
    proved: session?.proved ?? true,
    sessionId: session?.sessionId ?? null,
    timeZone: session?.timeZone ?? "UTC",
  };
}

function refusalBeforeRoles(request: Request, actor: Actor, fromOurs: boolean): "token" | "origin" | null {
  const reading = READING.has(request.method);
  if (actor.kind === "token")
    return reading && isOpenToTokens(new URL(request.url).pathname) ? null : "token";
  if (reading && !fromOurs) return null;
  if (!isForeign(request) && (reading || !isUnnamed(request))) return null;
  if (!reading) noteSecurityEvent("foreign-post");
  return "origin";
}

function refusalByRole(may: May, needs: Permission, campaign: string | null): "campaign" | "role" | null {
  if (may(needs)) return null;
  return campaign === null || may("read figures") ? "role" : "campaign";
}
