import { decode, encode, type JWTDecodeParams } from "next-auth/jwt";
import { v4 as uuidv4 } from "uuid";
import { z } from "zod";
import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { hashToken, keyedHash, newToken } from "@/lib/db/keyed-hash";
import { REFRESH_HEADER } from "@/lib/http/refresh-header";
import { networkOf } from "@/lib/network";
import type { Access, CampaignRole, Role } from "@/lib/roles";
import { settings } from "@/lib/settings";

/** A session ends after this many minutes without a request (OWASP ASVS 5.0, 7.3.1). */
export const SESSION_IDLE_MINUTES = 30;
/** A session ends after this many hours, whatever happens (OWASP ASVS 5.0, 7.3.2). */
export const SESSION_HOURS = 8;
/** For this many minutes after a code, no action asks for another (OWASP ASVS 5.0, 7.5.1, 7.5.3). */
export const SECOND_FACTOR_MINUTES = 15;
/** Wrong codes in a row that end a session. */
export const WRONG_CODES_MAX = 10;
/** Precision of the last request's time, in seconds, so that not every request writes. */
const SEEN_PRECISION_SECONDS = 30;

/**
 * Returns a cookie's full name. `__Host-` binds it to this host and to HTTPS; a site on plain HTTP, such as a
 * trial at home, cannot use it.
 */
export function cookieName(name: "session-token" | "csrf-token" | "callback-url"): string {
  return settings().siteUrl.startsWith("https:") ? `__Host-admin.${name}` : `admin.${name}`;
}

/** The only accepted encryption of a session cookie (RFC 7518, 4.5 and 5.3; OWASP ASVS 5.0, 9.1.2). */
const sealSchema = z.object({ alg: z.literal("dir"), enc: z.literal("A256GCM") });

/**
 * Decrypts a session cookie. Returns null if it is not ours, was changed, or is encrypted in any other way.
 */
export async function openCookie({ token = "", secret }: JWTDecodeParams): ReturnType<typeof decode> {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString("utf8"));
    if (!sealSchema.safeParse(header).success) return null;
    return await decode({ token, secret });
  } catch {
    return null;
  }
}

/** A cookie as `cookies().set()` takes it. */
type Cookie = {
  name: string;
  value: string;
  path: "/";
  httpOnly: true;
  sameSite: "lax";
  maxAge: number;
  secure: boolean;
};

function cookieWith(value: string, maxAge: number): Cookie {
  const secure = settings().siteUrl.startsWith("https:");
  return {
    name: cookieName("session-token"),
    value,
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    maxAge,
    secure,
  };
}

/** Returns the session cookie for a new token. */
export async function sessionCookieOf(sessionToken: string): Promise<Cookie> {
  const maxAge = SESSION_HOURS * 60 * 60;
  return cookieWith(
    await encode({ token: { sub: sessionToken }, secret: settings().nextAuthSecret, maxAge }),
    maxAge,
  );
}

/** Returns a cookie that deletes the session cookie. */
export function endedSessionCookie(): Cookie {
  return cookieWith("", 0);
}

/**
 * Returns the session cookie as the value of a `Set-Cookie` header; without a token, one
 * that deletes the cookie.
 */
