/** PostgreSQL, "COPY", Binary Format: signature, flags, length of an extension. */
const SIGNATURE = Buffer.from("PGCOPY\n\xff\r\n\0", "latin1");
const HEADER_BYTES = SIGNATURE.length + 8;
const END = -1;
/** Timestamps count microseconds from 1 January 2000. */
const EPOCH_MILLISECONDS = Date.UTC(2000, 0, 1);
const HIGH_WORD = 2 ** 32;
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/**
 * Rows as the server sent them; a field is addressed by row and position. Fields are read in place: an
 * object for each costs more.
 */
export class CopiedRows {
  readonly length: number;

  /** @param bounds where each field starts and ends, row by row; SQL's NULL ends before it starts. */
  constructor(
    private readonly all: Buffer,
    private readonly bounds: readonly number[],
    private readonly fields: number,
  ) {
    this.length = bounds.length / (2 * fields);
  }

  /** Returns a field as text; null for NULL. */
  text(row: number, field: number): string | null {
    const place = 2 * (row * this.fields + field);
    const start = this.bounds[place] ?? 0;
    const end = this.bounds[place + 1] ?? 0;
    return end < start ? null : this.all.toString("utf8", start, end);
  }

  /** Returns a field of ASCII characters as text, which is faster; null for NULL. */
  ascii(row: number, field: number): string | null {
    const place = 2 * (row * this.fields + field);
    const start = this.bounds[place] ?? 0;
    const end = this.bounds[place + 1] ?? 0;
    return end < start ? null : this.all.toString("latin1", start, end);
  }

  /** Returns a field's bytes; null for NULL. */
  bytes(row: number, field: number): Buffer | null {
    const place = 2 * (row * this.fields + field);
    const start = this.bounds[place] ?? 0;
    const end = this.bounds[place + 1] ?? 0;
    return end < start ? null : this.all.subarray(start, end);
  }
}

/**
 * Parses the binary output of COPY. Yields as many rows at a time as arrive together. Throws if the output
 * has another format, or ends before its end mark.
 */
export async function* copiedRows(output: AsyncIterable<Buffer>): AsyncGenerator<CopiedRows> {
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
    const bounds: number[] = [];
    let fields = 0;
    for (;;) {
      const whole = bounds.length;
      const next = readRow(bytes, at, bounds);
      if (next === "incomplete") {
        bounds.length = whole;
        break;
      }
      if (next === "end") {
        ended = true;
        at = bytes.length;
        break;
      }
      fields = (bounds.length - whole) / 2;
      at = next;
    }
    rest = bytes.subarray(at);
    if (fields > 0) yield new CopiedRows(bytes, bounds, fields);
  }
  if (!ended) throw new Error("COPY's output ended too early");
}

/**
 * Adds where the fields of a row start and end.
 * @returns where the next row starts.
 */
function readRow(bytes: Buffer, start: number, bounds: number[]): number | "incomplete" | "end" {
  if (start + 2 > bytes.length) return "incomplete";
  const count = bytes.readInt16BE(start);
  if (count === END) return "end";
  let at = start + 2;
  for (let index = 0; index < count; index += 1) {
    if (at + 4 > bytes.length) return "incomplete";
    const length = bytes.readInt32BE(at);
    at += 4;
    bounds.push(at, at + length);
    if (length === -1) continue;
    if (at + length > bytes.length) return "incomplete";
    at += length;
  }
  return at;
}

/** The day formatted last. Rows in the order of signing share few days, and formatting the day costs most. */
let lastDay = { number: Number.NaN, text: "" };

/** Returns a timestamptz field as UTC in ISO 8601. */
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
