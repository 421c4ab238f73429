import type { ErrorKey } from "@/lib/i18n/messages";

// What may be in a field, in plain code with nothing imported: the browser's enhancement carries these very rules.

/** The longest name, in characters (Unicode code points), after tidying. The shortest is one letter. */
export const NAME_MAX_CHARACTERS = 100;
/** The longest address that can be mailed, in characters (RFC 5321, 4.5.3.1.3, less the angle brackets). */
export const EMAIL_MAX_CHARACTERS = 254;

/** Controls, format characters, unpaired surrogates, and the Hangul fillers, which count as letters but show nothing. */
const INVISIBLE_IN_NAME = /(?!\p{White_Space}|[\u200C\u200D])[\p{Cc}\p{Cf}\p{Cs}\u115F\u1160\u3164\uFFA0]/gu;
/** Joiners outside words. Inside a word, or after a mark, they belong to the spelling (Persian, Marathi, Malayalam). */
const STRAY_JOINER =
  /(^|[^\p{L}\p{M}\u200C\u200D])[\u200C\u200D]+|(\p{L})[\u200C\u200D]+(?![\p{L}\p{M}\u200C\u200D])/gu;

/** Two labels joined by a full stop. The second is only looked at, since it may be the first of the next two. */
const LABELS = /([\p{L}\p{M}\p{N}\p{Cf}-]+)[.。](?=([\p{L}\p{M}\p{N}\p{Cf}-]+))/gu;
const INITIAL = /^-?[\p{L}\p{N}]\p{M}*$|-\p{Lu}\p{M}*$/u;
const TITLE = /^\p{Lu}\p{Ll}{1,3}$/u;

/** Texts longer than this are not mended: none holds an address, and taking one apart would cost time. */
const MENDED_MAX_CHARACTERS = 1_024;
/** Format characters and whatever else leaves no mark on the screen; between Arabic letters of a domain ZWNJ has a meaning. */
const INVISIBLE = /(\p{Script=Arabic}\u200C(?=\p{Script=Arabic}))|[\p{Cf}\p{DI}]/gu;
/** RFC 5321 atext with single dots between, a domain of two labels or more in any script, the last without digits. */
const EMAIL_FORM =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@((?:[\p{L}\p{N}][\p{L}\p{M}\p{N}\u200C-]*\.)+(?:[\p{L}\p{M}]{2,}|[Xx][Nn]--[A-Za-z0-9-]+))$/u;

const characters = (text: string) => [...text].length;

/** A name as people write it: composed (NFC), nothing invisible in it, single spaces inside and none around it. */
export function tidyName(name: string): string {
  return (
    name
      .replace(INVISIBLE_IN_NAME, "")
      .normalize("NFC")
      .replace(STRAY_JOINER, "$1$2")
      // Once more: a joiner may have stood between a character and its mark.
      .normalize("NFC")
      .replace(/\p{White_Space}+/gu, " ")
      .trim()
  );
}

/**
 * Whether a web or email address is in a text. `evil.de` is one; an initial (`J.Top`, `H.af Klint`) or a short title before
 * a capital (`Dr.Net`) is not.
 */
function holdsAddress(text: string): boolean {
  // Address bars fold full-width and other look-alikes in the same way.
  const plain = text.normalize("NFKC");
  return (
    /[@/]|www[.。]/i.test(plain) ||
    [...plain.matchAll(LABELS)].some(
      ([, before = "", after = ""]) =>
        /\p{L}.*\p{L}/u.test(after) &&
        !INITIAL.test(before) &&
        !(TITLE.test(before) && /^\p{Lu}/u.test(after)),
    )
  );
}

/** What is wrong with a tidied name, or null. */
export function nameMistake(name: string): ErrorKey | null {
  if (!/\p{L}/u.test(name)) return "name.missing";
  if (characters(name) > NAME_MAX_CHARACTERS) return "name.long";
  return holdsAddress(name) ? "name.url" : null;
}

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
