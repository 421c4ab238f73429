import { decode, encode, type JWTDecodeParams } from "next-auth/jwt";
import { v4 as uuidv4 } from "uuid";
import { z } from "zod";
import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { settings } from "@/lib/settings";
import { recordAudit } from "./audit";
import { REFRESH_HEADER } from "./refresh-header";
import type { Actor, Role } from "./roles";

/** A session ends after this many minutes without a request (OWASP ASVS 5.0, 7.3.1). */
export const SESSION_IDLE_MINUTES = 30;
/** A session ends after this many hours, whatever happens (OWASP ASVS 5.0, 7.3.2). */
export const SESSION_HOURS = 8;
/** How long after a code was taken exports and changes of access need no other, in minutes (OWASP ASVS 5.0, 7.5.1, 7.5.3). */
export const SECOND_FACTOR_MINUTES = 15;
/** How exactly the last request is noted, in seconds: not every request has to write. */
const SEEN_PRECISION_SECONDS = 30;

/** `__Host-` ties a cookie to this host and to HTTPS; a site on plain HTTP, as for a trial at home, cannot have it. */
export function cookieName(name: "session-token" | "csrf-token" | "callback-url"): string {
  return settings().siteUrl.startsWith("https:") ? `__Host-admin.${name}` : `admin.${name}`;
}

/** The only way a session's cookie is sealed (RFC 7518, 4.5 and 5.3; OWASP ASVS 5.0, 9.1.2). */
const sealSchema = z.object({ alg: z.literal("dir"), enc: z.literal("A256GCM") });

/** What a session's cookie says; null when it is not ours, was changed, or is sealed in any other way. */
export async function openCookie({ token = "", secret }: JWTDecodeParams): ReturnType<typeof decode> {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString("utf8"));
    if (!sealSchema.safeParse(header).success) return null;
    return await decode({ token, secret });
  } catch {
    return null;
  }
}

/** The `Set-Cookie` of a session that got another id; without one, what takes the cookie back. */
export async function sessionCookie(sessionId: string | null): Promise<string> {
  const { siteUrl, nextAuthSecret } = settings();
  const seconds = sessionId === null ? 0 : SESSION_HOURS * 60 * 60;
  const value =
    sessionId === null
      ? ""
      : await encode({ token: { sub: sessionId }, secret: nextAuthSecret, maxAge: seconds });
  const secure = siteUrl.startsWith("https:") ? "; Secure" : "";
  return `${cookieName("session-token")}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure}`;
}

export type Session = { id: string; email: string; role: Role; createdAt: Date; lastSeenAt: Date };

/** What was given last to prove who somebody is: a code, where a password was asked for as well. */
export type Factor = "password" | "authenticator" | "recovery-code";

/**
 * Begins a session of somebody who has just proved who they are.
 * @param cookies the browser's, whose earlier session ends with it (OWASP ASVS 5.0, 7.2.4).
 */
export async function beginSession(
  account: { id: string; email: string; role: Role },
  factor: Factor,
  cookies: string,
): Promise<string> {
  const id = uuidv4();
  const earlier = await sessionIdIn(cookies);
  await database().$transaction(async (transaction) => {
    if (earlier !== null)
      await transaction.adminSession.updateMany({
        where: { id: earlier, revokedAt: null },
        data: { revokedAt: new Date() },
      });
    await transaction.adminSession.create({ data: { id, accountId: account.id } });
    const actor: Actor = { kind: "account", id: account.id, label: account.email, role: account.role };
    const detail = { session: id, factor, ...(earlier === null ? {} : { ended: earlier }) };
    await recordAudit({ actor, action: "session.begin", detail }, transaction);
  });
  return id;
}

/** A session that still holds. `proved`: its last authenticator code is so recent that nothing needs another. */
export type LiveSession = { sessionId: string; actor: Actor; proved: boolean };

