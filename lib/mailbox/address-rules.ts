import type { ErrorKey } from "@/lib/i18n/messages";

// Pure, with no runtime imports: the browser checks the form with these same rules.

/** The longest address that can be mailed, in characters (RFC 5321, 4.5.3.1.3, less the angle brackets). */
export const EMAIL_MAX_CHARACTERS = 254;

/** Longer texts are not cleaned up: none contains a valid address, and parsing one would cost time. */
const MENDED_MAX_CHARACTERS = 1_024;
/**
 * Format characters and others that are invisible.
 * ZWNJ stays between Arabic letters, where it has a meaning in domains.
 */
const INVISIBLE = /(\p{Script=Arabic}\u200C(?=\p{Script=Arabic}))|[\p{Cf}\p{DI}]/gu;
/**
 * RFC 5321 atext with single dots between, then a domain of at
 * least two labels in any script, the last without digits.
 */
const EMAIL_FORM =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@((?:[\p{L}\p{N}][\p{L}\p{M}\p{N}\u200C-]*\.)+(?:[\p{L}\p{M}]{2,}|[Xx][Nn]--[A-Za-z0-9-]+))$/u;

const characters = (text: string) => [...text].length;

/**
 * Cleans up a typed or pasted address. Does not check whether it is one.
 * Composes characters (NFC), folds full-width forms, and removes surrounding space, invisible characters and
 * what copying adds (`mailto:`, `Name <…>`, a trailing dot or comma).
 */
export function mendAddress(raw: string): string {
  if (raw.length > MENDED_MAX_CHARACTERS) return raw.trim();
  let mended = raw
    .replace(INVISIBLE, "$1")
    .replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[。｡]/g, ".")
    .normalize("NFC");
  for (let before = ""; before !== mended; ) {
    before = mended;
    mended = mended
      .trim()
      .replace(/^[^<>]*<([^<>]*)>$/, "$1")
      .replace(/^mailto:([^?]*).*$/i, "$1")
      .replace(/[\s.,;،۔]+$/, "");
  }
  return mended;
}

/** Returns a domain in ASCII and lower case (UTS 46, as in the URL standard); null if it is not one. */
export function asciiDomain(domain: string): string | null {
  if (/[\s/\\?#@:%[\]]/.test(domain)) return null;
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    return null;
  }
}

/** Returns what is wrong with a cleaned-up address, or null. */
export function emailMistake(email: string): ErrorKey | null {
  if (characters(email) > EMAIL_MAX_CHARACTERS) return "email.long";
  const domain = EMAIL_FORM.exec(email)?.[1];
  return domain !== undefined && asciiDomain(domain) !== null ? null : "email.invalid";
}