export async function sessionCookie(sessionToken: string | null): Promise<string> {
  const { name, value, maxAge, secure } =
    sessionToken === null ? endedSessionCookie() : await sessionCookieOf(sessionToken);
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAge}${secure ? "; Secure" : ""}`;
}

const TOKEN_FORM = /^[\w-]{43}$/;

export type Session = { id: string; email: string; role: Role; createdAt: Date; lastSeenAt: Date };

/** The last factor that proved who somebody is: the code, if both password and code were checked. */
export type Factor = "password" | "authenticator" | "recovery-code";

/** Returns the key that tells whether an account has signed in from a network before. */
export function accountNetworkKey(email: string, client: string): Buffer<ArrayBuffer> {
  return keyedHash("admin-session", `${email} ${networkOf(client)}`);
}

/**
 * Starts a session for somebody who has just proved who they are.
 * @param browser its cookies, whose earlier session is ended (OWASP ASVS 5.0, 7.2.4), and its address.
 * @returns the token for the cookie. Only its hash is stored: neither the database nor the audit
 *   log can open a session.
 */
export async function beginSession(
  account: { id: string; email: string; role: Role },
  factor: Factor,
  browser: { cookies: string; client: string },
): Promise<string> {
  const { token, hash } = newToken();
  const id = uuidv4();
  const earlier = await tokenHashIn(browser.cookies);
  await database().$transaction(async (transaction) => {
    const [ended] =
      earlier === null
        ? []
        : await transaction.adminSession.updateManyAndReturn({
            where: { tokenHash: earlier, revokedAt: null },
            data: { revokedAt: new Date() },
            select: { id: true },
          });
    const networkKey = accountNetworkKey(account.email, browser.client);
    await transaction.adminSession.create({
      data: { id, tokenHash: hash, networkKey, accountId: account.id },
    });
    const actor: Actor = { kind: "account", id: account.id, label: account.email, role: account.role };
    const detail = { session: id, factor, ...(ended ? { ended: ended.id } : {}) };
    await recordAudit({ actor, action: "session.begin", detail }, transaction);
  });
  return token;
}

/**
 * An open session. `proved`: its last code is recent enough that no action asks for another. `timeZone`: the one
 * its owner wants times shown in.
 */
export type LiveSession = {
  sessionId: string;
  actor: Actor;
  access: Access;
  proved: boolean;
  timeZone: string;
};

type SessionRow = {
  sessionId: string;
  accountId: string;
  email: string;
  role: Role;
  /** By slug. */
  inCampaigns: Record<string, CampaignRole>;
  proved: boolean;
  timeZone: string;
};

/** Returns the open session of a request's cookie, as the database has it now; null if there is none. */
export async function sessionOf(request: Request): Promise<LiveSession | null> {
  const tokenHash = await tokenHashIn(request.headers.get("cookie") ?? "");
  if (tokenHash === null) return null;
  const [found] = await database().$queryRaw<SessionRow[]>`
    WITH live AS (
      SELECT admin_session.id, admin_session.last_seen_at, admin_account.id AS account_id, admin_account.email, admin_account.role,
        admin_account.time_zone, admin_session.second_factor_at > now() - make_interval(mins => ${SECOND_FACTOR_MINUTES}::int) AS proved
      FROM admin_session JOIN admin_account ON admin_account.id = admin_session.account_id
      WHERE admin_session.token_hash = ${tokenHash} AND admin_session.revoked_at IS NULL AND admin_account.removed_at IS NULL
        AND admin_session.last_seen_at > now() - make_interval(mins => ${SESSION_IDLE_MINUTES}::int)
        AND admin_session.created_at > now() - make_interval(hours => ${SESSION_HOURS}::int)
    ),
    seen AS (
      UPDATE admin_session SET last_seen_at = now() FROM live WHERE admin_session.id = live.id
        AND live.last_seen_at < now() - make_interval(secs => ${SEEN_PRECISION_SECONDS}::int)
        AND NOT ${request.headers.has(REFRESH_HEADER)}::boolean
    )
    SELECT id AS "sessionId", account_id AS "accountId", email, role, proved, time_zone AS "timeZone",
      (SELECT coalesce(jsonb_object_agg(campaign.slug, granted.role), '{}')
        FROM admin_campaign_role AS granted JOIN campaign ON campaign.id = granted.campaign_id
        WHERE granted.account_id = live.account_id) AS "inCampaigns"
    FROM live`;
  if (!found) return null;
  return {
    sessionId: found.sessionId,
    actor: { kind: "account", id: found.accountId, label: found.email, role: found.role },
    access: { role: found.role, inCampaigns: new Map(Object.entries(found.inCampaigns)) },
    proved: found.proved,
    timeZone: found.timeZone,
  };
}

/**
 * Returns the account of the session in a browser's cookies, even if the session has expired. Null if it was
 * ended on purpose or is unknown, or if the account was removed.
 */
export async function accountOfEndedSession(cookies: string): Promise<string | null> {
  const tokenHash = await tokenHashIn(cookies);
  if (tokenHash === null) return null;
  const found = await database().adminSession.findFirst({
    where: { tokenHash, revokedAt: null, account: { removedAt: null } },
    select: { accountId: true },
  });
  return found?.accountId ?? null;
}

/**
 * Records that the session's owner has just given a code again, and gives the session a new token: the old
 * one, if anybody learnt it, is worthless (OWASP ASVS 5.0, 7.2.4). The session's lifetime does not change.
 * @returns the new token.
 */
export async function noteSecondFactor(
  sessionId: string,
  actor: Actor,
  factor: Factor,
  transaction?: Prisma.TransactionClient,
): Promise<string> {
  const { token, hash } = newToken();
  const note = async (within: Prisma.TransactionClient) => {
    await within.adminSession.update({
      where: { id: sessionId },
      data: { tokenHash: hash, wrongCodes: 0 },
    });
    // By the database's clock, against which it is compared.
    await within.$executeRaw`UPDATE admin_session SET second_factor_at = now() WHERE id = ${sessionId}::uuid`;
    await recordAudit({ actor, action: "session.prove", detail: { session: sessionId, factor } }, within);
  };
  await (transaction ? note(transaction) : database().$transaction(note));
  return token;
}

/**
 * Counts a code as wrong before it is checked, so that concurrent attempts cannot exceed ten.
 * @returns the number of codes since the last right one, including this one; null if the
 *   session has ended or had ten.
 */
export async function countCode(sessionId: string): Promise<number | null> {
  const [counted] = await database().$queryRaw<{ codes: number }[]>`
    UPDATE admin_session SET wrong_codes = wrong_codes + 1
    WHERE id = ${sessionId}::uuid AND revoked_at IS NULL AND wrong_codes < ${WRONG_CODES_MAX}::int
    RETURNING wrong_codes AS codes`;
  return counted?.codes ?? null;
}

/** Takes back the count of a code that was never checked. */
export async function uncountCode(sessionId: string): Promise<void> {
  await database().$executeRaw`
    UPDATE admin_session SET wrong_codes = wrong_codes - 1 WHERE id = ${sessionId}::uuid AND wrong_codes > 0`;
}

/** Ends a session in which codes were guessed, and raises the alarm. Safe to repeat. */
export async function endGuessedSession(sessionId: string, actor: Actor): Promise<void> {
  await database().$transaction(async (transaction) => {
    const { count } = await transaction.adminSession.updateMany({
      where: { id: sessionId, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    if (count === 0) return;
    const detail = { session: sessionId, wrongCodes: WRONG_CODES_MAX, ended: true };
    await recordAudit({ actor, action: "alarm.codes", subject: actor.id, detail }, transaction);
  });
}

/** Ends a session at once. Its cookie stops working. */
export function endSession(sessionId: string, actor: Actor): Promise<void> {
  return endSessions({ id: sessionId }, actor);
}

/** Ends one of the actor's own sessions, or all but the given one. */
export function endOwnSessions(which: { one: string } | { allBut: string }, actor: Actor): Promise<void> {
  const id = "one" in which ? which.one : { not: which.allBut };
  return endSessions({ id, accountId: actor.id }, actor);
}

/**
 * Ends every session of an account except `save`. Used by changes to its credentials,
 * in the same transaction.
 */
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

/** Lists the open sessions, of everybody or of one account. */
export async function listSessions(accountId: string | null = null): Promise<Session[]> {
  return database().$queryRaw<Session[]>`
    SELECT admin_session.id, email, role, admin_session.created_at AS "createdAt", last_seen_at AS "lastSeenAt"
    FROM admin_session JOIN admin_account ON admin_account.id = admin_session.account_id
    WHERE (${accountId}::uuid IS NULL OR account_id = ${accountId}::uuid)
      AND revoked_at IS NULL AND last_seen_at > now() - make_interval(mins => ${SESSION_IDLE_MINUTES}::int)
      AND admin_session.created_at > now() - make_interval(hours => ${SESSION_HOURS}::int)
    ORDER BY last_seen_at DESC`;
}

/**
 * Returns the hash of the session token in a browser's cookies. Does not check that
 * the session is still open.
 */
async function tokenHashIn(cookies: string): Promise<Buffer<ArrayBuffer> | null> {
  const cookie = cookieOf(cookies, cookieName("session-token"));
  if (cookie === null) return null;
  const claims = await openCookie({ token: cookie, secret: settings().nextAuthSecret });
  return typeof claims?.sub === "string" && TOKEN_FORM.test(claims.sub) ? hashToken(claims.sub) : null;
}

function cookieOf(cookies: string, name: string): string | null {
  for (const pair of cookies.split(";")) {
    const [key = "", ...value] = pair.trim().split("=");
    if (key === name) return decoded(value.join("="));
  }
  return null;
}

/** Decodes a cookie's value. Returns null if its escapes are malformed, as in no cookie of ours. */
function decoded(value: string): string | null {
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
}
