const FIRST_STRONG_ISOLATE = "\u2068";
const POP_DIRECTIONAL_ISOLATE = "\u2069";

/**
 * Embeddings, overrides and isolates, with which a name could reverse the words after it.
 * Names need ZWNJ and ZWJ: both stay.
 */
const BIDI_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Line breaks and invisible characters that mail programs may act on. */
const CONTROLS = /[\p{Cc}\u2028\u2029\ufeff]+/gu;

/** Returns text on one line, trimmed and without control characters or unpaired surrogates. */
export function singleLine(text: string): string {
  return text.toWellFormed().replace(CONTROLS, " ").trim();
}

/** Prepares untrusted text for use inside a sentence: its direction ends where it ends. */
export function isolate(text: string): string {
  return `${FIRST_STRONG_ISOLATE}${singleLine(text.replace(BIDI_CONTROLS, ""))}${POP_DIRECTIONAL_ISOLATE}`;
}

export type Run = { text: string; isolated: boolean };

/**
 * Splits a sentence around parts wrapped by `isolate`, so that
 * HTML can use `<bdi>`, which more mail programs support.
 */
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
