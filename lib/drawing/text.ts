import path from "node:path";
import { Resvg, type ResvgRenderOptions } from "@resvg/resvg-js";
import { directionOf, type Locale, languageOf } from "@/lib/i18n/locales";
import type { Language } from "@/lib/i18n/locales/language";

/** How letters are drawn. Sizes are in the units of the drawing: pixels in pictures, points in print. */
export type TextStyle = { locale: Locale; size: number; weight: 400 | 700; fill: string };

/** Bounding box of a line's ink around its baseline, in the units of the drawing. */
type LineBox = { width: number; above: number; below: number };

/** Where a block of text stands: its upper left corner, its width, and the side its lines keep to. */
export type Place = {
  left: number;
  top: number;
  width: number;
  side: "left" | "right" | "middle";
  /** Makes the lines about equally long, for headlines. */
  balanced?: boolean;
};

type Script = { family: string; folder: string; file: string; lineHeight: number };

const LATIN: Script = { family: "Noto Sans", folder: "noto-sans", file: "NotoSans", lineHeight: 1.2 };
const NASKH: Script = {
  family: "Noto Naskh Arabic",
  folder: "noto-naskh-arabic",
  file: "NotoNaskhArabic",
  lineHeight: 1.5,
};
const NASTALIQ: Script = {
  family: "Noto Nastaliq Urdu",
  folder: "noto-nastaliq-urdu",
  file: "NotoNastaliqUrdu",
  lineHeight: 2.3,
};

const SCRIPTS: Record<Language["script"], Script> = { latin: LATIN, naskh: NASKH, nastaliq: NASTALIQ };
const scriptOf = (locale: Locale) => SCRIPTS[languageOf(locale).script];
/** The script for a name in Arabic letters, also within Latin text. */
const arabicScriptOf = (locale: Locale) => (scriptOf(locale) === LATIN ? NASKH : scriptOf(locale));

/**
 * Font files of the drawings: three scripts in two weights. Relative to the checkout,
 * where the web server runs.
 */
export const FONT_FILES = [LATIN, NASKH, NASTALIQ].flatMap(({ folder, file }) =>
  ["400Regular", "700Bold"].map((weight) =>
    path.join("node_modules/@expo-google-fonts", folder, weight, `${file}_${weight}.ttf`),
  ),
);

/** Uses our fonts only: what a machine has installed must not change a picture. */
export const DRAWING_OPTIONS: ResvgRenderOptions = {
  font: { loadSystemFonts: false, fontFiles: FONT_FILES, defaultFontFamily: LATIN.family },
};

/** Text is measured at this size and scaled, so that one measurement serves every size. */
const MEASURING_SIZE = 100;
/** Most lines in the cache; the fixed texts of four languages need a few hundred. */
const MEASUREMENTS_MAX = 4_000;
/** Fractions of the width tried for balanced lines, narrowest first. */
const BALANCING_SHARES = [0.55, 0.65, 0.75, 0.85, 0.93];
const measurements = new Map<string, LineBox>();

/** Escapes what XML 1.0 reserves in text and attributes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * Isolates a name of any script, so that its direction does not affect the words
 * around it (UAX 9: FSI … PDI).
 */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

/** Marks a right-to-left line as one (UAX 9: RLI … PDI); the renderer assumes left-to-right. */
function directed(text: string, locale: Locale): string {
  return directionOf(locale) === "rtl" ? `\u2067${text}\u2069` : text;
}

function measured(text: string, { locale, size, weight }: TextStyle): LineBox {
  const key = `${locale} ${weight} ${text}`;
  let box = measurements.get(key);
  if (box === undefined) {
    const line = drawnLine(text, { locale, weight, size: MEASURING_SIZE, fill: "#000" }, 0, 0, "start");
    const bounds = new Resvg(
      `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">${line}</svg>`,
      DRAWING_OPTIONS,
    ).getBBox();
    box =
      bounds === undefined
        ? { width: 0, above: 0, below: 0 }
        : { width: bounds.width, above: -bounds.y, below: bounds.y + bounds.height };
    if (measurements.size >= MEASUREMENTS_MAX) measurements.clear();
    measurements.set(key, box);
  }
  const scale = size / MEASURING_SIZE;
  return { width: box.width * scale, above: box.above * scale, below: box.below * scale };
}

