import { randomBytes } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import { hashToken } from "@/lib/db/keyed-hash";

/** Time step of the codes, in seconds (RFC 6238, 5.2). */
const STEP_SECONDS = 30;
/** Codes one step early or late are accepted: clocks differ, and typing takes time (RFC 6238, 5.2). */
const TOLERANCE_STEPS = 1;
/** A matching code up to this many steps away means that the phone's clock is off. */
const CLOCK_OFF_STEPS = 10;
const RECOVERY_CODES = 10;
/** 128 bits (OWASP ASVS 5.0, 11.5.1). */
const RECOVERY_CODE_BYTES = 16;
/** Past the last decimal digit of Unicode 17. */
const CODE_POINTS_SEARCHED = 0x20000;

/** Returns a new secret for an authenticator app, in base32. */
export function newSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** Returns a secret as the URI that authenticator apps read, for a QR code or a link. */
export function secretAddress(secret: string, issuer: string, email: string): string {
  return authenticator(secret, issuer, email).toString();
}

/**
 * `current`: the code of the current step, or of the one before or after. `clock-off`: a code that is up to
 * five minutes early or late, which is rejected. Steps count from 1970.
 */
export type CodeReading = { kind: "current" | "clock-off"; step: number } | { kind: "wrong" };

/**
 * Reads an authenticator code. Accepts digits of any script; ignores spaces and dashes. The caller must
 * ensure that no step is accepted twice (OWASP ASVS 5.0, 6.5.1).
 * @param now in milliseconds.
 */
export function readCode(secret: string, code: string, now = Date.now()): CodeReading {
  const token = tidied(code);
  if (!/^\d{6}$/.test(token)) return { kind: "wrong" };
  const delta = authenticator(secret).validate({ token, window: CLOCK_OFF_STEPS, timestamp: now });
  if (delta === null) return { kind: "wrong" };
  const step = Math.floor(now / 1000 / STEP_SECONDS) + delta;
  return { kind: Math.abs(delta) <= TOLERANCE_STEPS ? "current" : "clock-off", step };
}

/** Returns new recovery codes, each with the hash to store. */
export function newRecoveryCodes(): { code: string; hash: Buffer<ArrayBuffer> }[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const code = new Secret({ buffer: new Uint8Array(randomBytes(RECOVERY_CODE_BYTES)).buffer }).base32
      .toLowerCase()
      .replace(/(.{4})(?=.)/g, "$1-");
    return { code, hash: hashRecoveryCode(code) };
  });
}

/** Returns the hash that a recovery code is stored under. Case, spaces and dashes do not matter. */
export function hashRecoveryCode(code: string): Buffer<ArrayBuffer> {
  return hashToken(
    tidied(code)
      .toLowerCase()
      .replace(/[^a-z2-7]/g, ""),
  );
}

/** Returns a code in ASCII digits, without spaces, dashes and invisible characters. */
function tidied(code: string): string {
  return code
    .normalize("NFKC")
    .replace(/[\s\p{Cf}\p{Pd}]/gu, "")
    .replace(/\p{Nd}/gu, asciiDigit);
}

let digits: ReadonlyMap<string, string> | undefined;

/**
 * Converts a decimal digit of any script to ASCII. Unicode encodes decimal digits in runs of ten, 0 to 9
 * (Unicode Standard, 4.6), so a digit's index among all of them gives its value.
 */
function asciiDigit(character: string): string {
  digits ??= new Map(
    Array.from({ length: CODE_POINTS_SEARCHED }, (_, point) => String.fromCodePoint(point))
      .filter((each) => /\p{Nd}/u.test(each))
      .map((each, place) => [each, String(place % 10)]),
  );
  return digits.get(character) ?? character;
}

function authenticator(secret: string, issuer = "", label = ""): TOTP {
  return new TOTP({ issuer, label, secret: Secret.fromBase32(secret), period: STEP_SECONDS, digits: 6 });
}
