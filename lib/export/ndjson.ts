import type { ExportColumn, Row } from "./columns";

/** One JSON object a line, keys in the order of the columns: booleans are booleans, "none" is null. */
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