/** Draws one line on a given baseline. `x` is its start, end or middle, as `anchor` says (left to right). */
export function drawnLine(
  text: string,
  { locale, size, weight, fill }: TextStyle,
  x: number,
  baseline: number,
  anchor: "start" | "middle" | "end",
): string {
  // Otherwise Latin names would take the serif letters that the Arabic fonts include.
  const { family } = /\p{Script=Arabic}/u.test(text) ? arabicScriptOf(locale) : LATIN;
  return `<text x="${x}" y="${baseline}" text-anchor="${anchor}" font-family="${family}" font-weight="${weight}" font-size="${size}" fill="${fill}">${escaped(directed(text, locale))}</text>`;
}

/**
 * Breaks a text between words into lines no wider than `width`; a single longer word stays whole. Shaping is
 * slow, so each line starts from a guess by average letter width and is measured only a few times.
 */
export function brokenIntoLines(text: string, style: TextStyle, width: number): string[] {
  const words = text.split(" ");
  const lettersPerLine = (width * text.length) / measured(text, style).width;
  const lines: string[] = [];
  let from = 0;
  while (from < words.length) {
    const lineTo = (end: number) => words.slice(from, end).join(" ");
    const fits = (end: number) => measured(lineTo(end), style).width <= width;
    let to = from + 1;
    while (to < words.length && lineTo(to + 1).length <= lettersPerLine) to++;
    while (to > from + 1 && !fits(to)) to--;
    while (to < words.length && fits(to + 1)) to++;
    lines.push(lineTo(to));
    from = to;
  }
  return lines;
}

/**
 * Breaks a text into the fewest lines the width allows, at the narrowest width tried
 * that needs no more lines.
 */
function balancedLines(text: string, style: TextStyle, width: number): string[] {
  const lines = brokenIntoLines(text, style, width);
  for (const share of BALANCING_SHARES) {
    const narrower = brokenIntoLines(text, style, width * share);
    const whole = narrower.every((line) => measured(line, style).width <= width);
    if (narrower.length === lines.length && whole) return narrower;
  }
  return lines;
}

/**
 * A laid-out text as SVG, with the height of its ink, so that what follows can be placed
 * below it in every script.
 */
export type TextBlock = { markup: string; height: number };

/** Lays a text out from the top of its ink, in as many lines as it needs. */
export function textBlock(text: string, style: TextStyle, place: Place): TextBlock {
  const lines = place.balanced
    ? balancedLines(text, style, place.width)
    : brokenIntoLines(text, style, place.width);
  const boxes = lines.map((line) => measured(line, style));
  const first = boxes[0];
  const last = boxes.at(-1);
  if (first === undefined || last === undefined) return { markup: "", height: 0 };
  const step = style.size * scriptOf(style.locale).lineHeight;
  const x =
    place.side === "left"
      ? place.left
      : place.side === "right"
        ? place.left + place.width
        : place.left + place.width / 2;
  const anchor = place.side === "left" ? "start" : place.side === "right" ? "end" : "middle";
  const markup = lines.map((line, index) =>
    drawnLine(line, style, x, place.top + first.above + index * step, anchor),
  );
  const height = first.above + (lines.length - 1) * step + last.below;
  return { markup: markup.join(""), height };
}

/**
 * Returns the largest size at which every line fits the width and all lines fit the height; else the last.
 * `sizes` are tried in the given, descending order.
 */
export function largestThatFits(
  text: string,
  style: Omit<TextStyle, "size">,
  sizes: readonly [number, ...number[]],
  room: { width: number; height: number },
): number {
  const fitting = sizes.find((size) => {
    const sized = { ...style, size };
    const place: Place = { left: 0, top: 0, width: room.width, side: "left" };
    return (
      textBlock(text, sized, place).height <= room.height &&
      brokenIntoLines(text, sized, room.width).every((line) => measured(line, sized).width <= room.width)
    );
  });
  return fitting ?? sizes.at(-1) ?? sizes[0];
}
