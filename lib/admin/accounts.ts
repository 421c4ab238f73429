import { v7 as uuidv7 } from "uuid";
import { database } from "@/lib/db/client";
import { currentDataKeyId, open, seal } from "@/lib/db/encryption";
import type { Prisma } from "@/lib/db/generated/client";
import { hashToken, newToken } from "@/lib/db/keyed-hash";
import { settings } from "@/lib/settings";
import { recordAudit } from "./audit";
import { newRecoveryCodes, newSecret, stepOfCode } from "./authenticator";
import { BusyError, hashPassword, type PasswordMistake, passwordMistake } from "./passwords";
import type { Actor, Role } from "./roles";

/** How long an enrolment link works, in hours. */
export const ENROLMENT_HOURS = 24;

export type Account = {
  id: string;
  email: string;
  role: Role;
  enrolled: boolean;
  createdAt: Date;
  lastSeenAt: Date | null;
};

/** Invites somebody, or invites again who has been removed; the link is good for one enrolment, once. */
export function addAccount(
  email: string,
  role: Role,
  actor: Actor | null = null,
): Promise<{ kind: "invited"; link: string } | { kind: "exists" }> {
  const address = email.trim().toLowerCase();
  return database().$transaction(async (transaction) => {
    const known = await transaction.adminAccount.findUnique({ where: { email: address } });
    if (known && known.removedAt === null) return { kind: "exists" };
    const account = await transaction.adminAccount.upsert({
      where: { email: address },
      create: { id: uuidv7(), email: address, role },
      update: { role, removedAt: null, ...NOT_ENROLLED },
    });
    const link = await newEnrolment(transaction, account.id);
    await recordAudit(
      { actor, action: "account.add", subject: account.id, detail: { account: address, role } },
      transaction,
    );
    return { kind: "invited", link };
  });
}

/**
 * Takes password, authenticator and sessions away and gives a new enrolment link; for who has lost them. From the desk
 * the last owner cannot be reset: nobody would be left who could invite.
 */
export function resetAccount(
  email: string,
  actor: Actor | null = null,
): Promise<{ kind: "reset"; link: string } | { kind: "unknown" } | { kind: "last-owner" }> {
  return database().$transaction(async (transaction) => {
    const account = await activeAccount(transaction, email);
    if (!account) return { kind: "unknown" };
    if (actor !== null && (await isLastOwner(transaction, account.id))) return { kind: "last-owner" };
    await forgetCredentials(transaction, account.id);
    await transaction.adminAccount.update({ where: { id: account.id }, data: NOT_ENROLLED });
    const link = await newEnrolment(transaction, account.id);
    await recordAudit(
      { actor, action: "account.reset", subject: account.id, detail: { account: account.email } },
      transaction,
    );
    return { kind: "reset", link };
  });
}

/** Shuts somebody out, at once; from the desk never the last owner. */
export function removeAccount(
  email: string,
  actor: Actor | null = null,
): Promise<{ kind: "removed" } | { kind: "unknown" } | { kind: "last-owner" }> {
  return database().$transaction(async (transaction) => {
    const account = await activeAccount(transaction, email);
    if (!account) return { kind: "unknown" };
    if (actor !== null && (await isLastOwner(transaction, account.id))) return { kind: "last-owner" };
    await transaction.adminAccount.update({
      where: { id: account.id },
      data: { ...NOT_ENROLLED, removedAt: new Date() },
    });
    await forgetCredentials(transaction, account.id);
    await recordAudit(
      { actor, action: "account.remove", subject: account.id, detail: { account: account.email } },
      transaction,
    );
    return { kind: "removed" };
  });
}

/** Everybody who may sign in or has been invited. */
export async function listAccounts(): Promise<Account[]> {
  const accounts = await database().adminAccount.findMany({
    where: { removedAt: null },
    orderBy: { email: "asc" },
    include: { sessions: { orderBy: { lastSeenAt: "desc" }, take: 1 } },
  });
  return accounts.map(({ id, email, role, passwordHash, createdAt, sessions }) => ({
    id,
    email,
    role,
    enrolled: passwordHash !== null,
    createdAt,
    lastSeenAt: sessions[0]?.lastSeenAt ?? null,
  }));
}

/** Whether nobody has been invited yet: then the start invites an owner. */
export async function hasNoAccount(): Promise<boolean> {
  return (
    (await database().adminAccount.count({ where: { passwordHash: { not: null }, removedAt: null } })) === 0
  );
}

/** What an enrolment link is for: the account, and a new secret with the sealed form that comes back with the form. */
export type EnrolmentOffer = { email: string; secret: string; sealedSecret: string };

/** Opens an enrolment link. Changes nothing; null when the link is used up, too old or none of ours. */
export async function openEnrolment(token: string, sealedSecret?: string): Promise<EnrolmentOffer | null> {
  const enrolment = await findEnrolment(token);
  if (!enrolment) return null;
  const known = sealedSecret === undefined ? null : openSecret(token, sealedSecret);
  const secret = known ?? newSecret();
  return { email: enrolment.account.email, secret, sealedSecret: sealSecret(token, secret) };
}

