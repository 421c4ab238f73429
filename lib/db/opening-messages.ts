import type { Place } from "./encryption";

/** A sealed value, the key it was sealed with, and where it belongs. */
export type Sealed = { value: Uint8Array; dataKeyId: string; place: Place };

/** Many sealed values as a thread is sent them: copied in one piece, and not value by value. */
export type Packed = { bytes: Uint8Array<ArrayBuffer>; lengths: Uint32Array; labels: string };

/** What a thread says: all texts in a row with the length of each, or what went wrong. */
export type Answer = { text: string; lengths: Uint32Array } | { error: string };

const BETWEEN_LABELS = "\n";
const WITHIN_LABEL = "\t";

export function pack(values: readonly Sealed[]): Packed {
  const lengths = Uint32Array.from(values, ({ value }) => value.length);
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const { value } of values) {
    bytes.set(value, at);
    at += value.length;
  }
  const labels = values.map(({ dataKeyId, place: { table, column, id } }) =>
    [dataKeyId, table, column, id].join(WITHIN_LABEL),
  );
  return { bytes, lengths, labels: labels.join(BETWEEN_LABELS) };
}

export function unpack({ bytes, lengths, labels }: Packed): Sealed[] {
  let at = 0;
  return labels.split(BETWEEN_LABELS).map((label, number) => {
    const [dataKeyId = "", table, column, id] = label.split(WITHIN_LABEL);
    const end = at + (lengths[number] ?? 0);
    const value = bytes.subarray(at, end);
    at = end;
    // A label was made of a place, by `pack`.
    return { value, dataKeyId, place: { table, column, id } as Place };
  });
}
