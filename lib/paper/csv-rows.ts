/** One row of a CSV file. `cells` is null when a quotation mark is misplaced. */
export type CsvRow = { line: number; cells: readonly string[] | null };

/** Longest quoted cell, in characters. A longer one is treated as an unclosed quotation mark. */
const QUOTED_CELL_MAX_CHARACTERS = 2_000;

/**
 * Reads CSV (RFC 4180, any line ends) row by row, skipping empty rows. A stray quotation mark costs only its
 * own line; most parsers would give up, or read everything after it as one cell.
 * @yields each row with the number of its last line, counted from 1.
 */
export function* csvRows(text: string, delimiter: string): Generator<CsvRow> {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  for (let first = 0; first < lines.length; ) {
    const row = readRow(lines, first, delimiter) ?? { cells: null, last: first };
    first = row.last + 1;
    if (row.cells === null || row.cells.some((cell) => cell.trim() !== "")) {
      yield { line: first, cells: row.cells };
    }
  }
}

/** Reads the row that starts at a line; null when a quotation mark is misplaced. */
function readRow(lines: readonly string[], first: number, delimiter: string) {
  const cells: string[] = [];
  let last = first;
  let rest: string | null = lines[first] ?? "";
  while (rest !== null) {
    if (rest.startsWith('"')) {
      const quoted = readQuoted(lines, last, rest.slice(1));
      if (quoted === null || !(quoted.rest === "" || quoted.rest.startsWith(delimiter))) return null;
      cells.push(quoted.cell);
      last = quoted.last;
      rest = quoted.rest === "" ? null : quoted.rest.slice(delimiter.length);
    } else {
      const end: number = rest.indexOf(delimiter);
      const cell: string = end === -1 ? rest : rest.slice(0, end);
      if (cell.includes('"')) return null;
      cells.push(cell);
      rest = end === -1 ? null : rest.slice(end + delimiter.length);
    }
  }
  return { cells, last };
}

/**
 * Reads from after an opening quotation mark to the closing one, across line ends; null when there is none.
 */
function readQuoted(lines: readonly string[], line: number, text: string) {
  let cell = "";
  for (let last = line, rest = text; cell.length <= QUOTED_CELL_MAX_CHARACTERS; ) {
    const mark = rest.indexOf('"');
    if (mark === -1) {
      const next = lines[++last];
      if (next === undefined) return null;
      cell += `${rest}\n`;
      rest = next;
    } else if (rest[mark + 1] === '"') {
      cell += rest.slice(0, mark + 1);
      rest = rest.slice(mark + 2);
    } else {
      return { cell: cell + rest.slice(0, mark), last, rest: rest.slice(mark + 1) };
    }
  }
  return null;
}
