import { decode } from "next-auth/jwt";
import { v4 as uuidv4 } from "uuid";
import { database } from "@/lib/db/client";
import { settings } from "@/lib/settings";
import { recordAudit } from "./audit";
import { REFRESH_HEADER } from "./refresh-header";
import type { Actor, Role } from "./roles";

/** A session ends after this many minutes without a request (OWASP ASVS 5.0, 7.3.1). */
export const SESSION_IDLE_MINUTES = 30;
/** A session ends after this many hours, whatever happens (OWASP ASVS 5.0, 7.3.2). */
export const SESSION_HOURS = 8;
/** How long after a code was taken an export needs no other, in minutes (OWASP ASVS 5.0, 7.5.3). */
export const SECOND_FACTOR_MINUTES = 15;
/** How exactly the last request is noted, in seconds: not every request has to write. */
const SEEN_PRECISION_SECONDS = 30;

/** `__Host-` ties a cookie to this host and to HTTPS; a site on plain HTTP, as for a trial at home, cannot have it. */
export function cookieName(name: "session-token" | "csrf-token" | "callback-url"): string {
  return settings().siteUrl.startsWith("https:") ? `__Host-admin.${name}` : `admin.${name}`;
}

export type Session = { id: string; email: string; role: Role; createdAt: Date; lastSeenAt: Date };

/** Begins a session of somebody who has just proved who they are. */
export async function beginSession(account: { id: string; email: string; role: Role }): Promise<string> {
  const id = uuidv4();
  await database().$transaction(async (transaction) => {
    await transaction.adminSession.create({ data: { id, accountId: account.id } });
    const actor: Actor = { kind: "account", id: account.id, label: account.email, role: account.role };
    await recordAudit({ actor, action: "session.begin", detail: { session: id } }, transaction);
  });
  return id;
}

/** A session that still holds. `proved`: its last authenticator code was taken so recently that an export needs no other. */
export type LiveSession = { sessionId: string; actor: Actor; proved: boolean };

/** The session of a request's cookie, as the database has it now; null when there is none, or it has ended. */
export async function sessionOf(request: Request): Promise<LiveSession | null> {
  const token = cookieOf(request, cookieName("session-token"));
  if (token === null) return null;
  // A cookie that is not ours, or was changed, does not open.
  const claims = await decode({ token, secret: settings().nextAuthSecret }).catch(() => null);
  if (typeof claims?.sub !== "string" || !/^[0-9a-f-]{36}$/.test(claims.sub)) return null;
  const [found] = await database().$queryRaw<
    { accountId: string; email: string; role: Role; proved: boolean }[]
  >`
    WITH live AS (
      SELECT admin_session.id, admin_session.last_seen_at, admin_account.id AS account_id, admin_account.email, admin_account.role,
        admin_session.second_factor_at > now() - make_interval(mins => ${SECOND_FACTOR_MINUTES}::int) AS proved
      FROM admin_session JOIN admin_account ON admin_account.id = admin_session.account_id
      WHERE admin_session.id = ${claims.sub}::uuid AND admin_session.revoked_at IS NULL AND admin_account.removed_at IS NULL
        AND admin_session.last_seen_at > now() - make_interval(mins => ${SESSION_IDLE_MINUTES}::int)
        AND admin_session.created_at > now() - make_interval(hours => ${SESSION_HOURS}::int)
    ),
    seen AS (
      UPDATE admin_session SET last_seen_at = now() FROM live WHERE admin_session.id = live.id
        AND live.last_seen_at < now() - make_interval(secs => ${SEEN_PRECISION_SECONDS}::int)
        AND NOT ${request.headers.has(REFRESH_HEADER)}::boolean
    )
    SELECT account_id AS "accountId", email, role, proved FROM live`;
  if (!found) return null;
  return {
    sessionId: claims.sub,
    actor: { kind: "account", id: found.accountId, label: found.email, role: found.role },
    proved: found.proved,
  };
}

/** Notes that whoever holds a session has just given an authenticator code again. */
export async function noteSecondFactor(sessionId: string, actor: Actor): Promise<void> {
  await database().$transaction(async (transaction) => {
    await transaction.$executeRaw`
      UPDATE admin_session SET second_factor_at = now() WHERE id = ${sessionId}::uuid`;
    await recordAudit({ actor, action: "session.prove", detail: { session: sessionId } }, transaction);
  });
}

/** Ends a session at once. Its cookie is worth nothing from then on. */
export async function endSession(sessionId: string, actor: Actor): Promise<void> {
  await database().$transaction(async (transaction) => {
    const { count } = await transaction.adminSession.updateMany({
      where: { id: sessionId, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    if (count > 0)
      await recordAudit({ actor, action: "session.end", detail: { session: sessionId } }, transaction);
  });
}

/** The sessions that are open now. */
export async function listSessions(): Promise<Session[]> {
  return database().$queryRaw<Session[]>`
    SELECT admin_session.id, email, role, admin_session.created_at AS "createdAt", last_seen_at AS "lastSeenAt"
    FROM admin_session JOIN admin_account ON admin_account.id = admin_session.account_id
    WHERE revoked_at IS NULL AND last_seen_at > now() - make_interval(mins => ${SESSION_IDLE_MINUTES}::int)
      AND admin_session.created_at > now() - make_interval(hours => ${SESSION_HOURS}::int)
    ORDER BY last_seen_at DESC`;
}

function cookieOf(request: Request, name: string): string | null {
  for (const pair of (request.headers.get("cookie") ?? "").split(";")) {
    const [key = "", ...value] = pair.trim().split("=");
    if (key === name) return decoded(value.join("="));
  }
  return null;
}

/** A cookie's value; null when its escapes are none, as no cookie of ours has. */
function decoded(value: string): string | null {
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
}
