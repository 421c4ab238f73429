import type { Cell, ExportColumn, Row } from "./columns";
import { defused } from "./defused";

const BYTE_ORDER_MARK = "\uFEFF";
const LINE_END = "\r\n";

/**
 * RFC 4180 requires quotes around the first four; spreadsheets in some countries split cells at the others.
 */
const NEEDS_QUOTES = /[",\r\n;\t|]|^\s|\s$/;

/** Returns one cell of a CSV file (RFC 4180), defused and, if needed, quoted. */
export function csvCell(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "boolean") return cell ? "yes" : "no";
  if (typeof cell === "number") return String(cell);
  const text = defused(cell);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Columns of our own codes and times. They need neither quotes nor defusing, and checking costs most. */
const CODED: ReadonlySet<ExportColumn> = new Set([
  "id",
  "locale",
  "status",
  "signedAt",
  "confirmedAt",
  "textVersion",
]);

function csvLine(row: Row, coded: readonly boolean[]): string {
  let line = "";
  for (let index = 0; index < row.length; index += 1) {
    const cell = row[index] ?? null;
    if (index > 0) line += ",";
    line += coded[index] === true ? (cell ?? "") : csvCell(cell);
  }
  return line + LINE_END;
}

/** Yields a CSV file (RFC 4180, UTF-8 with byte order mark), piece by piece. */
export async function* csvFile(
  columns: readonly ExportColumn[],
  batches: AsyncIterable<readonly Row[]>,
): AsyncGenerator<Uint8Array> {
  const coded = columns.map((column) => CODED.has(column));
  yield Buffer.from(BYTE_ORDER_MARK + csvLine(columns, []));
  for await (const batch of batches) {
    let text = "";
    for (const row of batch) text += csvLine(row, coded);
    yield Buffer.from(text);
  }
}
