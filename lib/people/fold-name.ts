/**
 * Accents, harakat, points and other marks of the Latin, Greek, Cyrillic, Hebrew and Arabic scripts. Vowel
 * signs of other scripts are kept.
 */
const MARKS =
  /[\u0300-\u036F\u0483-\u0487\u0591-\u05C7\u0610-\u061A\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E8\u06EA-\u06ED\u08D3-\u08FF]/g;
/**
 * Letters that are dropped: those that stand for an apostrophe, a lone hamza, and the Arabic stroke that only
 * stretches a word.
 */
const LETTERS_LEFT_OUT = /[\u02B0-\u02FF\uA78B\uA78C\u0621\u0640]/g;
const NEITHER_LETTER_NOR_DIGIT = /[^\p{L}\p{M}\p{N}]/gu;

/** Letters that people and keyboards use interchangeably, after decomposition and in lower case. */
const VARIANTS: ReadonlyMap<string, string> = new Map([
  ...each("ىيېۍےێۑ", "ی"),
  ...each("كڪ", "ک"),
  ...each("ګ", "گ"),
  ...each("ہھەةۃۀۂ", "ه"),
  ...each("ٱٲٳ", "ا"),
  ["ø", "o"],
  ["ł", "l"],
  ["đ", "d"],
  ["ð", "d"],
  ["þ", "th"],
  ["ß", "ss"],
  ["æ", "ae"],
  ["œ", "oe"],
  ["ı", "i"],
  ["ς", "σ"],
]);
const VARIANT = new RegExp(`[${[...VARIANTS.keys()].join("")}]`, "g");

function each(letters: string, letter: string): [string, string][] {
  return [...letters].map((variant) => [variant, letter]);
}

/**
 * Returns the form of a name used for searching and comparing, the same for all its common spellings. Ignores
 * case, accents and marks, white space, apostrophes, hyphens and joiners, and unifies letters that Arabic,
 * Persian, Urdu and Pashto keyboards use for each other. Never for display.
 */
export function foldName(name: string): string {
  const plain = name.normalize("NFKD").replace(MARKS, "").toLowerCase();
  const folded = plain
    .replace(LETTERS_LEFT_OUT, "")
    .replace(NEITHER_LETTER_NOR_DIGIT, "")
    .replace(VARIANT, (letter) => VARIANTS.get(letter) ?? letter);
  // A name without letters or digits is compared as it is.
  return folded === "" ? plain.replace(/\s+/g, " ").trim() : folded;
}
