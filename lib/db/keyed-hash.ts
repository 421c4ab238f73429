import { createHash, createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes } from "node:crypto";
import { settings } from "@/lib/settings";

/** Bytes of randomness in every token that is mailed (OWASP ASVS 5.0, 11.5.1 asks for 16 or more). */
export const TOKEN_BYTES = 32;

const derivedKeys = new Map<string, KeyObject>();

/** A key of its own for each purpose, so that a hash made for one can never be looked up as another (RFC 5869). */
function keyFor(purpose: string): KeyObject {
  const known = derivedKeys.get(purpose);
  if (known) return known;
  const key = createSecretKey(Buffer.from(hkdfSync("sha256", settings().tokenSecret, "", purpose, 32)));
  derivedKeys.set(purpose, key);
  return key;
}

/** HMAC-SHA-256 of a value under the key of one purpose: equal values can be found, none can be read back. */
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

/** A new token for a mail and the only thing we keep of it, its SHA-256. */
export function newToken(): { token: string; hash: Buffer<ArrayBuffer> } {
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  return { token, hash: hashToken(token) };
}

/** The SHA-256 under which a token is kept. Any string may be given: what is no token of ours matches no row. */
export function hashToken(token: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHash("sha256").update(token).digest());
}
