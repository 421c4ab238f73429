const FIRST_STRONG_ISOLATE = "\u2068";
const POP_DIRECTIONAL_ISOLATE = "\u2069";

/** Embeddings, overrides and isolates: with them a name could turn round the words after it. ZWNJ and ZWJ stay: names need them. */
const BIDI_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Line ends and everything invisible that mail programs may act on. */
const CONTROLS = /[\p{Cc}\u2028\u2029\ufeff]+/gu;

/** One line of text: no line ends, no control characters, no space at its ends. Whole surrogate pairs only. */
export function singleLine(text: string): string {
  return text.toWellFormed().replace(CONTROLS, " ").trim();
}

/** Foreign text for the middle of a sentence: its direction ends where it ends. */
export function isolate(text: string): string {
  return `${FIRST_STRONG_ISOLATE}${singleLine(text.replace(BIDI_CONTROLS, ""))}${POP_DIRECTIONAL_ISOLATE}`;
}

export type Run = { text: string; isolated: boolean };

/** Cuts a sentence where `isolate` wrapped something, so that HTML can use `<bdi>`, which more mail programs honour. */
export function runsOf(sentence: string): Run[] {
  return sentence
    .split(/(\u2068[^\u2068\u2069]*\u2069)/)
    .filter((piece) => piece !== "")
    .map((piece) =>
      piece.startsWith(FIRST_STRONG_ISOLATE)
        ? { text: piece.slice(1, -1), isolated: true }
        : { text: piece, isolated: false },
    );
}
