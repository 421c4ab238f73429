/** Letters that Arabic, Persian, Urdu and Pashto keyboards offer in several shapes, mapped to one of them. */
const SAME_LETTERS: Record<string, string> = {
  ي: "ی",
  ى: "ی",
  ې: "ی",
  ۍ: "ی",
  ے: "ی",
  ك: "ک",
  ګ: "گ",
  ة: "ه",
  ہ: "ه",
  ھ: "ه",
  ە: "ه",
  ۃ: "ه",
  ٱ: "ا",
};
const FOLDED_LETTER = new RegExp(`[${Object.keys(SAME_LETTERS).join("")}]`, "g");

/**
 * Folds a short phrase so that a list entry matches however people type it.
 * Ignores case, accents and other marks, compatibility forms, Arabic letter shapes, the script of digits,
 * invisible characters, punctuation and spacing.
 */
export function foldPhrase(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}]/gu, "")
    .replace(FOLDED_LETTER, (letter) => SAME_LETTERS[letter] ?? letter)
    .replace(/\p{Nd}/gu, asciiDigit)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/**
 * Converts a decimal digit of any script to 0–9.
 * Unicode encodes each script's ten digits in order, starting with zero.
 */
export function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first--;
  return String((code - first) % 10);
}
