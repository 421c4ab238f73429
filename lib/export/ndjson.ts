import type { ExportColumn, Row } from "./columns";

/** Yields one JSON object per line, with keys in column order. Booleans are booleans, "none" is null. */
export async function* ndjsonFile(
  columns: readonly ExportColumn[],
  batches: AsyncIterable<readonly Row[]>,
): AsyncGenerator<Uint8Array> {
  const keys = columns.map((column) => JSON.stringify(column));
  for await (const batch of batches) {
    let text = "";
    for (const row of batch) {
      const members = keys.map((key, index) => `${key}:${JSON.stringify(row[index] ?? null)}`);
      text += `{${members.join(",")}}\n`;
    }
    yield Buffer.from(text);
  }
}
