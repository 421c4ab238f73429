import { recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import { open } from "@/lib/db/encryption";
import { keyedHash } from "@/lib/db/keyed-hash";
import { networkOf } from "@/lib/network";
import { noteSecurityEvent } from "@/lib/observability";
import type { Role } from "@/lib/roles";
import { type CodeReading, hashRecoveryCode, newSecret, readCode } from "./authenticator";
import { BusyError, verifyPassword } from "./passwords";
import { accountNetworkKey, type Factor, WRONG_CODES_MAX } from "./sessions";

/** Failures of one account from one network before it has to wait. */
export const FAILURES_BEFORE_WAITING = 10;
const FIRST_WAIT_SECONDS = 30;
const LONGEST_WAIT_SECONDS = 15 * 60;
/** How long wrong codes with the right password are counted, in hours from the first of them. */
const WRONG_CODES_HOURS = 24;

/** Stand-ins for a missing account: an id that no account has, and a secret that no authenticator has. */
const NOBODY = "00000000-0000-0000-0000-000000000000";
const NOBODYS_SECRET = newSecret();

/** An account that has set a password and an authenticator. */
export type EnrolledAccount = {
  id: string;
  email: string;
  role: Role;
  passwordHash: string;
  totpEncrypted: Uint8Array;
  dataKeyId: string;
  /** Whether it has signed in from this network in the last 30 days. */
  fromKnownNetwork: boolean;
};

/**
 * `busy`: too many passwords are being checked. Nothing was checked, and no failure was counted. `clockOff`:
 * everything else was right and the code is up to five minutes early or late. Set only inside a session or
 * for a link: at sign-in it would reveal that the password was right.
 */
export type Proof =
  | { kind: "proved"; account: EnrolledAccount; factor: Factor }
  | { kind: "refused"; clockOff: boolean }
  | { kind: "busy" };

/**
 * Checks a password, a code, or both. Every refusal takes the same work, whichever factor was wrong. After
 * ten failures an account has to wait, longer each time, but only from the network that failed. An
 * accepted code is used up.
 *
 * Ten wrong codes in a day that came with the right password, from any number of networks, raise an
 * alarm. For the rest of that day authenticator codes are accepted only in a session, or from networks
 * that the account has signed in from before. Recovery codes cannot be guessed and are always accepted,
 * so nobody is locked out.
 */
export async function proveFactors({
  email,
  client,
  password,
  code,
  inSession = false,
}: {
  email: string;
  client: string;
  password?: string;
  code?: string;
  /** True inside a session, which counts wrong codes itself. */
  inSession?: boolean;
}): Promise<Proof> {
  const key = failureKey(email, client);
  const admitted = await admit(key);
  const account = await findAccount(email, client);
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
  const taken =
    code === undefined
      ? { factor: "password" as const }
      : await takeCode(candidate, code, {
          passwordProved: password !== undefined || !inSession,
          mayHint: password === undefined || inSession,
        });
  if (candidate === null || taken.factor === null)
    return { kind: "refused", clockOff: candidate !== null && taken.factor === null && taken.clockOff };
  const { factor } = taken;
  await database().adminFailure.deleteMany({ where: { key } });
  return { kind: "proved", account: candidate, factor };
}

function failureKey(email: string, client: string): Buffer<ArrayBuffer> {
  return keyedHash("admin-failure", `${email} ${networkOf(client)}`);
}

async function findAccount(email: string, client: string): Promise<EnrolledAccount | null> {
  const [found] = await database().$queryRaw<EnrolledAccount[]>`
    SELECT id, email, role, password_hash AS "passwordHash", totp_encrypted AS "totpEncrypted", data_key_id AS "dataKeyId",
      EXISTS (
        SELECT FROM admin_session
        WHERE account_id = admin_account.id AND network_key = ${accountNetworkKey(email, client)}
      ) AS "fromKnownNetwork"
    FROM admin_account WHERE email = ${email} AND password_hash IS NOT NULL AND removed_at IS NULL`;
  return found ?? null;
}

type Taken = { factor: Factor } | { factor: null; clockOff: boolean };

/**
 * Accepts a code, once: a time step that was used, or an earlier one, is refused (OWASP ASVS 5.0, 6.5.1).
 * Without an account it refuses any code after the same number of statements.
 * @param proved `passwordProved`: by the password itself, or by a link that stands for it; a wrong code then
 *   counts against the account. `mayHint`: the caller may be told that a code is a few minutes early or late.
 */
async function takeCode(
  account: EnrolledAccount | null,
  code: string,
  proved: { passwordProved: boolean; mayHint: boolean },
): Promise<Taken> {
  const { passwordProved, mayHint } = proved;
  const id = account?.id ?? NOBODY;
  const secret =
    account === null
      ? NOBODYS_SECRET
      : open(account.totpEncrypted, account.dataKeyId, { table: "admin_account", column: "totp", id });
  const wrongCodes = passwordProved ? await countWrongCode(id) : 0;
  const isGuessing = wrongCodes > WRONG_CODES_MAX && account?.fromKnownNetwork !== true;
  const given = readCode(secret, code);
  const isUntold = isGuessing || (given.kind === "clock-off" && !mayHint);
  const reading: CodeReading = isUntold ? { kind: "wrong" } : given;
  const factor = await factorOf(id, code, reading);
  if (factor !== null) {
    if (passwordProved) await takeBackWrongCode(id);
    return { factor };
  }
  if (account !== null && wrongCodes === WRONG_CODES_MAX) await raiseAlarm(account);
  return { factor: null, clockOff: reading.kind === "clock-off" };
}

async function factorOf(id: string, code: string, reading: CodeReading): Promise<Factor | null> {
  if (reading.kind !== "wrong") {
    // Use up a future code, too, so that guessing it does not reveal which code will be right.
    const taken = await database().$executeRaw`
      UPDATE admin_account SET totp_last_step = ${reading.step}::bigint
      WHERE id = ${id}::uuid AND (totp_last_step IS NULL OR totp_last_step < ${reading.step}::bigint)`;
    return taken === 1 && reading.kind === "current" ? "authenticator" : null;
  }
  const { count } = await database().adminRecoveryCode.deleteMany({
    where: { accountId: id, hash: hashRecoveryCode(code) },
  });
  return count === 1 ? "recovery-code" : null;
}

/**
 * Counts a code as wrong before it is checked.
 * @returns the number of wrong codes within the day, including this one.
 */
async function countWrongCode(id: string): Promise<number> {
  const [counted] = await database().$queryRaw<{ wrongCodes: number }[]>`
    UPDATE admin_account SET
      wrong_codes = CASE WHEN is_counting THEN wrong_codes + 1 ELSE 1 END,
      wrong_code_at = CASE WHEN is_counting THEN wrong_code_at ELSE now() END
    FROM (
      SELECT id AS counted_id, coalesce(
        wrong_codes > 0 AND wrong_code_at > now() - make_interval(hours => ${WRONG_CODES_HOURS}::int), false) AS is_counting
      FROM admin_account WHERE id = ${id}::uuid FOR UPDATE
    ) AS counting
    WHERE id = counted_id RETURNING wrong_codes AS "wrongCodes"`;
  return counted?.wrongCodes ?? 0;
}

async function takeBackWrongCode(id: string): Promise<void> {
  await database().$executeRaw`
    UPDATE admin_account SET wrong_codes = greatest(wrong_codes - 1, 0) WHERE id = ${id}::uuid`;
}

async function raiseAlarm({ id, email }: EnrolledAccount): Promise<void> {
  const detail = { account: email, wrongCodes: WRONG_CODES_MAX, password: "right" };
  await recordAudit({ actor: null, action: "alarm.codes", subject: id, detail });
  noteSecurityEvent("code-guessing");
}

/**
 * Counts an attempt as failed before it is checked, so that concurrent attempts cannot exceed ten. A
 * success resets the count.
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

/** Takes back the failure of an attempt that was never checked. */
async function takeBack(key: Buffer<ArrayBuffer>): Promise<void> {
  await database().$executeRaw`
    UPDATE admin_failure SET failures = failures - 1 WHERE key = ${key} AND failures > 0`;
}
