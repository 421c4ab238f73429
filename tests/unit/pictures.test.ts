import { inflateSync } from "node:zlib";
import { Resvg } from "@resvg/resvg-js";
import fc from "fast-check";
import jsqr from "jsqr";
import { describe, expect, test } from "vitest";
import { contentFor } from "@/lib/campaigns";
import {
  campaignPicture,
  PICTURE_FORMATS,
  type PictureFormat,
  type PictureSubject,
  roundedDown,
} from "@/lib/drawing/campaign-picture";
import { type DrawnText, drawnText } from "@/lib/drawing/drawn-text";
import { poster, signatureSheet } from "@/lib/drawing/print";
import { qrSvg } from "@/lib/drawing/qr";
import { type Drawing, pdfOf, pngOf, svgOf } from "@/lib/drawing/render";
import { brokenIntoLines, DRAWING_OPTIONS, FONT_FILES, textBlock } from "@/lib/drawing/text";
import { LOCALES, type Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { useShippedCampaign } from "@/tests/support/shipped-campaign";

/** What preview fetchers take, and slow lines carry. */
const PREVIEW_MAX_BYTES = 100 * 1000;
const PRINT_MAX_BYTES = 300 * 1000;

const publisher = {
  siteUrl: "https://petition.example",
  organisation: "Demonstration Organisation",
  demonstration: true,
};
const longName =
  "International Federation of Independent Organisations for the Rights of Refugees & <Returnees> Everywhere";
const longest = {
  publisher: { ...publisher, organisation: longName },
  count: 98_000_000,
  goal: 100_000_000,
};
const link = "https://petition.example/s/2bcd3f";

useShippedCampaign();

function textIn(locale: Locale): DrawnText {
  const content = contentFor(CAMPAIGN_SLUG, locale);
  if (content === null) throw new Error(`no content in ${locale}`);
  return drawnText(content);
}

function picture(format: PictureFormat, subject: Partial<PictureSubject>): Drawing {
  const locale = subject.locale ?? "en";
  const campaign = { publisher, locale, slug: CAMPAIGN_SLUG, text: textIn(locale) };
  return campaignPicture({ ...campaign, closed: false, count: 12_000, goal: 25_000, ...subject }, format);
}

function printed(draw: typeof poster, locale: Locale): Drawing {
  return draw({ publisher, locale, slug: CAMPAIGN_SLUG, text: textIn(locale), link });
}

/** The outlines of a text drawn at the origin by the renderer, with the fonts given. */
function outlines(svgText: string, fontFiles: readonly string[] = FONT_FILES): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">${svgText}</svg>`;
  return [
    ...new Resvg(svg, { font: { ...DRAWING_OPTIONS.font, fontFiles: [...fontFiles] } })
      .toString()
      .matchAll(/ d="([^"]*)"/g),
  ]
    .map(([, data]) => data)
    .join();
}

const FAMILY: Record<Locale, { name: string; file: string }> = {
  en: { name: "Noto Sans", file: "NotoSans_" },
  ur: { name: "Noto Nastaliq Urdu", file: "NotoNastaliqUrdu_" },
  "fa-AF": { name: "Noto Naskh Arabic", file: "NotoNaskhArabic_" },
  ps: { name: "Noto Naskh Arabic", file: "NotoNaskhArabic_" },
};

function drawnAlone(text: string, locale: Locale, weight = 700): string {
  const { name, file } = FAMILY[locale];
  const fonts = FONT_FILES.filter((path) => path.includes(file));
  return outlines(
    `<text font-family="${name}" font-weight="${weight}" font-size="100">${text}</text>`,
    fonts,
  );
}