/** `busy`: too many passwords at once, nothing was changed; the same form may be taken a moment later. */
export type Enrolment =
  | { kind: "enrolled"; recoveryCodes: string[] }
  | { kind: "expired" }
  | { kind: "busy" }
  | { kind: "invalid"; password: PasswordMistake | null; code: boolean };

/** Sets password and authenticator, once; all sessions and older recovery codes end. */
export async function enrol(form: {
  token: string;
  password: string;
  sealedSecret: string;
  code: string;
}): Promise<Enrolment> {
  const enrolment = await findEnrolment(form.token);
  const secret = openSecret(form.token, form.sealedSecret);
  if (!enrolment || secret === null) return { kind: "expired" };
  const { account } = enrolment;
  const password = passwordMistake(form.password, account.email);
  const step = stepOfCode(secret, form.code);
  if (password !== null || step === null) return { kind: "invalid", password, code: step === null };

  let passwordHash: string;
  try {
    passwordHash = await hashPassword(form.password);
  } catch (error) {
    if (!(error instanceof BusyError)) throw error;
    return { kind: "busy" };
  }
  const recovery = newRecoveryCodes();
  const used = await database().$transaction(async (transaction) => {
    const taken = await transaction.adminEnrolment.deleteMany({ where: { hash: hashToken(form.token) } });
    if (taken.count === 0) return false;
    await transaction.adminEnrolment.deleteMany({ where: { accountId: account.id } });
    await transaction.adminRecoveryCode.deleteMany({ where: { accountId: account.id } });
    await transaction.adminRecoveryCode.createMany({
      data: recovery.map(({ hash }) => ({ accountId: account.id, hash })),
    });
    await transaction.adminAccount.update({
      where: { id: account.id },
      data: {
        passwordHash,
        totpEncrypted: seal(secret, { table: "admin_account", column: "totp", id: account.id }),
        dataKeyId: currentDataKeyId(),
        // This code may still be used to sign in, once: the link it came with is used up.
        totpLastStep: BigInt(step) - 1n,
      },
    });
    const actor: Actor = { kind: "account", id: account.id, label: account.email, role: account.role };
    await recordAudit({ actor, action: "account.enrol", subject: account.id, detail: {} }, transaction);
    return true;
  });
  if (!used) return { kind: "expired" };
  return { kind: "enrolled", recoveryCodes: recovery.map(({ code }) => code) };
}

const NOT_ENROLLED = { passwordHash: null, totpEncrypted: null, dataKeyId: null, totpLastStep: null };

function activeAccount(transaction: Prisma.TransactionClient, email: string) {
  return transaction.adminAccount.findFirst({
    where: { email: email.trim().toLowerCase(), removedAt: null },
  });
}

/** Locks the owners, so that two who shut each other out at the same moment cannot both succeed. */
async function isLastOwner(transaction: Prisma.TransactionClient, accountId: string): Promise<boolean> {
  const owners = await transaction.$queryRaw<{ id: string }[]>`
    SELECT id FROM admin_account WHERE role = 'owner' AND removed_at IS NULL AND password_hash IS NOT NULL
    ORDER BY id FOR UPDATE`;
  return owners.length === 1 && owners[0]?.id === accountId;
}

async function forgetCredentials(transaction: Prisma.TransactionClient, accountId: string): Promise<void> {
  await transaction.adminSession.updateMany({
    where: { accountId, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  await transaction.adminRecoveryCode.deleteMany({ where: { accountId } });
  await transaction.adminEnrolment.deleteMany({ where: { accountId } });
}

async function newEnrolment(transaction: Prisma.TransactionClient, accountId: string): Promise<string> {
  const { token, hash } = newToken();
  const expiresAt = new Date(Date.now() + ENROLMENT_HOURS * 60 * 60 * 1000);
  await transaction.adminEnrolment.deleteMany({ where: { accountId } });
  await transaction.adminEnrolment.create({ data: { hash, accountId, expiresAt } });
  return `${settings().siteUrl}/admin/enrol/${token}`;
}

function findEnrolment(token: string) {
  return database().adminEnrolment.findFirst({
    where: { hash: hashToken(token), expiresAt: { gt: new Date() }, account: { removedAt: null } },
    include: { account: true },
  });
}

/** The secret travels with the form instead of being stored at a mere look at the page: sealed for this one link. */
function sealSecret(token: string, secret: string): string {
  return `${currentDataKeyId()}:${seal(secret, enrolmentPlace(token)).toString("base64url")}`;
}

function openSecret(token: string, sealed: string): string | null {
  const [keyId = "", text = ""] = sealed.split(":");
  try {
    return open(Buffer.from(text, "base64url"), keyId, enrolmentPlace(token));
  } catch {
    return null;
  }
}

function enrolmentPlace(token: string) {
  return { table: "admin_enrolment", column: "totp", id: hashToken(token).toString("base64url") } as const;
}
