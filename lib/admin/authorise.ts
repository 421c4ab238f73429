import { isForeign, isUnnamed } from "@/lib/http/request";
import { type Actor, includesRole, type Role } from "./roles";
import { sessionOf } from "./sessions";
import { actorOfToken } from "./tokens";

/** `proved`: no authenticator code need be asked for before an export; scripts with a token have none to give. */
export type Authorisation = { ok: true; actor: Actor; proved: boolean } | { ok: false; status: 401 | 403 };

const READING = new Set(["GET", "HEAD"]);
/** What scripts read: exports, the packet, the log as a file, and the desk's figures. */
const OPEN_TO_TOKENS = /^\/(?:api\/admin\/.+|admin|admin\/sharing|admin\/audit\/export)$/;

/**
 * Who makes a request, and whether they may: by an API token as bearer, or by the session cookie. Asked in every route
 * that reads or writes for administrators; nothing before it is relied on. A change is taken from a session only when the
 * browser says that a page of ours makes it (docs/decisions/0011). A token reads figures and exports, whatever its role: who
 * finds one can neither change anything nor give themselves more.
 */
export async function authorise(request: Request, needed: Role): Promise<Authorisation> {
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const session = bearer === undefined ? await sessionOf(request) : null;
  const actor = bearer === undefined ? (session?.actor ?? null) : await actorOfToken(bearer);
  if (actor === null) return { ok: false, status: 401 };
  const reading = READING.has(request.method);
  const ours = !isForeign(request) && !isUnnamed(request);
  const mayAsk = bearer === undefined ? reading || ours : reading && isOpenToTokens(request);
  if (!mayAsk) return { ok: false, status: 403 };
  if (!includesRole(actor.role, needed)) return { ok: false, status: 403 };
  return { ok: true, actor, proved: session?.proved ?? true };
}

function isOpenToTokens(request: Request): boolean {
  return OPEN_TO_TOKENS.test(new URL(request.url).pathname);
}