/** Every text that pictures and print draw in a language. */
function drawnTexts(locale: Locale): string {
  const { title, call } = textIn(locale);
  const messages = messagesFor(locale);
  const figure = { count: new Intl.NumberFormat(locale).format(1_234_567_890), goal: "" };
  return [
    title,
    call.demand,
    messages.site.demonstration,
    messages.consent,
    messages.form.submit,
    messages.count.signed(figure),
    messages.count.goal(figure),
    messages.picture.atLeast(figure),
    messages.message.closed.title,
    ...Object.values(messages.outcome.names),
    ...Object.values(messages.poster),
    ...Object.values(messages.sheet),
  ].join(" ");
}

describe.each(LOCALES)("in %s", (locale) => {
  test.each(Object.keys(PICTURE_FORMATS) as PictureFormat[])(
    "the %s picture has its size in pixels",
    async (format) => {
      const png = await pngOf(picture(format, { locale }));
      expect(png.subarray(1, 4).toString()).toBe("PNG");
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([
        PICTURE_FORMATS[format].width,
        PICTURE_FORMATS[format].height,
      ]);
    },
  );

  test.each(Object.keys(PICTURE_FORMATS) as PictureFormat[])(
    "the %s picture keeps the longest name and figures inside its frame",
    (format) => {
      const { width, height } = PICTURE_FORMATS[format];
      // The ground is as large as the frame: whatever stuck out would widen the box.
      const ink = new Resvg(svgOf(picture(format, { locale, ...longest })), DRAWING_OPTIONS).getBBox();
      expect(ink).toMatchObject({ x: 0, y: 0, width, height });
    },
  );

  test("the preview stays light with the longest name and figures", async () => {
    const png = await pngOf(picture("preview", { locale, ...longest }));
    expect(png.byteLength).toBeLessThan(PREVIEW_MAX_BYTES);
  });

  test("the picture says how many have signed, and without figures says nothing of them", () => {
    expect(picture("preview", { locale }).alternative).toContain(
      messagesFor(locale).picture.atLeast({ count: new Intl.NumberFormat(locale).format(12_000) }),
    );
    const unknown = picture("preview", { locale, count: null, goal: 0 });
    expect(unknown.alternative).not.toMatch(/\d/);
    expect(unknown.alternative).toContain(messagesFor(locale).form.submit);
  });

  test("the picture of a closed campaign says so, with the final count and no goal", async () => {
    const closed = picture("preview", { locale, closed: true, count: 12_345 });
    const { count, message } = messagesFor(locale);
    expect(closed.alternative).toContain(
      count.signed({ count: new Intl.NumberFormat(locale).format(12_345) }),
    );
    expect(closed.alternative).toContain(message.closed.title);
    expect(closed.alternative).not.toContain(new Intl.NumberFormat(locale).format(25_000));
    const won = picture("preview", { locale, closed: true, outcome: "won", count: 12_345 });
    expect(won.alternative).toContain(messagesFor(locale).outcome.names.won);
    expect((await pngOf(closed)).byteLength).toBeLessThan(PREVIEW_MAX_BYTES);
  });

  test("the language's own font has every letter that is drawn", () => {
    for (const weight of [400, 700]) {
      const missing = drawnAlone("\u{e123}", locale, weight);
      const own = locale === "en" ? /[^\p{Z}\p{Cf}]/gu : /\p{Script=Arabic}|\p{Mn}/gu;
      for (const letter of new Set(drawnTexts(locale).match(own))) {
        const drawn = drawnAlone(letter, locale, weight);
        expect(drawn, `${letter} (${letter.codePointAt(0)?.toString(16)})`).not.toBe("");
        expect(drawn, `${letter} (${letter.codePointAt(0)?.toString(16)})`).not.toBe(missing);
      }
    }
  });

  test.each([
    ["poster", poster],
    ["sheet", signatureSheet],
  ] as const)(
    "the %s is one light A4 page of outlines, with title, language and its words for screen readers",
    async (_, draw) => {
      const pdf = await pdfOf([printed(draw, locale)], { title: "A title", author: "An author", locale });
      const source = pdf.toString("latin1");
      expect(pdf.byteLength).toBeLessThan(PRINT_MAX_BYTES);
      expect(source.match(/\/Type \/Page\b(?!s)/g)).toHaveLength(1);
      expect(source).toContain("/MediaBox [0 0 595.28 841.89]");
      expect(source).toContain(`/Lang (${locale})`);
      expect(source).toMatch(/<dc:title>[\s\S]*A title/);
      expect(source).toMatch(/\/S \/Figure\s+\/Alt/);
      expect(pageContents(pdf).match(/^f$/gm)?.length).toBeGreaterThan(3);
    },
  );

  test.each([
    ["poster", poster],
    ["sheet", signatureSheet],
  ] as const)("the code on the %s leads to its link", (_, draw) => {
    expect(scanned(svgOf(printed(draw, locale)), 3)).toBe(link);
  });
});

