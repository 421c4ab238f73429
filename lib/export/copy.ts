/** PostgreSQL, "COPY", Binary Format: signature, flags, length of an extension. */
const SIGNATURE = Buffer.from("PGCOPY\n\xff\r\n\0", "latin1");
const HEADER_BYTES = SIGNATURE.length + 8;
const END = -1;
/** Microseconds are counted from 1 January 2000. */
const EPOCH_MILLISECONDS = Date.UTC(2000, 0, 1);
const HIGH_WORD = 2 ** 32;
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** One field as the server sent it; null is SQL's NULL. */
export type Field = Buffer | null;

/**
 * Takes the binary output of COPY apart, as many rows at a time as arrive together.
 * Throws when it is not that format, or ends before its end mark.
 */
export async function* copiedRows(output: AsyncIterable<Buffer>): AsyncGenerator<Field[][]> {
  let rest: Buffer = Buffer.alloc(0);
  let headerRead = false;
  let ended = false;
  for await (const piece of output) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let at = 0;
    if (!headerRead) {
      if (bytes.length < HEADER_BYTES) {
        rest = bytes;
        continue;
      }
      if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new Error("not COPY's binary format");
      at = HEADER_BYTES + bytes.readInt32BE(HEADER_BYTES - 4);
      headerRead = true;
    }
    const rows: Field[][] = [];
    for (;;) {
      const read = rowAt(bytes, at);
      if (read === "incomplete") break;
      if (read === "end") {
        ended = true;
        at = bytes.length;
        break;
      }
      rows.push(read.fields);
      at = read.next;
    }
    rest = bytes.subarray(at);
    if (rows.length > 0) yield rows;
  }
  if (!ended) throw new Error("COPY's output ended too early");
}

function rowAt(bytes: Buffer, start: number): { fields: Field[]; next: number } | "incomplete" | "end" {
  if (start + 2 > bytes.length) return "incomplete";
  const count = bytes.readInt16BE(start);
  if (count === END) return "end";
  const fields: Field[] = [];
  let at = start + 2;
  for (let index = 0; index < count; index += 1) {
    if (at + 4 > bytes.length) return "incomplete";
    const length = bytes.readInt32BE(at);
    at += 4;
    if (length === -1) {
      fields.push(null);
      continue;
    }
    if (at + length > bytes.length) return "incomplete";
    fields.push(bytes.subarray(at, at + length));
    at += length;
  }
  return { fields, next: at };
}

/** The day written last: rows in the order of signing are of few days, and writing a day out costs most. */
let lastDay = { number: Number.NaN, text: "" };

/** A field of type timestamptz, as UTC in ISO 8601. */
export function isoTime(field: Buffer): string {
  const microseconds = field.readInt32BE(0) * HIGH_WORD + field.readUInt32BE(4);
  const milliseconds = EPOCH_MILLISECONDS + Math.floor(microseconds / 1000);
  const number = Math.floor(milliseconds / DAY_MILLISECONDS);
  if (number !== lastDay.number)
    lastDay = { number, text: new Date(milliseconds).toISOString().slice(0, "2026-11-24T".length) };
  const inDay = milliseconds - number * DAY_MILLISECONDS;
  const seconds = Math.floor(inDay / 1000);
  const minutes = Math.floor(seconds / 60);
  return `${lastDay.text}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}.${three(inDay % 1000)}Z`;
}

const two = (number: number): string => (number < 10 ? `0${number}` : `${number}`);
const three = (number: number): string => (number < 100 ? `0${two(number)}` : `${number}`);
