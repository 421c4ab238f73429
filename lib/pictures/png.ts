import type { Structure } from "./inspect";

const SIGNATURE_BYTES = 8;
/** Length, name and checksum. */
const CHUNK_FRAME_BYTES = 12;
/** What a picture needs to be shown. Others are metadata, a colour profile, or something of somebody's own. */
const PICTURE_CHUNKS = new Set([
  "IHDR",
  "PLTE",
  "tRNS",
  "IDAT",
  "IEND",
  "sRGB",
  "gAMA",
  "cHRM",
  "pHYs",
  "sBIT",
  "bKGD",
]);

/** Reads the chunks of a PNG (PNG Specification, third edition, 5.3). */
export function inspectPng(bytes: Buffer): Structure {
  if (bytes.toString("latin1", 12, 16) !== "IHDR") return null;
  const size = { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  let plain = true;
  let animated = false;
  for (let at = SIGNATURE_BYTES; at + CHUNK_FRAME_BYTES <= bytes.length; ) {
    const name = bytes.toString("latin1", at + 4, at + 8);
    at += CHUNK_FRAME_BYTES + bytes.readUInt32BE(at);
    if (name === "acTL") animated = true;
    if (!PICTURE_CHUNKS.has(name)) plain = false;
    if (name === "IEND") return { ...size, animated, plain: plain && at === bytes.length, lossless: true };
  }
  return null;
}
