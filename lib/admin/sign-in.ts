import { networkOf } from "@/lib/abuse/network";
import { database } from "@/lib/db/client";
import { open } from "@/lib/db/encryption";
import { keyedHash } from "@/lib/db/keyed-hash";
import { clientAddress } from "@/lib/http/request";
import { log } from "@/lib/log";
import { hashRecoveryCode, newSecret, stepOfCode } from "./authenticator";
import { withinNetworkShare } from "./network-share";
import { BusyError, verifyPassword } from "./passwords";
import type { Role } from "./roles";
import { beginSession, noteSecondFactor, sessionOf } from "./sessions";

/** Failures of one account from one network before it has to wait. */
export const FAILURES_BEFORE_WAITING = 10;
const FIRST_WAIT_SECONDS = 30;
const LONGEST_WAIT_SECONDS = 15 * 60;

/** Stands for whoever is not checked: has no account, and a secret that nobody's authenticator has. */
const NOBODY = "00000000-0000-0000-0000-000000000000";
const NOBODYS_SECRET = newSecret();

/**
 * `busy`: too many sign-ins at once, `too-many`: too many from this network. Nothing was checked; the same attempt may
 * succeed a moment later, or a minute.
 */
export type SignIn =
  | { kind: "signed-in"; sessionId: string }
  | { kind: "refused" }
  | { kind: "busy" }
  | { kind: "too-many" };

type SignInForm = { email: string; password: string; code: string; client: string };

type Account = {
  id: string;
  email: string;
  role: Role;
  passwordHash: string;
  totpEncrypted: Uint8Array;
  dataKeyId: string;
};

/**
 * Signs somebody in with password and authenticator code, or a recovery code in its place. Every refusal is the same,
 * and takes the same work, whatever of it was wrong. After ten failures an account waits, longer each time, but only for
 * the network that failed; and a network has but its share of all that is checked: nobody can lock out somebody else.
 */
export async function signIn(form: SignInForm): Promise<SignIn> {
  const outcome =
    (await withinNetworkShare(form.client, () => check(form))) ?? ({ kind: "too-many" } as const);
  // Never with the address: somebody may type a password there.
  if (outcome.kind !== "signed-in") log.warn("no sign-in", { why: outcome.kind });
  return outcome;
}

async function check(form: SignInForm): Promise<SignIn> {
  // PostgreSQL's texts hold no NUL: without it, such an address is unknown like any other.
  const email = form.email.trim().toLowerCase().replaceAll("\0", "");
  const key = failureKey(email, form.client);
  const admitted = await admit(key);
  const account = await findAccount(email);
  let known: boolean;
  try {
    known = await verifyPassword(form.password, account?.passwordHash ?? null);
  } catch (error) {
    if (!(error instanceof BusyError)) throw error;
    if (admitted) await takeBack(key);
    return { kind: "busy" };
  }
  const candidate = admitted && known ? account : null;
  const taken = await takeCode(candidate, form.code);
  if (candidate === null || !taken) return { kind: "refused" };
  const sessionId = await beginSession(candidate);
  await database().adminFailure.deleteMany({ where: { key } });
  return { kind: "signed-in", sessionId };
}

/**
 * Takes an authenticator or recovery code once more from whoever is signed in. A code is good once, here or at the
 * sign-in, and failures make both wait.
 * @returns whether the code was taken.
 */
export async function proveAgain(request: Request, code: string): Promise<boolean> {
  const session = await sessionOf(request);
  if (session === null) return false;
  const { sessionId, actor } = session;
  const key = failureKey(actor.label, clientAddress(request));
  const admitted = await admit(key);
  const account = await findAccount(actor.label);
  if (!admitted || !account || !(await takeCode(account, code))) return false;
  await noteSecondFactor(sessionId, actor);
  await database().adminFailure.deleteMany({ where: { key } });
  return true;
}

function failureKey(email: string, client: string): Buffer<ArrayBuffer> {
  return keyedHash("admin-failure", `${email} ${networkOf(client)}`);
}

async function findAccount(email: string): Promise<Account | null> {
  const [found] = await database().$queryRaw<Account[]>`
    SELECT id, email, role, password_hash AS "passwordHash", totp_encrypted AS "totpEncrypted", data_key_id AS "dataKeyId"
    FROM admin_account WHERE email = ${email} AND password_hash IS NOT NULL AND removed_at IS NULL`;
  return found ?? null;
}

/**
 * Takes a code, once: a time step that was used, or one before it, is refused (OWASP ASVS 5.0, 6.5.1). Of nobody it takes
 * none, after one statement like any other.
 */
async function takeCode(account: Account | null, code: string): Promise<boolean> {
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
    return taken === 1;
  }
  const { count } = await database().adminRecoveryCode.deleteMany({
    where: { accountId: id, hash: hashRecoveryCode(code) },
  });
  return count === 1;
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
