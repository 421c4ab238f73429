import { networkOf } from "@/lib/abuse/network";
import { database } from "@/lib/db/client";
import { open } from "@/lib/db/encryption";
import { keyedHash } from "@/lib/db/keyed-hash";
import { hashRecoveryCode, newSecret, stepOfCode } from "./authenticator";
import { BusyError, verifyPassword } from "./passwords";
import type { Role } from "./roles";
import type { Factor } from "./sessions";

/** Failures of one account from one network before it has to wait. */
export const FAILURES_BEFORE_WAITING = 10;
const FIRST_WAIT_SECONDS = 30;
const LONGEST_WAIT_SECONDS = 15 * 60;

/** Stands for whoever is not checked: has no account, and a secret that nobody's authenticator has. */
const NOBODY = "00000000-0000-0000-0000-000000000000";
const NOBODYS_SECRET = newSecret();

/** Somebody who has set password and authenticator. */
export type EnrolledAccount = {
  id: string;
  email: string;
  role: Role;
  passwordHash: string;
  totpEncrypted: Uint8Array;
  dataKeyId: string;
};

/** `busy`: too many passwords are being checked; nothing was, and nothing counted as a failure. */
export type Proof =
  | { kind: "proved"; account: EnrolledAccount; factor: Factor }
  | { kind: "refused" }
  | { kind: "busy" };

/**
 * Checks what somebody gives to prove who they are: password, code, or both. Every refusal is the same, and takes the same
 * work, whatever of it was wrong. After ten failures an account waits, longer each time, but only for the network that failed.
 * A code that was taken is used up.
 */
export async function proveFactors({
  email,
  client,
  password,
  code,
}: {
  email: string;
  client: string;
  password?: string;
  code?: string;
}): Promise<Proof> {
  const key = failureKey(email, client);
  const admitted = await admit(key);
  const account = await findAccount(email);
  let known = true;
  if (password !== undefined) {
    try {
      known = await verifyPassword(password, account?.passwordHash ?? null);
    } catch (error) {
      if (!(error instanceof BusyError)) throw error;
      if (admitted) await takeBack(key);
      return { kind: "busy" };
    }
  }
  const candidate = admitted && known ? account : null;
  const factor = code === undefined ? "password" : await takeCode(candidate, code);
  if (candidate === null || factor === null) return { kind: "refused" };
  await database().adminFailure.deleteMany({ where: { key } });
  return { kind: "proved", account: candidate, factor };
}

function failureKey(email: string, client: string): Buffer<ArrayBuffer> {
  return keyedHash("admin-failure", `${email} ${networkOf(client)}`);
}

async function findAccount(email: string): Promise<EnrolledAccount | null> {
  const [found] = await database().$queryRaw<EnrolledAccount[]>`
    SELECT id, email, role, password_hash AS "passwordHash", totp_encrypted AS "totpEncrypted", data_key_id AS "dataKeyId"
    FROM admin_account WHERE email = ${email} AND password_hash IS NOT NULL AND removed_at IS NULL`;
  return found ?? null;
}

/**
 * Takes a code, once: a time step that was used, or one before it, is refused (OWASP ASVS 5.0, 6.5.1). Of nobody it takes
 * none, after one statement like any other.
 */
async function takeCode(account: EnrolledAccount | null, code: string): Promise<Factor | null> {
  const id = account?.id ?? NOBODY;
  const secret =
    account === null
      ? NOBODYS_SECRET
      : open(account.totpEncrypted, account.dataKeyId, { table: "admin_account", column: "totp", id });
  const step = stepOfCode(secret, code);
  if (step !== null) {
    const taken = await database().$executeRaw`
      UPDATE admin_account SET totp_last_step = ${step}::bigint
      WHERE id = ${id}::uuid AND (totp_last_step IS NULL OR totp_last_step < ${step}::bigint)`;
    return taken === 1 ? "authenticator" : null;
  }
  const { count } = await database().adminRecoveryCode.deleteMany({
    where: { accountId: id, hash: hashRecoveryCode(code) },
  });
  return count === 1 ? "recovery-code" : null;
}

/**
 * Counts an attempt as failed before it is checked, so that many at the same moment are not more than ten. A success
 * wipes the count.
 * @returns false while the account has to wait.
 */
async function admit(key: Buffer<ArrayBuffer>): Promise<boolean> {
  const counted = await database().$queryRaw<{ failures: number }[]>`
    INSERT INTO admin_failure (key, failures, last_at) VALUES (${key}, 1, now())
    ON CONFLICT (key) DO UPDATE SET failures = admin_failure.failures + 1, last_at = now()
      WHERE admin_failure.failures < ${FAILURES_BEFORE_WAITING}::int
        OR admin_failure.last_at + make_interval(secs => least(
          ${FIRST_WAIT_SECONDS}::int * 2 ^ least(admin_failure.failures - ${FAILURES_BEFORE_WAITING}::int, 20),
          ${LONGEST_WAIT_SECONDS}::int)) <= now()
    RETURNING failures`;
  return counted.length > 0;
}

/** An attempt that was never checked is no failure. */
async function takeBack(key: Buffer<ArrayBuffer>): Promise<void> {
  await database().$executeRaw`
    UPDATE admin_failure SET failures = failures - 1 WHERE key = ${key} AND failures > 0`;
}
