import type { ErrorKey } from "@/lib/i18n/messages";

// Pure, with no imports at run time: the browser checks the form with these very rules.

/** The longest address that can be mailed, in characters (RFC 5321, 4.5.3.1.3, less the angle brackets). */
export const EMAIL_MAX_CHARACTERS = 254;

/** Texts longer than this are not mended: none holds an address, and taking one apart would cost time. */
const MENDED_MAX_CHARACTERS = 1_024;
/** Format characters and whatever else leaves no mark on the screen; between Arabic letters of a domain ZWNJ has a meaning. */
const INVISIBLE = /(\p{Script=Arabic}\u200C(?=\p{Script=Arabic}))|[\p{Cf}\p{DI}]/gu;
/** RFC 5321 atext with single dots between, a domain of two labels or more in any script, the last without digits. */
const EMAIL_FORM =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@((?:[\p{L}\p{N}][\p{L}\p{M}\p{N}\u200C-]*\.)+(?:[\p{L}\p{M}]{2,}|[Xx][Nn]--[A-Za-z0-9-]+))$/u;

const characters = (text: string) => [...text].length;

/**
 * An address as it was meant: composed, without invisible characters and space around, full-width forms folded, and without
 * what copying brings along (`mailto:`, `Name <…>`, a trailing dot or comma). Whether it is an address is not said.
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

/** A domain in ASCII and lower case (UTS 46, as the URL standard has it); null when it is none. */
export function asciiDomain(domain: string): string | null {
  if (/[\s/\\?#@:%[\]]/.test(domain)) return null;
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    return null;
  }
}

/** What is wrong with a mended address, or null. */
export function emailMistake(email: string): ErrorKey | null {
  if (characters(email) > EMAIL_MAX_CHARACTERS) return "email.long";
  const domain = EMAIL_FORM.exec(email)?.[1];
  return domain !== undefined && asciiDomain(domain) !== null ? null : "email.invalid";
}
