import { v7 as uuidv7 } from "uuid";
import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { newToken } from "@/lib/db/keyed-hash";
import type { CampaignRole, Role } from "@/lib/roles";
import { settings } from "@/lib/settings";
import type { EnrolmentKind } from "./enrolment";
import { endAllSessions } from "./sessions";
import { revokeTokensOf } from "./tokens";

/** How long an enrolment link works, in hours. */
const ENROLMENT_HOURS = 24;

/** A role that somebody has in one campaign. */
export type CampaignRoleHeld = { slug: string; role: Role };

export type Account = {
  id: string;
  email: string;
  role: Role;
  campaignRoles: readonly CampaignRoleHeld[];
  enrolled: boolean;
  createdAt: Date;
  lastSeenAt: Date | null;
};

/** Invites somebody, or re-invites someone who was removed. The link works once. */
export function addAccount(
  email: string,
  role: Role,
  actor: Actor | null = null,
): Promise<{ kind: "invited"; link: string } | { kind: "exists" }> {
  const address = email.trim().toLowerCase();
  return database().$transaction((transaction) => add(transaction, address, { role }, actor));
}

/** Invites somebody who is to have a role in one campaign only. Like `addAccount` in all else. */
export function addCampaignAccount(
  email: string,
  slug: string,
  role: CampaignRole,
  actor: Actor | null = null,
): Promise<{ kind: "invited"; link: string } | { kind: "exists" } | { kind: "unknown-campaign" }> {
  const address = email.trim().toLowerCase();
  return database().$transaction(async (transaction) => {
    const campaign = await transaction.campaign.findUnique({ where: { slug }, select: { id: true } });
    if (!campaign) return { kind: "unknown-campaign" };
    return add(transaction, address, { role: "member", there: { ...campaign, slug, role } }, actor);
  });
}

type Given = { role: Role; there?: { id: string; slug: string; role: CampaignRole } };

async function add(
  transaction: Prisma.TransactionClient,
  address: string,
  { role, there }: Given,
  actor: Actor | null,
): Promise<{ kind: "invited"; link: string } | { kind: "exists" }> {
  const known = await transaction.adminAccount.findUnique({ where: { email: address } });
  if (known && known.removedAt === null) return { kind: "exists" };
  if (known) {
    // A token made, or a role given, while they were being removed must not come back with them.
    await revokeTokensOf(known.id, actor, transaction);
    await transaction.adminCampaignRole.deleteMany({ where: { accountId: known.id } });
  }
  const account = await transaction.adminAccount.upsert({
    where: { email: address },
    create: { id: uuidv7(), email: address, role },
    update: { role, removedAt: null, ...NOT_ENROLLED },
  });
  if (there)
    await transaction.adminCampaignRole.create({
      data: {
        accountId: account.id,
        campaignId: there.id,
        role: there.role,
        grantedBy: actor?.label ?? "system",
      },
    });
  const link = await newEnrolment(transaction, account.id, "both");
  const detail = { account: address, role: there?.role ?? role, ...(there ? { slug: there.slug } : {}) };
  await recordAudit({ actor, action: "account.add", subject: account.id, detail }, transaction);
  return { kind: "invited", link };
}

/**
 * Issues a new link to someone who lost their password or authenticator. The link sets that factor and asks
 * for the other one (OWASP ASVS 5.0, 6.4.3). Ends all sessions; the existing credentials keep working until
 * the link is used. Accounts that have not enrolled yet are invited again. The desk cannot reset the last
 * owner: nobody would be left who could invite.
 */
export function resetAccount(
  email: string,
  lost: Exclude<EnrolmentKind, "both">,
  actor: Actor | null = null,
): Promise<{ kind: "reset"; link: string } | { kind: "unknown" } | { kind: "last-owner" }> {
  return database().$transaction(async (transaction) => {
    const account = await activeAccount(transaction, email);
    if (!account) return { kind: "unknown" };
    if (actor !== null && (await isLastOwner(transaction, account.id))) return { kind: "last-owner" };
    await endAllSessions(transaction, account.id);
    const kind = account.passwordHash === null ? "both" : lost;
    const link = await newEnrolment(transaction, account.id, kind);
    const detail = { account: account.email, sets: kind };
    await recordAudit({ actor, action: "account.reset", subject: account.id, detail }, transaction);
    return { kind: "reset", link };
  });
}

