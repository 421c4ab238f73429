import type { ErrorKey } from "@/lib/i18n/messages";

// Pure, with no imports at run time: the browser checks the form with the same rules.

/** The longest name, in characters (Unicode code points), after tidying. The shortest is one letter. */
export const NAME_MAX_CHARACTERS = 100;
/**
 * Controls, format characters, unpaired surrogates, and the Hangul fillers, which count as
 * letters but show nothing.
 */
const INVISIBLE_IN_NAME = /(?!\p{White_Space}|[\u200C\u200D])[\p{Cc}\p{Cf}\p{Cs}\u115F\u1160\u3164\uFFA0]/gu;
/**
 * Joiners outside words. Inside a word, or after a mark, they belong to the spelling
 * (Persian, Marathi, Malayalam).
 */
const STRAY_JOINER =
  /(^|[^\p{L}\p{M}\u200C\u200D])[\u200C\u200D]+|(\p{L})[\u200C\u200D]+(?![\p{L}\p{M}\u200C\u200D])/gu;

/** Two labels joined by a full stop. The second is a lookahead, since it may be the first of the next two. */
const LABELS = /([\p{L}\p{M}\p{N}\p{Cf}-]+)[.。](?=([\p{L}\p{M}\p{N}\p{Cf}-]+))/gu;
const INITIAL = /^-?[\p{L}\p{N}]\p{M}*$|-\p{Lu}\p{M}*$/u;
const TITLE = /^\p{Lu}\p{Ll}{1,3}$/u;

const characters = (text: string) => [...text].length;

/** Tidies a name: composed (NFC), nothing invisible in it, single spaces inside and none around it. */
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
 * Whether a text contains a web or email address. `evil.de` is one; an initial (`J.Top`, `H.af Klint`) or a
 * short title before a capital (`Dr.Net`) is not.
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

/** Returns what is wrong with a tidied name, or null. */
export function nameMistake(name: string): ErrorKey | null {
  if (!/\p{L}/u.test(name)) return "name.missing";
  if (characters(name) > NAME_MAX_CHARACTERS) return "name.long";
  return holdsAddress(name) ? "name.url" : null;
}
