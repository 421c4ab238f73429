import type { Outcome } from "@/lib/campaigns";
import { formatNumber } from "@/lib/i18n/format";
import { directionOf, type Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import type { DrawnText } from "./drawn-text";
import type { Drawing } from "./render";
import { escaped, isolated, largestThatFits, type Place, type TextStyle, textBlock } from "./text";

/** Picture sizes of a campaign, in pixels: for link previews, and to post as a square or a story. */
export const PICTURE_FORMATS = {
  preview: { width: 1200, height: 630, padding: 64, scale: 1 },
  square: { width: 1080, height: 1080, padding: 72, scale: 1.2 },
  story: { width: 1080, height: 1920, padding: 84, scale: 1.35 },
} as const;
export type PictureFormat = keyof typeof PICTURE_FORMATS;

/** Who runs the site, as drawings name it. */
export type Publisher = { siteUrl: string; organisation: string; demonstration: boolean };

export type PictureSubject = {
  publisher: Publisher;
  locale: Locale;
  slug: string;
  text: DrawnText;
  /** If true, draws the final count and that the campaign is closed, instead of its goal. */
  closed: boolean;
  /** What became of a closed campaign: drawn in place of that it is closed. */
  outcome?: Outcome | undefined;
  /**
   * Confirmed signatures, rounded by `roundedDown` while the campaign is open. Null if unknown:
   * then no number is drawn.
   */
  count: number | null;
  goal: number;
};

/** Lapis, pomegranate and paper, as on the pages. */
export const INK = { deep: "#14286b", red: "#c8193a", white: "#ffffff", soft: "#c6d4ff", trough: "#4d62aa" };
const DEMONSTRATION = { band: "#e3e7f3", letters: "#12182b" };

/** Counts below this are drawn exactly. */
const EXACT_BELOW = 100;
/** Sizes the headline may take in the preview, in pixels. */
const HEADLINE_SIZES = [104, 96, 88, 80, 72, 64, 58, 52, 46, 40, 34, 28] as const;
const LINE_SIZES = [34, 30, 26, 22, 18, 15] as const;

/** Rounds down to two significant figures: a picture then rarely changes, and never overstates. */
export function roundedDown(count: number): number {
  if (count < EXACT_BELOW) return count;
  const unit = 10 ** (Math.floor(Math.log10(count)) - 1);
  return Math.floor(count / unit) * unit;
}

/** Draws the stripes of a road barrier, cut off at the edges of the band. */
export function stripes(width: number, top: number, height: number): string {
  const step = height * 2;
  const slant = height / 2;
  const bars: string[] = [];
  for (let x = -step; x < width + step; x += step * 2) {
    const clamp = (value: number) => Math.max(0, Math.min(width, value));
    // Clamping a corner at the edge bends the slant there by less than one stripe.
    bars.push(
      `M${clamp(x)} ${top + height}L${clamp(x + slant)} ${top}H${clamp(x + step + slant)}L${clamp(x + step)} ${top + height}z`,
    );
  }
  return `<path fill="${INK.white}" d="M0 ${top}h${width}v${height}H0z"/><path fill="${INK.red}" d="${bars.join("")}"/>`;
}

/** Draws the site's logo, `size` units wide, for a dark background. */
export function mark(left: number, top: number, size: number): string {
  return `<g transform="translate(${left} ${top}) scale(${size / 32})"><path fill="${INK.soft}" d="M12 32 15 4h2l3 28z"/><path fill="${INK.red}" d="M0 12h32v8H0z"/><path fill="${INK.white}" d="m4 20 4-8h5l-4 8zm10 0 4-8h5l-4 8zm10 0 4-8h4v2l-3 6z"/></g>`;
}

/** Draws a full-width band that says the site is a demonstration. */
export function demonstrationBand(
  locale: Locale,
  frame: { width: number; padding: number },
  top: number,
  sizes: readonly [number, ...number[]],
): { markup: string; height: number } {
  const text = messagesFor(locale).site.demonstration;
  const width = frame.width - 2 * frame.padding;
  const style = { locale, weight: 700, fill: DEMONSTRATION.letters } as const;
  const size = largestThatFits(text, style, sizes, { width, height: sizes[0] * 2.6 });
  const margin = size * 0.45;
  const block = textBlock(
    text,
    { ...style, size },
    {
      left: frame.padding,
      top: top + margin,
      width,
      side: "middle",
    },
  );
  const height = block.height + 2 * margin;
  return {
    markup: `<rect x="0" y="${top}" width="${frame.width}" height="${height}" fill="${DEMONSTRATION.band}"/>${block.markup}`,
    height,
  };
}

/** Returns a campaign's address as people type it, without the scheme, which browsers add. */
export function addressToType(siteUrl: string, locale: Locale, slug: string): string {
  return `${siteUrl.replace(/^https?:\/\//, "")}/${locale}/${slug}`;
}

/** Draws a campaign's picture. */
export function campaignPicture(subject: PictureSubject, format: PictureFormat): Drawing {
  const { publisher, locale, slug, text, count, goal } = subject;
  const { width, height, padding, scale } = PICTURE_FORMATS[format];
  const inner = width - 2 * padding;
  const start = directionOf(locale) === "rtl" ? "right" : "left";
  const style = (fill: string, weight: 400 | 700 = 700): Omit<TextStyle, "size"> => ({
    locale,
    weight,
    fill,
  });
  const place = (top: number): Place => ({ left: padding, top, width: inner, side: start });
  const gate = 26 * scale;
  const lineSizes = LINE_SIZES.map((size) => size * scale) as [number, ...number[]];
  const parts = [
    `<rect width="${width}" height="${height}" fill="${INK.deep}"/>`,
    stripes(width, height - gate, gate),
  ];

  let top = format === "story" ? 120 : 0;
  if (publisher.demonstration) {
    const band = demonstrationBand(locale, { width, padding }, top, [24 * scale, 20 * scale, 16 * scale]);
    parts.push(band.markup);
    top += band.height;
  }
  top += 34 * scale;

  const markSize = 52 * scale;
  const nameWidth = inner - markSize * 1.35;
  const name = isolated(publisher.organisation);
  const nameStyle = style(INK.white);
  const nameSize = largestThatFits(name, nameStyle, lineSizes, { width: nameWidth, height: markSize * 1.5 });
  const nameLeft = start === "left" ? padding + markSize * 1.35 : padding;
  const nameBlock = (y: number) =>
    textBlock(
      name,
      { ...nameStyle, size: nameSize },
      { left: nameLeft, top: y, width: nameWidth, side: start },
    );
  const brandHeight = Math.max(markSize, nameBlock(0).height);
  parts.push(
    mark(
      start === "left" ? padding : width - padding - markSize,
      top + (brandHeight - markSize) / 2,
      markSize,
    ),
    nameBlock(top + (brandHeight - nameBlock(0).height) / 2).markup,
  );
  top += brandHeight + 30 * scale;

  const words = figureWords(subject);
  let bottom = height - gate - 30 * scale - (format === "story" ? 130 : 0);
  if (format !== "preview") {
    const address = addressToType(publisher.siteUrl, locale, slug);
    const latin = { locale: "en", weight: 700, fill: INK.white } as const;
    const size = largestThatFits(address, latin, lineSizes, { width: inner, height: 60 * scale });
    const block = (y: number) => textBlock(address, { ...latin, size }, place(y));
    bottom -= block(0).height;
    parts.push(block(bottom).markup);
    bottom -= 34 * scale;
  }
  const goalSize = largestThatFits(words.goal, style(INK.soft), lineSizes, {
    width: inner,
    height: 70 * scale,
  });
  const goalBlock = (y: number) => textBlock(words.goal, { ...style(INK.soft), size: goalSize }, place(y));
  bottom -= goalBlock(0).height;
  parts.push(goalBlock(bottom).markup);
  if (count !== null && words.signed !== null) {
    const bar = 18 * scale;
    bottom -= bar + 20 * scale;
    const filled = goal === 0 ? 0 : Math.min(1, count / goal) * inner;
    parts.push(
      `<rect x="${padding}" y="${bottom}" width="${inner}" height="${bar}" fill="${INK.trough}"/>`,
      `<rect x="${start === "left" ? padding : width - padding - filled}" y="${bottom}" width="${filled}" height="${bar}" fill="${INK.white}"/>`,
    );
    const signed = words.signed;
    const signedSizes = lineSizes.map((size) => size * 1.25) as [number, ...number[]];
    const size = largestThatFits(signed, style(INK.white), signedSizes, { width: inner, height: 90 * scale });
    const block = (y: number) => textBlock(signed, { ...style(INK.white), size }, place(y));
    bottom -= block(0).height + 18 * scale;
    parts.push(block(bottom).markup);
  }
  bottom -= 26 * scale;

  const room = { width: inner, height: bottom - top };
  const headlineSizes = HEADLINE_SIZES.map((size) => size * scale) as [number, ...number[]];
  const headlineSize = largestThatFits(text.title, style(INK.white), headlineSizes, room);
  const headline = (y: number) =>
    textBlock(text.title, { ...style(INK.white), size: headlineSize }, { ...place(y), balanced: true });
  parts.push(headline(top + (room.height - headline(0).height) / 2).markup);

  const alternative = [text.title, words.signed, words.goal, publisher.organisation]
    .filter((words) => words !== null)
    .join(" – ");
  return { width, height, markup: `<title>${escaped(alternative)}</title>${parts.join("")}`, alternative };
}

function figureWords({ locale, closed, outcome, count, goal }: PictureSubject): {
  signed: string | null;
  goal: string;
} {
  const messages = messagesFor(locale);
  const inGoal = { goal: formatNumber(goal, locale) };
  const inCount = { count: formatNumber(count ?? 0, locale) };
  return {
    signed:
      count === null || count === 0
        ? null
        : closed || count < EXACT_BELOW
          ? messages.count.signed(inCount)
          : messages.picture.atLeast(inCount),
    goal: closed
      ? outcome === undefined
        ? messages.message.closed.title
        : messages.outcome.names[outcome]
      : count === null
        ? messages.form.submit
        : messages.count.goal(inGoal),
  };
}
