import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";

/** Shortest password, in characters (NIST SP 800-63B, 5.1.1.2, asks for 8; with a second factor 12 is ample). */
export const PASSWORD_MIN_CHARACTERS = 12;
/** Longest password, in characters: hashing has to end. */
export const PASSWORD_MAX_CHARACTERS = 200;
/** OWASP Password Storage Cheat Sheet: scrypt with N = 2^17, r = 8, p = 1. 128 MiB each. */
const COST: ScryptOptions = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };
const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** Hashes worked on at once, and those that may wait: each takes 128 MiB and a third of a second of a core. */
const HASHES_AT_ONCE = 2;
const HASHES_WAITING = 20;
/** What many people choose first, in lower case without white space; each is long enough to pass otherwise. */
const COMMON = [
  "password1234",
  "passwordpassword",
  "123456789012",
  "1234567890123",
  "qwertyuiop12",
  "qwertyqwerty",
  "administrator",
  "adminadminadmin",
  "letmeinletmein",
  "iloveyouiloveyou",
  "changemechangeme",
  "111111111111",
  "000000000000",
];

export type PasswordMistake = "short" | "long" | "common";

/** Too many hashes are waiting: the caller is asked to come again. */
export class BusyError extends Error {}

let running = 0;
const waiting: (() => void)[] = [];

/** What is wrong with a new password, or null. No rules of composition: length, and not what everybody tries. */
export function passwordMistake(password: string, email: string): PasswordMistake | null {
  const length = [...password].length;
  if (length < PASSWORD_MIN_CHARACTERS) return "short";
  if (length > PASSWORD_MAX_CHARACTERS) return "long";
  const plain = password.toLowerCase().replace(/\s/g, "");
  const own = [email, email.split("@")[0] ?? ""].map((text) => text.toLowerCase());
  const repeated = /^(.{1,4})\1+$/.test(plain);
  return COMMON.includes(plain) || own.includes(plain) || repeated ? "common" : null;
}

/** Hashes a password with a salt of its own, for storing. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt);
  return `scrypt$${salt.toString("base64")}$${key.toString("base64")}`;
}

/**
 * Whether a password is the one that was hashed. With no hash it works as long and says no, so that nobody learns which
 * accounts exist.
 * @throws BusyError when too many are waiting.
 */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [, salt = "", key = ""] = (stored ?? "").split("$");
  const derived = await derive(password, Buffer.from(salt, "base64"));
  const expected = Buffer.from(key, "base64");
  return stored !== null && expected.length === derived.length && timingSafeEqual(expected, derived);
}

async function derive(password: string, salt: Buffer): Promise<Buffer> {
  if (running >= HASHES_AT_ONCE) {
    if (waiting.length >= HASHES_WAITING) throw new BusyError("too many sign-ins at once");
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  running++;
  try {
    return await new Promise<Buffer>((resolve, reject) =>
      scrypt(password.normalize("NFKC"), salt, KEY_BYTES, COST, (error, key) =>
        error ? reject(error) : resolve(key),
      ),
    );
  } finally {
    running--;
    waiting.shift()?.();
  }
}