/** The session of a request's cookie, as the database has it now; null when there is none, or it has ended. */
export async function sessionOf(request: Request): Promise<LiveSession | null> {
  const sessionId = await sessionIdIn(request.headers.get("cookie") ?? "");
  if (sessionId === null) return null;
  const [found] = await database().$queryRaw<
    { accountId: string; email: string; role: Role; proved: boolean }[]
  >`
    WITH live AS (
      SELECT admin_session.id, admin_session.last_seen_at, admin_account.id AS account_id, admin_account.email, admin_account.role,
        admin_session.second_factor_at > now() - make_interval(mins => ${SECOND_FACTOR_MINUTES}::int) AS proved
      FROM admin_session JOIN admin_account ON admin_account.id = admin_session.account_id
      WHERE admin_session.id = ${sessionId}::uuid AND admin_session.revoked_at IS NULL AND admin_account.removed_at IS NULL
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
    sessionId,
    actor: { kind: "account", id: found.accountId, label: found.email, role: found.role },
    proved: found.proved,
  };
}

/**
 * Notes that whoever holds a session has just given a code again, and gives the session another id: what was learnt of the
 * one before is worth nothing (OWASP ASVS 5.0, 7.2.4). Its hours go on.
 * @returns the new id.
 */
export async function noteSecondFactor(
  sessionId: string,
  actor: Actor,
  factor: Factor,
  transaction?: Prisma.TransactionClient,
): Promise<string> {
  const renewed = uuidv4();
  const note = async (within: Prisma.TransactionClient) => {
    await within.$executeRaw`
      UPDATE admin_session SET id = ${renewed}::uuid, second_factor_at = now() WHERE id = ${sessionId}::uuid`;
    const detail = { session: renewed, was: sessionId, factor };
    await recordAudit({ actor, action: "session.prove", detail }, within);
  };
  await (transaction ? note(transaction) : database().$transaction(note));
  return renewed;
}

/** Ends a session at once. Its cookie is worth nothing from then on. */
export function endSession(sessionId: string, actor: Actor): Promise<void> {
  return endSessions({ id: sessionId }, actor);
}

/** Ends one of somebody's own sessions, or all but the one named. */
export function endOwnSessions(which: { one: string } | { allBut: string }, actor: Actor): Promise<void> {
  const id = "one" in which ? which.one : { not: which.allBut };
  return endSessions({ id, accountId: actor.id }, actor);
}

/** Ends every session of an account, save one: for whoever changes how it is signed in to, in the same transaction. */
export async function endAllSessions(
  transaction: Prisma.TransactionClient,
  accountId: string,
  save?: string,
): Promise<void> {
  await transaction.adminSession.updateMany({
    where: { accountId, revokedAt: null, ...(save === undefined ? {} : { id: { not: save } }) },
    data: { revokedAt: new Date() },
  });
}

async function endSessions(which: Prisma.AdminSessionWhereInput, actor: Actor): Promise<void> {
  await database().$transaction(async (transaction) => {
    const ended = await transaction.adminSession.updateManyAndReturn({
      where: { ...which, revokedAt: null },
      data: { revokedAt: new Date() },
      select: { id: true },
    });
    for (const { id } of ended)
      await recordAudit({ actor, action: "session.end", detail: { session: id } }, transaction);
  });
}

/** The sessions that are open now, everybody's or one account's. */
export async function listSessions(accountId: string | null = null): Promise<Session[]> {
  return database().$queryRaw<Session[]>`
    SELECT admin_session.id, email, role, admin_session.created_at AS "createdAt", last_seen_at AS "lastSeenAt"
    FROM admin_session JOIN admin_account ON admin_account.id = admin_session.account_id
    WHERE (${accountId}::uuid IS NULL OR account_id = ${accountId}::uuid)
      AND revoked_at IS NULL AND last_seen_at > now() - make_interval(mins => ${SESSION_IDLE_MINUTES}::int)
      AND admin_session.created_at > now() - make_interval(hours => ${SESSION_HOURS}::int)
    ORDER BY last_seen_at DESC`;
}

/** The session that a browser's cookies name; whether it still holds, the database says. */
async function sessionIdIn(cookies: string): Promise<string | null> {
  const token = cookieOf(cookies, cookieName("session-token"));
  if (token === null) return null;
  const claims = await openCookie({ token, secret: settings().nextAuthSecret });
  return typeof claims?.sub === "string" && /^[0-9a-f-]{36}$/.test(claims.sub) ? claims.sub : null;
}

function cookieOf(cookies: string, name: string): string | null {
  for (const pair of cookies.split(";")) {
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
