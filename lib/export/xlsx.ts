import type { Cell, ExportColumn, Row } from "./columns";
import { zipFile } from "./zip";

/** Rows per sheet, without its heading: Excel ends at row 1,048,576. */
const XLSX_ROWS_PER_SHEET = 1_048_575;
/** Characters of XML passed to the compressor at once. */
const PIECE_CHARACTERS = 128 * 1024;

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const SPREADSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml";

const SHEET_START = `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`;
const SHEET_END = "</sheetData></worksheet>";

const NEEDS_ESCAPE = /[&<>\p{Cc}\p{Cs}\ufffe\uffff]|_x[0-9A-Fa-f]{4}_/gu;

/**
 * Escapes a text for XML. Characters that XML cannot hold are written as the format
 * prescribes (ECMA-376, ST_Xstring).
 */
function escaped(text: string): string {
  return text.replace(NEEDS_ESCAPE, (found) => {
    switch (found) {
      case "\n":
        return found;
      case "&":
        return "&amp;";
      case "<":
        return "&lt;";
      case ">":
        return "&gt;";
      default:
        return found.startsWith("_") ? `_x005F${found}` : codeOf(found);
    }
  });
}

function codeOf(character: string): string {
  return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`;
}

/**
 * Returns a cell, typed as text and written as it is: a spreadsheet runs no formula in a text cell
 * (ECMA-376, `inlineStr`).
 */
function cellXml(cell: Cell): string {
  if (cell === null || cell === "") return "<c/>";
  const text = typeof cell === "boolean" ? (cell ? "yes" : "no") : escaped(String(cell));
  return `<c t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
}

function rowXml(row: Row): string {
  let xml = "<row>";
  for (const cell of row) xml += cellXml(cell);
  return `${xml}</row>`;
}

/** Serves rows sheet by sheet, without knowing in advance how many there are. */
class Rows {
  readonly #batches: AsyncIterator<readonly Row[]>;
  #batch: readonly Row[] = [];
  #next = 0;
  #ended = false;

  constructor(batches: AsyncIterable<readonly Row[]>) {
    this.#batches = batches[Symbol.asyncIterator]();
  }

  async hasMore(): Promise<boolean> {
    while (!this.#ended && this.#next >= this.#batch.length) {
      const result = await this.#batches.next();
      this.#ended = result.done === true;
      this.#batch = result.done === true ? [] : result.value;
      this.#next = 0;
    }
    return !this.#ended;
  }

  /** Takes the rest of the current batch, at most `limit` rows. */
  take(limit: number): readonly Row[] {
    const taken = this.#batch.slice(this.#next, this.#next + limit);
    this.#next += taken.length;
    return taken;
  }

  /** Releases the source, even if not everything was read. */
  async close(): Promise<void> {
    await this.#batches.return?.();
  }
}

async function* sheetXml(
  columns: readonly ExportColumn[],
  rows: Rows,
  limit: number,
): AsyncGenerator<string> {
  let text = SHEET_START + rowXml(columns);
  for (let left = limit; left > 0 && (await rows.hasMore()); ) {
    const batch = rows.take(left);
    left -= batch.length;
    for (const row of batch) text += rowXml(row);
    if (text.length >= PIECE_CHARACTERS) {
      yield text;
      text = "";
    }
  }
  yield text + SHEET_END;
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

function numbered(count: number, line: (number: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index + 1)).join("");
}

async function* parts(
  columns: readonly ExportColumn[],
  rows: Rows,
  rowsPerSheet: number,
): AsyncGenerator<{ name: string; content: AsyncIterable<string> }> {
  let sheets = 0;
  do {
    sheets += 1;
    yield { name: `xl/worksheets/sheet${sheets}.xml`, content: sheetXml(columns, rows, rowsPerSheet) };
  } while (await rows.hasMore());

  yield {
    name: "xl/workbook.xml",
    content: once(
      `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONSHIPS}"><sheets>${numbered(
        sheets,
        (number) => `<sheet name="Signatories ${number}" sheetId="${number}" r:id="rId${number}"/>`,
      )}</sheets></workbook>`,
    ),
  };
  yield {
    name: "xl/_rels/workbook.xml.rels",
    content: once(
      `${XML}<Relationships xmlns="${PACKAGE}/relationships">${numbered(
        sheets,
        (number) =>
          `<Relationship Id="rId${number}" Type="${RELATIONSHIPS}/worksheet" Target="worksheets/sheet${number}.xml"/>`,
      )}</Relationships>`,
    ),
  };
  yield {
    name: "_rels/.rels",
    content: once(
      `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONSHIPS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
  };
  yield {
    name: "[Content_Types].xml",
    content: once(
      `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${SPREADSHEET_TYPE}.sheet.main+xml"/>${numbered(
        sheets,
        (number) =>
          `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${SPREADSHEET_TYPE}.worksheet+xml"/>`,
      )}</Types>`,
    ),
  };
}

/**
 * Yields a workbook (ECMA-376) of text cells, piece by piece. Rows that do not fit one sheet go to the next.
 */
export async function* xlsxFile(
  columns: readonly ExportColumn[],
  batches: AsyncIterable<readonly Row[]>,
  rowsPerSheet: number = XLSX_ROWS_PER_SHEET,
): AsyncGenerator<Uint8Array> {
  const rows = new Rows(batches);
  try {
    yield* zipFile(parts(columns, rows, rowsPerSheet));
  } finally {
    await rows.close();
  }
}
