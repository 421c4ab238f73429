import { randomBytes } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import { hashToken } from "@/lib/db/keyed-hash";

/** One code stands for this many seconds (RFC 6238, 5.2), and is taken for no longer (OWASP ASVS 5.0, 6.5.5). */
const STEP_SECONDS = 30;
export const RECOVERY_CODES = 10;
/** 128 bits (OWASP ASVS 5.0, 11.5.1). */
const RECOVERY_CODE_BYTES = 16;

/** A new secret for an authenticator app, in base 32. */
export function newSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** The address that an authenticator app reads, from a code to scan or as a link. */
export function secretAddress(secret: string, issuer: string, email: string): string {
  return authenticator(secret, issuer, email).toString();
}

/**
 * The time step whose code was given, or null when it is not the code of now.
 * The caller sees to it that no step is taken twice (OWASP ASVS 5.0, 6.5.1).
 */
export function stepOfCode(secret: string, code: string, now = Date.now()): number | null {
  const token = code.replace(/\s/g, "");
  if (!/^\d{6}$/.test(token)) return null;
  const fits = authenticator(secret).validate({ token, window: 0, timestamp: now }) !== null;
  return fits ? Math.floor(now / 1000 / STEP_SECONDS) : null;
}

/** New recovery codes, each with the hash that is kept of it. */
export function newRecoveryCodes(): { code: string; hash: Buffer<ArrayBuffer> }[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const code = new Secret({ buffer: new Uint8Array(randomBytes(RECOVERY_CODE_BYTES)).buffer }).base32
      .toLowerCase()
      .replace(/(.{4})(?=.)/g, "$1-");
    return { code, hash: hashRecoveryCode(code) };
  });
}

/** The hash a recovery code is kept under, however it was typed. */
export function hashRecoveryCode(code: string): Buffer<ArrayBuffer> {
  return hashToken(code.toLowerCase().replace(/[^a-z2-7]/g, ""));
}

function authenticator(secret: string, issuer = "", label = ""): TOTP {
  return new TOTP({ issuer, label, secret: Secret.fromBase32(secret), period: STEP_SECONDS, digits: 6 });
}
