import { encode } from "next-auth/jwt";
import { v7 as uuidv7 } from "uuid";
import { giveCampaignRole } from "@/lib/accounts/campaign-roles";
import {
  beginSession,
  cookieName,
  sessionOf as findSession,
  SECOND_FACTOR_MINUTES,
} from "@/lib/accounts/sessions";
import { database } from "@/lib/db/client";
import { type CampaignRole, mayIn, type Permission, type Role } from "@/lib/roles";
import { settings } from "@/lib/settings";
import type { Reader } from "@/lib/signatories/names-opened";

/** An owner as the rules know them, for whom no account is needed. */
export const OWNER = {
  kind: "account",
  id: crypto.randomUUID(),
  label: "owner@example.org",
  role: "owner",
} as const;

/** Somebody of a role as pages know them, for whom no account is needed. */
export function visitorOf(role: Role) {
  const access = { role, inCampaigns: new Map<string, CampaignRole>() };
  const may = (permission: Permission) => mayIn(access, null, permission);
  return { actor: { ...OWNER, role }, access, may };
}

/** The cookie of a new administrator who has a role in one campaign only. */
export async function memberOf(slug: string, role: CampaignRole): Promise<string> {
  const cookie = await sessionOf("member");
  const { actor } = await liveSession(cookie);
  await giveCampaignRole(actor.label, slug, role);
  return cookie;
}

/** The cookie of a new administrator who has just signed in. */
export async function sessionOf(role: Role): Promise<string> {
  const account = { id: uuidv7(), email: `${role}.${crypto.randomUUID()}@example.org`, role };
  await database().adminAccount.create({ data: account });
  const sub = await beginSession(account, "authenticator", { cookies: "", client: "" });
  return `${cookieName("session-token")}=${await encode({ token: { sub }, secret: settings().nextAuthSecret })}`;
}

/** Somebody with a recent code who has opened no name within the hour. */
export const someReader = (): Reader => ({ actor: { ...OWNER, id: crypto.randomUUID() }, proved: true });

/** What was opened; throws when it was refused, or there was nothing. */
export function asFound<Outcome extends { kind: string }>(
  outcome: Outcome | null,
): Extract<Outcome, { kind: "found" }> {
  if (outcome?.kind !== "found") throw new Error(outcome?.kind ?? "nothing is there");
  return outcome as Extract<Outcome, { kind: "found" }>;
}

/** Makes the last code of a session as old as one may be, and a second more. */
export async function withOldCode(cookie: string): Promise<string> {
  await database().$executeRaw`
    UPDATE admin_session SET second_factor_at = now() - make_interval(mins => ${SECOND_FACTOR_MINUTES}::int, secs => 1)
    WHERE id = ${(await liveSession(cookie)).sessionId}::uuid`;
  return cookie;
}

/** The session of a cookie that still holds. */
export async function liveSession(cookie: string) {
  const session = await findSession(new Request("http://localhost/admin", { headers: { cookie } }));
  if (!session) throw new Error("the session has ended");
  return session;
}
