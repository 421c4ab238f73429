import { v7 as uuidv7 } from "uuid";
import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { hashToken, newToken } from "@/lib/db/keyed-hash";
import type { Role, TokenRole } from "@/lib/roles";

/** Longest lifetime of an API token, in days. */
export const TOKEN_MAX_DAYS = 366;
export const TOKEN_NAME_FORM = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/;

export type ApiToken = {
  id: string;
  name: string;
  role: Role;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
  /** Email address of the administrator who made it; null if it was made on the server. */
  maker: string | null;
};

/** Creates an API token. The token is returned only here; just its hash is stored. Names cannot be reused. */
export async function addToken(
  name: string,
  role: TokenRole,
  days: number,
  actor: Actor | null = null,
): Promise<{ kind: "made"; token: string } | { kind: "exists" }> {
  const { token, hash } = newToken();
  const expiresAt = new Date(Date.now() + days * 24 * 60 * 60 * 1000);
  return database().$transaction(async (transaction) => {
    const { count } = await transaction.apiToken.createMany({
      data: [
        { id: uuidv7(), name, hash, role, expiresAt, makerId: actor?.kind === "account" ? actor.id : null },
      ],
      skipDuplicates: true,
    });
    if (count === 0) return { kind: "exists" };
    await recordAudit({ actor, action: "token.add", detail: { token: name, role, days } }, transaction);
    return { kind: "made", token };
  });
}

/** Lists all tokens, also revoked and expired ones, newest first. */
export async function listTokens(): Promise<ApiToken[]> {
  const tokens = await database().apiToken.findMany({
    orderBy: { createdAt: "desc" },
    omit: { hash: true, makerId: true },
    include: { maker: { select: { email: true } } },
  });
  return tokens.map(({ maker, ...token }) => ({ ...token, maker: maker?.email ?? null }));
}

/** Revokes a token at once. */
export async function revokeToken(
  name: string,
  actor: Actor | null = null,
): Promise<{ kind: "revoked" } | { kind: "unknown" }> {
  return database().$transaction(async (transaction) => {
    const { count } = await transaction.apiToken.updateMany({
      where: { name, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    if (count === 0) return { kind: "unknown" };
    await recordAudit({ actor, action: "token.revoke", detail: { token: name } }, transaction);
    return { kind: "revoked" };
  });
}

/**
 * Revokes every token that an account made, in the caller's transaction, and records each in the audit log.
 * @returns their names.
 */
export async function revokeTokensOf(
  makerId: string,
  actor: Actor | null,
  transaction: Prisma.TransactionClient,
): Promise<string[]> {
  const revoked = await transaction.apiToken.updateManyAndReturn({
    where: { makerId, revokedAt: null },
    data: { revokedAt: new Date() },
    select: { name: true },
  });
  for (const { name } of revoked)
    await recordAudit({ actor, action: "token.revoke", detail: { token: name } }, transaction);
  return revoked.map(({ name }) => name);
}

/**
 * Returns the actor of a bearer token. Null if it is unknown, revoked or expired, or if its maker was
 * removed while making it.
 */
export async function actorOfToken(token: string): Promise<Actor | null> {
  const [found] = await database().$queryRaw<{ id: string; name: string; role: Role }[]>`
    UPDATE api_token SET last_used_at = now()
    WHERE hash = ${hashToken(token)} AND revoked_at IS NULL AND expires_at > now()
      AND NOT EXISTS (SELECT FROM admin_account WHERE id = maker_id AND removed_at IS NOT NULL)
    RETURNING id, name, role`;
  return found ? { kind: "token", id: found.id, label: found.name, role: found.role } : null;
}
