import type { Cell, ExportColumn, Row } from "./columns";
import { defused } from "./defused";

const BYTE_ORDER_MARK = "\uFEFF";
const LINE_END = "\r\n";

/** RFC 4180 asks for quotes around the first four; spreadsheets of some countries part cells at the others. */
const NEEDS_QUOTES = /[",\r\n;\t|]|^\s|\s$/;

/** One cell of a CSV file (RFC 4180), defused and, where needed, quoted. */
export function csvCell(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "boolean") return cell ? "yes" : "no";
  const text = defused(cell);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Columns whose cells are codes and times of ours: they need neither quotes nor defusing, and looking costs most. */
const CODED: ReadonlySet<ExportColumn> = new Set(["id", "locale", "status", "signedAt", "confirmedAt"]);

function csvLine(row: Row, coded: readonly boolean[]): string {
  let line = "";
  for (let index = 0; index < row.length; index += 1) {
    const cell = row[index] ?? null;
    if (index > 0) line += ",";
    line += coded[index] === true ? (cell ?? "") : csvCell(cell);
  }
  return line + LINE_END;
}

/** A CSV file (RFC 4180, UTF-8 with byte order mark), piece by piece. */
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
