import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import { currentDataKeyId, open, seal } from "@/lib/db/encryption";
import { hashToken } from "@/lib/db/keyed-hash";
import type { Role } from "@/lib/roles";
import { type CodeReading, newRecoveryCodes, newSecret, readCode } from "./authenticator";
import { proveFactors } from "./factors";
import { hashUnlessBusy, type PasswordMistake, passwordMistake } from "./passwords";
import { endAllSessions } from "./sessions";

/** What a link sets: both factors, or one of them while the other proves who uses the link. */
export type EnrolmentKind = "both" | "password" | "authenticator";

/**
 * What a link is for. If it sets an authenticator: a new secret, and its sealed copy,
 * which the form sends back.
 */
export type EnrolmentOffer =
  | { kind: "password"; email: string }
  | { kind: "both" | "authenticator"; email: string; secret: string; sealedSecret: string };

/**
 * The submitted form. `password` is the new one, or the current one if only the authenticator
 * is set. `code` is from the new authenticator, or from the current one if only the password is set.
 */
export type EnrolmentForm = {
  token: string;
  password: string;
  sealedSecret: string;
  code: string;
  client: string;
};

/**
 * `busy`: too many passwords are being hashed. Nothing was changed; the same form may succeed a moment later.
 */
export type Enrolment =
  | { kind: "enrolled"; recoveryCodes: string[] }
  | { kind: "password-set" }
  | { kind: "expired" }
  | { kind: "busy" }
  | { kind: "invalid"; password: PasswordMistake | "wrong" | null; code: CodeMistake | null };

/** `clock-off`: the code is up to five minutes early or late, so the phone's clock needs setting. */
export type CodeMistake = "wrong" | "clock-off";

type Account = { id: string; email: string; role: Role };
type Authenticator = { secret: string; step: number };

/** Opens an enrolment link. Changes nothing. Returns null if the link is used, expired or unknown. */
export async function openEnrolment(token: string, sealedSecret?: string): Promise<EnrolmentOffer | null> {
  const enrolment = await findEnrolment(token);
  if (!enrolment) return null;
  const { kind, account } = enrolment;
  if (kind === "password") return { kind, email: account.email };
  const known = sealedSecret === undefined ? null : openSecret(token, sealedSecret);
  const secret = known ?? newSecret();
  return { kind, email: account.email, secret, sealedSecret: sealSecret(token, secret) };
}

/**
 * Sets what the link is for, once. Ends all sessions; a new authenticator also replaces all recovery codes.
 */
export async function enrol(form: EnrolmentForm): Promise<Enrolment> {
  const enrolment = await findEnrolment(form.token);
  if (!enrolment) return { kind: "expired" };
  const { kind, account } = enrolment;
  if (kind === "password") return setPassword(form, account);
  const secret = openSecret(form.token, form.sealedSecret);
  if (secret === null) return { kind: "expired" };
  const reading = readCode(secret, form.code);
  return kind === "authenticator"
    ? setAuthenticator(form, account, secret, reading)
    : setBoth(form, account, secret, reading);
}

async function setBoth(
  form: EnrolmentForm,
  account: Account,
  secret: string,
  reading: CodeReading,
): Promise<Enrolment> {
  const password = await passwordMistake(form.password, account.email);
  if (password !== null || reading.kind !== "current")
    return { kind: "invalid", password, code: mistakeOf(reading) };
  const passwordHash = await hashUnlessBusy(form.password);
  if (passwordHash === null) return { kind: "busy" };
  return settle(form.token, account, passwordHash, { secret, step: reading.step });
}

async function setPassword(form: EnrolmentForm, account: Account): Promise<Enrolment> {
  const password = await passwordMistake(form.password, account.email);
  if (password !== null) return { kind: "invalid", password, code: null };
  const passwordHash = await hashUnlessBusy(form.password);
  if (passwordHash === null) return { kind: "busy" };
  const proof = await proveFactors({ email: account.email, client: form.client, code: form.code });
  if (proof.kind === "proved") return settle(form.token, account, passwordHash, null);
  if (proof.kind === "busy") return proof;
  return { kind: "invalid", password: null, code: proof.clockOff ? "clock-off" : "wrong" };
}

async function setAuthenticator(
  form: EnrolmentForm,
  account: Account,
  secret: string,
  reading: CodeReading,
): Promise<Enrolment> {
  if (reading.kind !== "current") return { kind: "invalid", password: null, code: mistakeOf(reading) };
  const { email } = account;
  const { kind } = await proveFactors({ email, client: form.client, password: form.password });
  if (kind === "proved") return settle(form.token, account, null, { secret, step: reading.step });
  return kind === "busy" ? { kind } : { kind: "invalid", password: "wrong", code: null };
}

function mistakeOf({ kind }: CodeReading): CodeMistake | null {
  return kind === "current" ? null : kind;
}

/** Uses up the link and writes what it sets. Of two concurrent calls, one gets `expired`. */
async function settle(
  token: string,
  account: Account,
  passwordHash: string | null,
  authenticator: Authenticator | null,
): Promise<Enrolment> {
  const recovery = authenticator === null ? [] : newRecoveryCodes();
  const used = await database().$transaction(async (transaction) => {
    const taken = await transaction.adminEnrolment.deleteMany({ where: { hash: hashToken(token) } });
    if (taken.count === 0) return false;
    await transaction.adminEnrolment.deleteMany({ where: { accountId: account.id } });
    await endAllSessions(transaction, account.id);
    if (authenticator !== null) {
      await transaction.adminRecoveryCode.deleteMany({ where: { accountId: account.id } });
      await transaction.adminRecoveryCode.createMany({
        data: recovery.map(({ hash }) => ({ accountId: account.id, hash })),
      });
    }
    await transaction.adminAccount.update({
      where: { id: account.id },
      data: {
        ...(passwordHash === null ? {} : { passwordHash, wrongCodes: 0, wrongCodeAt: null }),
        ...(authenticator === null ? {} : authenticatorColumns(account.id, authenticator)),
      },
    });
    const sets = authenticator === null ? "password" : passwordHash === null ? "authenticator" : "both";
    const actor: Actor = { kind: "account", id: account.id, label: account.email, role: account.role };
    await recordAudit({ actor, action: "account.enrol", subject: account.id, detail: { sets } }, transaction);
    return true;
  });
  if (!used) return { kind: "expired" };
  return authenticator === null
    ? { kind: "password-set" }
    : { kind: "enrolled", recoveryCodes: recovery.map(({ code }) => code) };
}

/**
 * Also marks the code's step as used: the code that proved the app works cannot be used again
 * (OWASP ASVS 5.0, 6.5.1).
 */
function authenticatorColumns(id: string, { secret, step }: Authenticator) {
  return {
    totpEncrypted: seal(secret, { table: "admin_account", column: "totp", id }),
    dataKeyId: currentDataKeyId(),
    totpLastStep: BigInt(step),
  };
}

function findEnrolment(token: string) {
  return database().adminEnrolment.findFirst({
    where: { hash: hashToken(token), expiresAt: { gt: new Date() }, account: { removedAt: null } },
    include: { account: true },
  });
}

/**
 * Seals a secret for this one link. The secret travels with the form, so that merely viewing
 * the page stores nothing.
 */
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
