import { inspectAvif } from "./avif";
import type { PictureType } from "./formats";
import { inspectJpeg } from "./jpeg";
import { inspectPng } from "./png";
import { inspectWebp } from "./webp";

/** What a file's structure says, read without decoding a pixel. */
export type Inspected = {
  type: PictureType;
  /** As stored, before it is turned upright. */
  width: number;
  height: number;
  animated: boolean;
  /** Whether the file holds nothing but a picture in usual colours: no metadata, and no bytes of anything else. */
  plain: boolean;
  /** Whether every pixel was kept as it was. */
  lossless: boolean;
};

/** What one format's reader finds. Null: it is broken, or ends too early. */
export type Structure = Omit<Inspected, "type"> | null;

const READERS: readonly {
  type: PictureType;
  isMagic: (bytes: Buffer) => boolean;
  read: (bytes: Buffer) => Structure;
}[] = [
  { type: "image/jpeg", isMagic: (bytes) => bytes.readUIntBE(0, 3) === 0xff_d8_ff, read: inspectJpeg },
  {
    type: "image/png",
    isMagic: (bytes) => bytes.toString("latin1", 0, 8) === "\x89PNG\r\n\x1a\n",
    read: inspectPng,
  },
  {
    type: "image/webp",
    isMagic: (bytes) =>
      bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP",
    read: inspectWebp,
  },
  {
    type: "image/avif",
    isMagic: (bytes) => /^ftypavi[fs]$/.test(bytes.toString("latin1", 4, 12)),
    read: inspectAvif,
  },
];
/** Shorter files are no picture. */
const LEAST_BYTES = 32;

/**
 * Tells what a file is by its first bytes, and reads its size and structure. Takes milliseconds, whatever size the
 * file claims to have.
 */
export function inspectPicture(
  file: Uint8Array,
): { kind: "picture"; picture: Inspected } | { kind: "other" } | { kind: "broken"; type: PictureType } {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const reader = bytes.length < LEAST_BYTES ? undefined : READERS.find(({ isMagic }) => isMagic(bytes));
  if (!reader) return { kind: "other" };
  const { type } = reader;
  const structure = reader.read(bytes);
  const isThere = structure !== null && structure.width > 0 && structure.height > 0;
  return isThere ? { kind: "picture", picture: { type, ...structure } } : { kind: "broken", type };
}