/**
 * Removes an account, ends its sessions and revokes its API tokens, all at once. The desk
 * cannot remove the last owner.
 * @returns the names of the revoked tokens.
 */
export function removeAccount(
  email: string,
  actor: Actor | null = null,
): Promise<{ kind: "removed"; tokens: string[] } | { kind: "unknown" } | { kind: "last-owner" }> {
  return database().$transaction(async (transaction) => {
    const account = await activeAccount(transaction, email);
    if (!account) return { kind: "unknown" };
    if (actor !== null && (await isLastOwner(transaction, account.id))) return { kind: "last-owner" };
    await transaction.adminAccount.update({
      where: { id: account.id },
      data: { ...NOT_ENROLLED, removedAt: new Date() },
    });
    await endAllSessions(transaction, account.id);
    await transaction.adminRecoveryCode.deleteMany({ where: { accountId: account.id } });
    await transaction.adminEnrolment.deleteMany({ where: { accountId: account.id } });
    await transaction.adminCampaignRole.deleteMany({ where: { accountId: account.id } });
    const tokens = await revokeTokensOf(account.id, actor, transaction);
    await recordAudit(
      { actor, action: "account.remove", subject: account.id, detail: { account: account.email, tokens } },
      transaction,
    );
    return { kind: "removed", tokens };
  });
}

/** Lists the accounts that may sign in or have been invited. */
export async function listAccounts(): Promise<Account[]> {
  const accounts = await database().adminAccount.findMany({
    where: { removedAt: null },
    orderBy: { email: "asc" },
    include: {
      sessions: { orderBy: { lastSeenAt: "desc" }, take: 1 },
      campaignRoles: {
        select: { role: true, campaign: { select: { slug: true } } },
        orderBy: { campaign: { slug: "asc" } },
      },
    },
  });
  return accounts.map(({ id, email, role, campaignRoles, passwordHash, createdAt, sessions }) => ({
    id,
    email,
    role,
    campaignRoles: campaignRoles.map((held) => ({ slug: held.campaign.slug, role: held.role })),
    enrolled: passwordHash !== null,
    createdAt,
    lastSeenAt: sessions[0]?.lastSeenAt ?? null,
  }));
}

/** Whether no account has enrolled yet. If so, startup invites an owner. */
export async function hasNoAccount(): Promise<boolean> {
  return (
    (await database().adminAccount.count({ where: { passwordHash: { not: null }, removedAt: null } })) === 0
  );
}

const NOT_ENROLLED = {
  passwordHash: null,
  totpEncrypted: null,
  dataKeyId: null,
  totpLastStep: null,
  wrongCodes: 0,
};

/** Returns the account of somebody who has not been removed, or null. */
export function activeAccount(transaction: Prisma.TransactionClient, email: string) {
  return transaction.adminAccount.findFirst({
    where: { email: email.trim().toLowerCase(), removedAt: null },
  });
}

/** Locks the owner rows, so that two owners removing each other at the same moment cannot both succeed. */
async function isLastOwner(transaction: Prisma.TransactionClient, accountId: string): Promise<boolean> {
  const owners = await transaction.$queryRaw<{ id: string }[]>`
    SELECT id FROM admin_account WHERE role = 'owner' AND removed_at IS NULL AND password_hash IS NOT NULL
    ORDER BY id FOR UPDATE`;
  return owners.length === 1 && owners[0]?.id === accountId;
}

async function newEnrolment(
  transaction: Prisma.TransactionClient,
  accountId: string,
  kind: EnrolmentKind,
): Promise<string> {
  const { token, hash } = newToken();
  const expiresAt = new Date(Date.now() + ENROLMENT_HOURS * 60 * 60 * 1000);
  await transaction.adminEnrolment.deleteMany({ where: { accountId } });
  await transaction.adminEnrolment.create({ data: { hash, accountId, kind, expiresAt } });
  return `${settings().siteUrl}/admin/enrol/${token}`;
}
