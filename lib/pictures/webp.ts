import type { Structure } from "./inspect";

const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
/** What a still picture needs to be shown. Others are metadata or a colour profile. */
const PICTURE_CHUNKS = new Set(["VP8 ", "VP8L", "VP8X", "ALPH"]);
const ANIMATED_FLAG = 0x02;

/** Reads the chunks of a WebP (RFC 9649, 2). */
export function inspectWebp(bytes: Buffer): Structure {
  const end = CHUNK_HEADER_BYTES + bytes.readUInt32LE(4);
  if (end > bytes.length) return null;
  let size = { width: 0, height: 0 };
  let plain = end === bytes.length;
  let animated = false;
  let lossless = false;
  for (let at = RIFF_HEADER_BYTES; at + CHUNK_HEADER_BYTES <= end; ) {
    const name = bytes.toString("latin1", at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    const content = bytes.subarray(at + CHUNK_HEADER_BYTES, at + CHUNK_HEADER_BYTES + length);
    if (content.length < length) return null;
    if (!PICTURE_CHUNKS.has(name)) plain = false;
    if (name === "ANIM" || name === "ANMF") animated = true;
    const found = sizeIn(name, content);
    if (found)
      size = { width: Math.max(size.width, found.width), height: Math.max(size.height, found.height) };
    if (name === "VP8X" && ((content[0] ?? 0) & ANIMATED_FLAG) !== 0) animated = true;
    if (name === "VP8L") lossless = true;
    // Chunks begin at even places.
    at += CHUNK_HEADER_BYTES + length + (length % 2);
  }
  return { ...size, animated, plain, lossless };
}

function sizeIn(name: string, content: Buffer): { width: number; height: number } | null {
  if (content.length < 10) return null;
  switch (name) {
    case "VP8X":
      return { width: content.readUIntLE(4, 3) + 1, height: content.readUIntLE(7, 3) + 1 };
    case "VP8 ":
      return { width: content.readUInt16LE(6) & 0x3fff, height: content.readUInt16LE(8) & 0x3fff };
    case "VP8L": {
      const bits = content.readUInt32LE(1);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    default:
      return null;
  }
}
