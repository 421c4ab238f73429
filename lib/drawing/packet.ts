import { formatDate, formatNumber } from "@/lib/i18n/format";
import { DEFAULT_LOCALE, directionOf, type Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import { demonstrationBand, INK, mark, type Publisher, stripes } from "./campaign-picture";
import type { DrawnText } from "./drawn-text";
import { Column, DEMONSTRATION_SIZES, INNER, PAGE, PRINTED } from "./print";
import type { Drawing } from "./render";
import { drawnLine, isolated, largestThatFits, type TextStyle } from "./text";

/** One table entry: what is counted, and how often. */
export type Counted = { name: string; count: number };

/** A campaign's text in one language. */
export type DrawnLanguage = { locale: Locale; text: DrawnText };

export type PacketSubject = {
  publisher: Publisher;
  slug: string;
  /** The campaign's text in each of its languages; the cover begins with the first. */
  texts: readonly [DrawnLanguage, ...DrawnLanguage[]];
  /** Confirmed signatures at `at`. */
  count: number;
  at: Date;
  countries: readonly Counted[];
  days: readonly Counted[];
  /** First names as the page may show them; null leaves them out. */
  names: readonly Counted[] | null;
  /** How many different first names were left out. */
  namesLeftOut: number;
};

/** Line height and letter size in tables, in points. */
const LINE_HEIGHT = 15;
const LINE_SIZE = 9.5;
/** Letters per point of column width, for the widest script; longer entries are set smaller. */
const LETTERS_PER_POINT = 0.17;
const TABLE_COLUMNS = { countries: 2, days: 4, names: 5 } as const;

/** Draws the pages that hand a petition over: cover, the call in every language, figures, and first names. */
export function packetPages(subject: PacketSubject): Drawing[] {
  return [
    cover(subject),
    ...subject.texts.map((language) => callPage(subject, language)),
    ...tablePages(
      subject,
      "Confirmed signatures by country",
      "Countries with few signatures, and what may not yet be told of others, are counted under “other”: nobody is to be found by it.",
      subject.countries,
      TABLE_COLUMNS.countries,
    ),
    ...tablePages(
      subject,
      "Confirmed signatures by day",
      "Days begin at midnight UTC. Days on which nobody confirmed are left out.",
      subject.days,
      TABLE_COLUMNS.days,
    ),
    ...(subject.names === null
      ? []
      : tablePages(
          subject,
          "Names",
          `First names, or first letters, of those who chose to be shown, with how many share each. All others stay unnamed.${
            subject.namesLeftOut > 0
              ? ` ${formatNumber(subject.namesLeftOut, DEFAULT_LOCALE)} rarer names are left out for want of room.`
              : ""
          }`,
          subject.names,
          TABLE_COLUMNS.names,
        )),
  ];
}

function cover({ publisher, texts, count, at }: PacketSubject): Drawing {
  const [{ locale: first, text }, ...others] = texts;
  const { parts, top } = ground(publisher, DEFAULT_LOCALE, INK.deep);
  parts.push(mark(PAGE.padding, top, 44), stripes(PAGE.width, PAGE.height - 22, 22));
  const column = new Column(top + 70, { left: PAGE.padding, width: INNER, side: "left" });
  const style = (size: number, weight: 400 | 700 = 700, fill: string = INK.white): TextStyle => ({
    locale: DEFAULT_LOCALE,
    size,
    weight,
    fill,
  });
  column.text(isolated(publisher.organisation), style(15), 34);
  const inLanguage = (locale: Locale, words: string, style: Omit<TextStyle, "locale">, gapAfter: number) => {
    const line = new Column(column.top, { left: PAGE.padding, width: INNER, side: sideOf(locale) });
    line.text(words, { ...style, locale }, gapAfter);
    column.parts.push(...line.parts);
    column.top = line.top;
  };
  const large = { locale: first, weight: 700, fill: INK.white } as const;
  const size = largestThatFits(text.title, large, [54, 46, 38, 32], { width: INNER, height: 200 });
  inLanguage(first, text.title, { ...large, size }, 26);
  for (const { locale, text } of others)
    inLanguage(locale, text.title, { size: 24, weight: 700, fill: INK.soft }, 16);
  column.top += 30;
  const signed = `${formatNumber(count, DEFAULT_LOCALE)} people have signed and confirmed`;
  column.text(signed, style(26), 10);
  const asOf = `As of ${formatDate(at.toISOString(), DEFAULT_LOCALE)}, ${at.toISOString().slice(11, 16)} UTC`;
  column.text(asOf, style(12, 400, INK.soft), 22);
  inLanguage(first, text.call.to, { size: 13, weight: 400, fill: INK.white }, 0);
  const alternative = [
    publisher.organisation,
    ...texts.map(({ text }) => text.title),
    signed,
    asOf,
    text.call.to,
  ].join("\n");
  return { ...PAGE, markup: [...parts, ...column.parts].join(""), alternative };
}

/** Draws the call in one language, as on the campaign page. */
function callPage({ publisher }: PacketSubject, { locale, text }: DrawnLanguage): Drawing {
  const { call, title, summary } = text;
  const heading = messagesFor(locale).page.call;
  const { parts, top } = ground(publisher, locale, "#ffffff");
  parts.push(stripes(PAGE.width, top - 20, 10));
  const column = new Column(top + 14, { left: PAGE.padding, width: INNER, side: sideOf(locale) });
  const style = (size: number, weight: 400 | 700 = 400, fill: string = PRINTED.letters): TextStyle => ({
    locale,
    size,
    weight,
    fill,
  });
  column.text(title, style(28, 700, INK.deep), 16);
  column.text(summary, style(13), 22);
  column.text(heading, style(17, 700), 10);
  column.text(call.to, style(12.5, 400, PRINTED.soft), 14);
  if (call.lead !== "") column.text(call.lead, style(12.5), 14);
  column.text(call.demand, style(19, 700, INK.red), 16);
  for (const point of call.points) column.text(`• ${point}`, style(13), 10);
  const lines = [title, summary, heading, call.to, call.lead, call.demand, ...call.points];
  const alternative = lines.filter((line) => line !== "").join("\n");
  return { ...PAGE, markup: [...parts, ...column.parts].join(""), alternative };
}

/** Draws a table in columns, over as many pages as it needs. */
function tablePages(
  { publisher }: PacketSubject,
  title: string,
  note: string,
  lines: readonly Counted[],
  columns: number,
): Drawing[] {
  const pages: Drawing[] = [];
  const width = INNER / columns - 12;
  for (let from = 0; from < lines.length || pages.length === 0; ) {
    const { parts, top } = ground(publisher, DEFAULT_LOCALE, "#ffffff");
    const head = new Column(top + 6, { left: PAGE.padding, width: INNER, side: "left" });
    const style = { locale: DEFAULT_LOCALE, fill: PRINTED.letters } as const;
    head.text(pages.length === 0 ? title : `${title}, continued`, { ...style, size: 20, weight: 700 }, 10);
    head.text(note, { ...style, size: 10.5, weight: 400 }, 18);
    const rows = Math.floor((PAGE.height - PAGE.padding - head.top) / LINE_HEIGHT);
    const here = lines.slice(from, from + rows * columns);
    const perColumn = Math.min(rows, Math.ceil(here.length / columns));
    const cells = here.map(({ name, count }, index) => {
      const left = PAGE.padding + Math.floor(index / perColumn) * (width + 12);
      const baseline = head.top + (index % perColumn) * LINE_HEIGHT + LINE_SIZE;
      return countedLine(name, formatNumber(count, DEFAULT_LOCALE), left, width, baseline);
    });
    pages.push({
      ...PAGE,
      markup: [...parts, ...head.parts, ...cells].join(""),
      alternative: [title, note, ...here.map(({ name, count }) => `${name}: ${count}`)].join("\n"),
    });
    from += Math.max(1, here.length);
  }
  return pages;
}

/** Draws a name on the left and a number on the right of one line. */
function countedLine(name: string, number: string, left: number, width: number, baseline: number): string {
  const letters = [...name].length + number.length + 2;
  const size = Math.min(LINE_SIZE, LINE_SIZE * ((width * LETTERS_PER_POINT) / letters));
  const style = { size, weight: 400, fill: PRINTED.letters } as const;
  // Names come in any script: one in Arabic letters is set from right to left.
  const locale = /\p{Script=Arabic}/u.test(name) ? "fa-AF" : DEFAULT_LOCALE;
  return (
    drawnLine(name, { ...style, locale }, left, baseline, "start") +
    drawnLine(number, { ...style, locale: DEFAULT_LOCALE }, left + width, baseline, "end")
  );
}

/** Starts a page in one colour. Returns its parts, and the top of its content. */
function ground(publisher: Publisher, locale: Locale, fill: string): { parts: string[]; top: number } {
  const parts = [`<rect width="${PAGE.width}" height="${PAGE.height}" fill="${fill}"/>`];
  if (!publisher.demonstration) return { parts, top: PAGE.padding };
  const band = demonstrationBand(locale, PAGE, 0, DEMONSTRATION_SIZES);
  return { parts: [...parts, band.markup], top: band.height + 28 };
}

function sideOf(locale: Locale): "left" | "right" {
  return directionOf(locale) === "rtl" ? "right" : "left";
}
