import { promisify } from "node:util";
import { constants, crc32, deflateRaw, type ZlibOptions } from "node:zlib";

const deflate: (content: Buffer | string, options?: ZlibOptions) => Promise<Buffer> = promisify(deflateRaw);

const LOCAL_HEADER = 0x04034b50;
const DATA_DESCRIPTOR = 0x08074b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_CENTRAL_DIRECTORY = 0x06054b50;
/** Version 2.0: deflate, and nothing newer. */
const VERSION = 20;
/** Bit 3: sizes follow the data; bit 11: names are UTF-8. */
const FLAGS = 0x0808;
const DEFLATE = 8;
/** 1 January 1980, the earliest day the format knows: when a file was made is said elsewhere. */
const NO_DATE = 0x0021;
/** Sizes and places are 32-bit numbers here. */
const BYTES_MAX = 0xffff_ffff;

type Entry = { name: Buffer; checksum: number; packedBytes: number; bytes: number; offset: number };

/**
 * Writes a ZIP file (PKWARE APPNOTE 6.3) piece by piece, holding back no more than the compressor does.
 * Each entry is given as its name and its content in pieces; entries are written one after another.
 */
export async function* zipFile(
  entries: AsyncIterable<{ name: string; content: AsyncIterable<string> }>,
): AsyncGenerator<Uint8Array> {
  const written: Entry[] = [];
  let offset = 0;
  for await (const { name, content } of entries) {
    const entry: Entry = { name: Buffer.from(name), checksum: 0, packedBytes: 0, bytes: 0, offset };
    const header = localHeader(entry);
    yield header;
    for await (const piece of deflated(content, entry)) yield piece;
    yield dataDescriptor(entry);
    offset += header.length + entry.packedBytes + 16;
    if (entry.bytes > BYTES_MAX || offset > BYTES_MAX) throw new Error("A ZIP file of 4 GiB or more");
    written.push(entry);
  }
  const directory = Buffer.concat(written.map(centralHeader));
  yield directory;
  yield endOfCentralDirectory(written.length, directory.length, offset);
}

/**
 * Each piece is deflated on its own, which ends it at a whole byte (RFC 1951, flushed), so that pieces follow one another
 * as one stream; while one is deflated on another thread, the next is made.
 */
async function* deflated(content: AsyncIterable<string>, entry: Entry): AsyncGenerator<Uint8Array> {
  let underWay: Promise<Buffer> | undefined;
  for await (const text of content) {
    const bytes = Buffer.from(text);
    const before = underWay;
    underWay = deflate(bytes, { level: constants.Z_BEST_SPEED, finishFlush: constants.Z_SYNC_FLUSH });
    entry.checksum = crc32(bytes, entry.checksum);
    entry.bytes += bytes.length;
    if (before !== undefined) yield packed(await before, entry);
  }
  if (underWay !== undefined) yield packed(await underWay, entry);
  yield packed(await deflate(""), entry);
}

function packed(piece: Buffer, entry: Entry): Buffer {
  entry.packedBytes += piece.length;
  return piece;
}

function localHeader({ name }: Entry): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(LOCAL_HEADER, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(FLAGS, 6);
  header.writeUInt16LE(DEFLATE, 8);
  header.writeUInt16LE(NO_DATE, 12);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function dataDescriptor({ checksum, packedBytes, bytes }: Entry): Buffer {
  const descriptor = Buffer.alloc(16);
  descriptor.writeUInt32LE(DATA_DESCRIPTOR, 0);
  descriptor.writeUInt32LE(checksum, 4);
  descriptor.writeUInt32LE(packedBytes, 8);
  descriptor.writeUInt32LE(bytes, 12);
  return descriptor;
}

function centralHeader({ name, checksum, packedBytes, bytes, offset }: Entry): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(CENTRAL_HEADER, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(VERSION, 6);
  header.writeUInt16LE(FLAGS, 8);
  header.writeUInt16LE(DEFLATE, 10);
  header.writeUInt16LE(NO_DATE, 14);
  header.writeUInt32LE(checksum, 16);
  header.writeUInt32LE(packedBytes, 20);
  header.writeUInt32LE(bytes, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, name]);
}

function endOfCentralDirectory(entries: number, bytes: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END_OF_CENTRAL_DIRECTORY, 0);
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(bytes, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