describe("letters", () => {
  test.each([..."ټډړښږڼېۍګ"].map((letter) => [letter, "ps"] as const))("%s joins in Pashto", expectJoined);
  test.each([..."ٹڈڑںےھ"].map((letter) => [letter, "ur"] as const))("%s joins in Urdu", expectJoined);

  test("a right-to-left line goes on to the left of a word in Latin letters", () => {
    const seen = outlines(
      `<text font-family="Noto Nastaliq Urdu" font-weight="700" font-size="20">I ا</text>`,
    );
    const block = textBlock(
      "ا I",
      { locale: "ur", size: 20, weight: 700, fill: "#000" },
      { left: 0, top: 0, width: 500, side: "left" },
    );
    expect(shapes(outlines(block.markup))).toEqual(shapes(seen));
  });
});

test("a text breaks between words only, and loses none", () => {
  const style = { locale: "ps", size: 40, weight: 700, fill: "#000" } as const;
  const text = messagesFor("ps").consent;
  const lines = brokenIntoLines(text, style, 600);
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.join(" ")).toBe(text);
});

test("counts are rounded down to two figures: close, and never more than is true", () => {
  expect([0, 7, 99, 100, 109, 1_999, 12_345].map(roundedDown)).toEqual([0, 7, 99, 100, 100, 1_900, 12_000]);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (count) => {
      const rounded = roundedDown(count);
      expect(rounded).toBeLessThanOrEqual(count);
      expect(count - rounded).toBeLessThanOrEqual(count / 10);
    }),
  );
});

test("the code alone leads to the address, however long", () => {
  const long = `https://petition.example/fa-AF/${CAMPAIGN_SLUG}?ref=${"2bcd".repeat(20)}`;
  expect(scanned(qrSvg(long), 1)).toBe(long);
});

/** A letter after another takes another shape than alone: the first letter's, the second's or both. */
function expectJoined(letter: string, locale: Locale): void {
  expect(drawnAlone(`ب${letter}`, locale)).not.toContain(drawnAlone("ب", locale));
}

/** The outlines of a drawing without where they stand: the steps from point to point, to a tenth. */
function shapes(data: string): string[] {
  const points = [...data.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(
    ([, x, y]) => [Number(x), Number(y)] as const,
  );
  return points.slice(1).map(([x, y], index) => {
    const [fromX, fromY] = points[index] ?? [0, 0];
    return `${(x - fromX).toFixed(0)} ${(y - fromY).toFixed(0)}`;
  });
}

/** The inflated drawing instructions of a PDF. */
function pageContents(pdf: Buffer): string {
  const source = pdf.toString("latin1");
  return [...source.matchAll(/\/FlateDecode\s*>>\s*stream\r?\n/g)]
    .map((match) => inflateSync(pdf.subarray(match.index + match[0].length)).toString("latin1"))
    .join("\n");
}

/** What a scanner reads in a drawing enlarged so many times. */
function scanned(svg: string, zoom: number): string | undefined {
  const image = new Resvg(svg, { ...DRAWING_OPTIONS, fitTo: { mode: "zoom", value: zoom } }).render();
  return jsqr(new Uint8ClampedArray(image.pixels), image.width, image.height)?.data;
}
