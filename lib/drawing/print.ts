import { directionOf, type Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import { addressToType, demonstrationBand, INK, mark, type Publisher, stripes } from "./campaign-picture";
import type { DrawnText } from "./drawn-text";
import { qrMark } from "./qr";
import type { Drawing } from "./render";
import { drawnLine, isolated, largestThatFits, type Place, type TextStyle, textBlock } from "./text";

/** A4 (ISO 216) in points. */
export const PAGE = { width: 595.28, height: 841.89, padding: 42 } as const;
export const INNER = PAGE.width - 2 * PAGE.padding;
export const PRINTED = { letters: "#12182b", soft: "#4a5266", line: "#7d869b" } as const;
export const DEMONSTRATION_SIZES = [12, 10, 8] as const;

export type PrintSubject = {
  publisher: Publisher;
  locale: Locale;
  slug: string;
  text: DrawnText;
  /** Where the QR code leads. */
  link: string;
};

/** Sets texts below one another. */
export class Column {
  readonly parts: string[] = [];
  constructor(
    public top: number,
    private readonly frame: { left: number; width: number; side: Place["side"] },
  ) {}

  text(text: string, style: TextStyle, gapAfter: number): void {
    const block = textBlock(text, style, { ...this.frame, top: this.top });
    this.parts.push(block.markup);
    this.top += block.height + gapAfter;
  }
}

/** Draws an A4 poster: the demand, and a QR code that leads to the petition. */
export function poster({ publisher, locale, slug, text, link }: PrintSubject): Drawing {
  const { poster: words } = messagesFor(locale);
  const side = directionOf(locale) === "rtl" ? "right" : "left";
  const parts: string[] = [];

  const groundHeight = 480;
  const gate = 22;
  parts.push(
    `<rect width="${PAGE.width}" height="${PAGE.height}" fill="#ffffff"/>`,
    `<rect width="${PAGE.width}" height="${groundHeight}" fill="${INK.deep}"/>`,
    stripes(PAGE.width, groundHeight, gate),
  );
  let top = 0;
  if (publisher.demonstration) {
    const band = demonstrationBand(locale, PAGE, 0, DEMONSTRATION_SIZES);
    parts.push(band.markup);
    top = band.height;
  }
  top += 28;
  const markSize = 40;
  const name = isolated(publisher.organisation);
  const nameStyle = { locale, weight: 700, fill: INK.white } as const;
  const nameSize = largestThatFits(name, nameStyle, [20, 17, 14, 11], {
    width: INNER - 56,
    height: markSize,
  });
  const nameAt = (y: number) =>
    textBlock(
      name,
      { ...nameStyle, size: nameSize },
      {
        left: side === "left" ? PAGE.padding + 56 : PAGE.padding,
        top: y,
        width: INNER - 56,
        side,
      },
    );
  parts.push(
    mark(side === "left" ? PAGE.padding : PAGE.width - PAGE.padding - markSize, top, markSize),
    nameAt(top + (markSize - nameAt(0).height) / 2).markup,
  );
  top += markSize + 24;

  const demandStyle = { locale, weight: 400, fill: INK.soft, size: 21 } as const;
  const demandAt = (y: number) =>
    textBlock(text.call.demand, demandStyle, { left: PAGE.padding, top: y, width: INNER, side });
  const demandHeight = demandAt(0).height;
  const room = { width: INNER, height: groundHeight - 28 - demandHeight - 20 - top };
  const headlineStyle = { locale, weight: 700, fill: INK.white } as const;
  const size = largestThatFits(text.title, headlineStyle, [84, 76, 68, 60, 54, 48, 42, 36, 30, 24], room);
  const headlineAt = (y: number) =>
    textBlock(
      text.title,
      { ...headlineStyle, size },
      { left: PAGE.padding, top: y, width: INNER, side, balanced: true },
    );
  parts.push(
    headlineAt(top + (room.height - headlineAt(0).height) / 2).markup,
    demandAt(groundHeight - 28 - demandHeight).markup,
  );

  const codeSize = 204;
  const below = new Column(groundHeight + gate + 20, { left: PAGE.padding, width: INNER, side: "middle" });
  below.text(words.scan, { locale, weight: 700, fill: PRINTED.letters, size: 22 }, 4);
  below.parts.push(qrMark(link, (PAGE.width - codeSize) / 2, below.top, codeSize));
  below.top += codeSize + 4;
  below.text(words.orOpen, { locale, weight: 400, fill: PRINTED.soft, size: 12 }, 7);
  const address = addressToType(publisher.siteUrl, locale, slug);
  const addressStyle = { locale: "en", weight: 700, fill: PRINTED.letters } as const;
  const addressSize = largestThatFits(address, addressStyle, [15, 13, 11, 9, 7], {
    width: INNER,
    height: 20,
  });
  below.text(address, { ...addressStyle, size: addressSize }, 0);

  const alternative = [
    text.title,
    text.call.demand,
    publisher.organisation,
    words.scan,
    `${words.orOpen} ${address}`,
  ].join("\n");
  return { ...PAGE, markup: [...parts, ...below.parts].join(""), alternative };
}

/** Shares of the table's width: name, email, country, signature. */
const COLUMN_SHARES = { name: 0.27, email: 0.33, country: 0.17, hand: 0.23 } as const;
/** Row height in points: room for handwriting in any of the scripts. */
const ROW_HEIGHT = 30;

/** Draws an A4 sheet to sign on paper, with the same consent text as the form. */
export function signatureSheet({ publisher, locale, text, link }: PrintSubject): Drawing {
  const messages = messagesFor(locale);
  const words = messages.sheet;
  const side = directionOf(locale) === "rtl" ? "right" : "left";
  const codeSize = 104;
  const style = (size: number, weight: 400 | 700 = 400, fill: string = PRINTED.letters): TextStyle => ({
    locale,
    size,
    weight,
    fill,
  });
  const parts = [`<rect width="${PAGE.width}" height="${PAGE.height}" fill="#ffffff"/>`];
  let top = 0;
  if (publisher.demonstration) {
    const band = demonstrationBand(locale, PAGE, 0, DEMONSTRATION_SIZES);
    parts.push(band.markup);
    top = band.height;
  }
  parts.push(stripes(PAGE.width, top, 10));
  top += 28;

  const besideCode = INNER - codeSize - 16;
  parts.push(
    qrMark(link, side === "left" ? PAGE.width - PAGE.padding - codeSize : PAGE.padding, top - 6, codeSize),
  );
  const head = new Column(top, {
    left: side === "left" ? PAGE.padding : PAGE.padding + codeSize + 16,
    width: besideCode,
    side,
  });
  head.text(text.title, style(20, 700, INK.deep), 9);
  head.text(text.call.demand, style(12, 700), 8);
  head.text(isolated(publisher.organisation), style(11, 400, PRINTED.soft), 0);

  const body = new Column(Math.max(head.top, top + codeSize) + 10, {
    left: PAGE.padding,
    width: INNER,
    side,
  });
  body.text(words.title, style(14, 700), 7);
  body.text(words.lead, style(11), 8);
  body.text(messages.consent, style(10.5), 12);

  const giveStyle = style(9.5, 700, PRINTED.soft);
  const give = (y: number) =>
    textBlock(words.give, giveStyle, { left: PAGE.padding, top: y, width: INNER, side });
  const giveTop = PAGE.height - 24 - give(0).height;
  parts.push(...head.parts, ...body.parts, give(giveTop).markup);
  parts.push(signatureTable(locale, body.top, giveTop - 10));

  const alternative = [
    text.title,
    text.call.demand,
    publisher.organisation,
    words.title,
    words.lead,
    messages.consent,
    [words.name, words.email, words.country, words.hand].join(" | "),
    words.give,
  ].join("\n");
  return { ...PAGE, markup: parts.join(""), alternative };
}

/** Draws as many empty rows as fit, with the first column on the side where reading starts. */
function signatureTable(locale: Locale, top: number, bottom: number): string {
  const words = messagesFor(locale).sheet;
  const rightToLeft = directionOf(locale) === "rtl";
  const parts: string[] = [];
  const columns = ["name", "email", "country", "hand"] as const;
  const headings = { locale, size: 9.5, weight: 700, fill: PRINTED.letters } as const;
  const rows = Math.floor((bottom - top - 22) / ROW_HEIGHT);
  const tableTop = top + 22;
  const tableBottom = tableTop + rows * ROW_HEIGHT;
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    `<path d="M${x1} ${y1}L${x2} ${y2}" fill="none" stroke="${PRINTED.line}" stroke-width="0.8"/>`;
  let from = 0;
  for (const column of columns) {
    const width = COLUMN_SHARES[column] * INNER;
    const left = PAGE.padding + (rightToLeft ? INNER - from - width : from);
    const [x, anchor] = rightToLeft ? ([left + width - 4, "end"] as const) : ([left + 4, "start"] as const);
    parts.push(drawnLine(words[column], headings, x, top + 12, anchor));
    parts.push(line(left, tableTop, left, tableBottom));
    from += width;
  }
  parts.push(
    line(PAGE.width - PAGE.padding, tableTop, PAGE.width - PAGE.padding, tableBottom),
    line(PAGE.padding, tableTop, PAGE.padding, tableBottom),
  );
  for (let row = 0; row <= rows; row++) {
    const y = tableTop + row * ROW_HEIGHT;
    parts.push(line(PAGE.padding, y, PAGE.width - PAGE.padding, y));
  }
  return parts.join("");
}
