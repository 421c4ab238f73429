import type { SealedPerson } from "./person";

/** A sealed person whose id may also be the 36 bytes of its text, as COPY delivers it. */
export type SealedRow = Omit<SealedPerson, "id"> & { id: string | Uint8Array };

const ID_BYTES = 36;

/** Many sealed people packed for a thread: transferred as a few buffers instead of value by value. */
export type Packed = {
  values: Uint8Array<ArrayBuffer>;
  lengths: Uint32Array<ArrayBuffer>;
  ids: Uint8Array<ArrayBuffer>;
  /** The ids of the data keys in use, and for each value the index of its key. */
  dataKeyIds: string[];
  keyOf: Uint16Array<ArrayBuffer>;
};

/** A task for a thread: decrypt, or with a seed compute the fingerprints that the review compares. */
export type Task = { packed: Packed; seed: number | null };

/** A thread's answer: all parts in a row, two hashes for each person, or an error. */
export type Answer =
  | { text: string }
  | { names: Float64Array<ArrayBuffer>; mailboxes: Float64Array<ArrayBuffer> }
  | { error: string };

export function pack(rows: readonly SealedRow[]): Packed {
  const lengths = Uint32Array.from(rows, ({ person }) => person.length);
  const values = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  const ids = new Uint8Array(rows.length * ID_BYTES);
  const keyOf = new Uint16Array(rows.length);
  const dataKeyIds: string[] = [];
  const encoder = new TextEncoder();
  let at = 0;
  let key = -1;
  rows.forEach(({ id, dataKeyId, person }, number) => {
    values.set(person, at);
    at += person.length;
    ids.set(typeof id === "string" ? encoder.encode(id) : id, number * ID_BYTES);
    if (dataKeyIds[key] !== dataKeyId) {
      key = dataKeyIds.indexOf(dataKeyId);
      if (key === -1) key = dataKeyIds.push(dataKeyId) - 1;
    }
    keyOf[number] = key;
  });
  return { values, lengths, ids, dataKeyIds, keyOf };
}

export function unpack({ values, lengths, ids, dataKeyIds, keyOf }: Packed): SealedPerson[] {
  const idText = Buffer.from(ids.buffer).toString("latin1");
  const rows: SealedPerson[] = [];
  let at = 0;
  lengths.forEach((length, number) => {
    rows.push({
      id: idText.slice(number * ID_BYTES, (number + 1) * ID_BYTES),
      dataKeyId: dataKeyIds[keyOf[number] ?? 0] ?? "",
      person: values.subarray(at, at + length),
    });
    at += length;
  });
  return rows;
}

/** Returns the row in the form in which this thread opens it. */
export function asSealedPerson({ id, ...row }: SealedRow): SealedPerson {
  return { ...row, id: typeof id === "string" ? id : Buffer.from(id).toString("latin1") };
}
