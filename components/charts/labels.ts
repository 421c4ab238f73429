import { formatDate } from "@/lib/i18n/format";
import type { Locale } from "@/lib/i18n/locales";

/** Width of every drawing, in its own units. On a phone of 360 px a unit is a little less than a pixel. */
export const WIDTH = 360;
/** Letter sizes in those units, as the style sheet sets them: at least 12 px on a phone of 360 px. */
export const LETTERS = { value: 16, note: 14 } as const;
/** Average width of a letter or digit, as a share of its size. Generous, so that labels never touch. */
const LETTER_WIDTH = 0.62;

/** Estimates how wide a text is. */
export function widthOf(text: string, size: number): number {
  return [...text].length * size * LETTER_WIDTH;
}

/** Breaks a text into lines of at most `width`; ends with an ellipsis if it needs more than `most` lines. */
export function linesOf(text: string, size: number, width: number, most: number): string[] {
  const letters = Math.floor(width / (size * LETTER_WIDTH));
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).flatMap((each) => piecesOf(each, letters))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if ([...longer].length <= letters) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  lines.push(line);
  if (lines.length <= most) return lines;
  const last = [...(lines[most - 1] ?? "")].slice(0, letters - 1).join("");
  return [...lines.slice(0, most - 1), `${last}…`];
}

/** Cuts a word that is longer than a line. */
function piecesOf(word: string, letters: number): string[] {
  const characters = [...word];
  const pieces = [];
  for (let from = 0; from < characters.length; from += letters)
    pieces.push(characters.slice(from, from + letters).join(""));
  return pieces;
}

/** Formats where or when a row of a figure belongs: a date as one, anything else as it is. */
export function atInWords(at: string, locale: Locale): string {
  return isDate(at) ? formatDate(at, locale) : at;
}

/** Whether a text is a date as precise as it is known: `2023`, `2023-12` or `2023-12-01`. */
export function isDate(text: string): boolean {
  return /^\d{4}(-\d{2}){0,2}$/.test(text) && !Number.isNaN(Date.parse(text));
}
