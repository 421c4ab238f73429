import { Resvg } from "@resvg/resvg-js";
import PDFDocument from "pdfkit";
import type { Locale } from "@/lib/i18n/locales";
import { DRAWING_OPTIONS } from "./text";

/** A drawing in the units of its width and height: pixels in pictures, points (1/72 inch) in print. */
export type Drawing = {
  width: number;
  height: number;
  /** Content of the `svg` element: shapes in flat colours, and text. */
  markup: string;
  /** Text alternative, for people who cannot see the drawing. */
  alternative: string;
};

/** Returns a drawing as a complete SVG file. */
export function svgOf({ width, height, markup }: Drawing): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${markup}</svg>`;
}

/** Renders a drawing to PNG. */
export function pngOf(drawing: Drawing): Buffer {
  return new Resvg(svgOf(drawing), DRAWING_OPTIONS).render().asPng();
}

export type DocumentInfo = { title: string; author: string; locale: Locale };

/**
 * Makes a PDF with one page per drawing. Letters become outlines: they are right in every script, and readers
 * need none of our fonts. The text of each page is included as its alternative text.
 */
export async function pdfOf(
  pages: readonly Drawing[],
  { title, author, locale }: DocumentInfo,
): Promise<Buffer> {
  const pdf = new PDFDocument({
    autoFirstPage: false,
    compress: true,
    pdfVersion: "1.7",
    tagged: true,
    displayTitle: true,
    lang: locale,
    info: { Title: title, Author: author },
  });
  const chunks: Buffer[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    pdf.on("data", (chunk: Buffer) => chunks.push(chunk));
    pdf.on("end", resolve);
    pdf.on("error", reject);
  });
  for (const page of pages) {
    // The renderer's simplified output: groups and paths only.
    const outlines = new Resvg(svgOf(page), DRAWING_OPTIONS).toString();
    pdf.addPage({ size: [page.width, page.height], margin: 0 });
    const figure = pdf.struct("Figure", { alt: page.alternative }, () => drawOutlines(pdf, outlines));
    pdf.addStructure(figure);
    figure.end();
  }
  pdf.end();
  await ended;
  return Buffer.concat(chunks);
}

const ELEMENT = /<(\/?)(g|path)\b([^>]*?)(\/?)>/g;
const ATTRIBUTE = /([\w-]+)="([^"]*)"/g;

/** Draws groups and filled or stroked paths. */
function drawOutlines(pdf: PDFKit.PDFDocument, outlines: string): void {
  for (const [, closing, name, attributeText = "", selfClosing] of outlines.matchAll(ELEMENT)) {
    if (closing === "/") {
      pdf.restore();
      continue;
    }
    const attributes = new Map([...attributeText.matchAll(ATTRIBUTE)].map(([, key, value]) => [key, value]));
    if (name === "g" && selfClosing === "/") continue;
    pdf.save();
    const numbers = /matrix\(([^)]*)\)/
      .exec(attributes.get("transform") ?? "")?.[1]
      ?.split(/[ ,]+/)
      .map(Number);
    if (numbers !== undefined) {
      const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = numbers;
      pdf.transform(a, b, c, d, e, f);
    }
    if (name === "g") continue;
    const data = rounded(attributes.get("d") ?? "");
    const fill = attributes.get("fill") ?? "#000000";
    const stroke = attributes.get("stroke") ?? "none";
    if (fill !== "none")
      pdf.path(data).fill(fill, attributes.get("fill-rule") === "evenodd" ? "even-odd" : "non-zero");
    if (stroke !== "none")
      pdf
        .path(data)
        .lineWidth(Number(attributes.get("stroke-width") ?? 1))
        .stroke(stroke);
    pdf.restore();
  }
}

/**
 * Rounds path data to a hundredth of a point, finer than any printer. A page in Urdu then
 * takes a third of the bytes.
 */
function rounded(data: string): string {
  return data.replace(/-?\d+\.\d{3,}/g, (number) => String(Math.round(Number(number) * 100) / 100));
}
