import { createHash, createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes } from "node:crypto";
import { settings } from "@/lib/settings";

/** Random bytes in every mailed token (OWASP ASVS 5.0, 11.5.1 asks for 16 or more). */
export const TOKEN_BYTES = 32;

const derivedKeys = new Map<string, KeyObject>();

/**
 * Derives a separate key per purpose (RFC 5869), so that a
 * hash made for one can never be looked up as another.
 */
function keyFor(purpose: string): KeyObject {
  const known = derivedKeys.get(purpose);
  if (known) return known;
  const key = createSecretKey(Buffer.from(hkdfSync("sha256", settings().tokenSecret, "", purpose, 32)));
  derivedKeys.set(purpose, key);
  return key;
}

/**
 * Returns the HMAC-SHA-256 of a value under the key for one purpose.
 * Equal values can be found; none can be recovered.
 */
export function keyedHash(
  purpose:
    | "proof"
    | "permit"
    | "mailbox-key"
    | "submission"
    | "mail-allowance"
    | "network"
    | "admin-failure"
    | "admin-network"
    | "admin-session"
    | "audit-subject"
    | "audit-head"
    | "name-bucket"
    | "paper-file"
    | "share-network"
    | "told-sum",
  value: string,
): Buffer<ArrayBuffer> {
  return Buffer.from(createHmac("sha256", keyFor(purpose)).update(value).digest());
}

/** Creates a token for a mail, and its SHA-256, the only part we store. */
export function newToken(): { token: string; hash: Buffer<ArrayBuffer> } {
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  return { token, hash: hashToken(token) };
}

/**
 * Returns the SHA-256 under which a token is stored.
 * Accepts any string: one that is not our token matches no row.
 */
export function hashToken(token: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHash("sha256").update(token).digest());
}
