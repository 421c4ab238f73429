import type { Structure } from "./inspect";

const MARKER = 0xff;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
/** Start of frame: says size and components. 0xC4, 0xC8 and 0xCC in between are tables. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** Tables, restart interval and number of lines. */
const PICTURE_SEGMENTS = new Set([0xc4, 0xdb, 0xcc, 0xdc, 0xdd, START_OF_SCAN]);
/** Four components are colours of ink. */
const COMPONENTS_MAX = 3;

/** Reads the segments of a JPEG (ITU-T T.81, annex B). */
export function inspectJpeg(bytes: Buffer): Structure {
  let size = { width: 0, height: 0 };
  let plain = true;
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== MARKER) return null;
    const marker = bytes[at + 1] ?? 0;
    // Any number of filling bytes may stand before a marker.
    if (marker === MARKER) {
      at += 1;
      continue;
    }
    const length = bytes.readUInt16BE(at + 2);
    const segment = bytes.subarray(at + 4, at + 2 + length);
    if (length < 2 || at + 2 + length > bytes.length) return null;
    if (isFrame(marker)) {
      if (segment.length < 6) return null;
      size = { width: segment.readUInt16BE(3), height: segment.readUInt16BE(1) };
      if ((segment[5] ?? 0) > COMPONENTS_MAX) plain = false;
    } else if (!PICTURE_SEGMENTS.has(marker) && !isUsualHeader(marker, segment)) plain = false;
    at += 2 + length;
    if (marker !== START_OF_SCAN) continue;
    if (size.width === 0) return null;
    at = endOfScan(bytes, at);
    if (bytes[at + 1] === END_OF_IMAGE)
      return { ...size, animated: false, plain: plain && at + 2 === bytes.length, lossless: false };
  }
  return null;
}

/** Whether a segment is the header of JFIF without a thumbnail, or Adobe's, which says how colours are stored. */
function isUsualHeader(marker: number, segment: Buffer): boolean {
  if (marker === 0xe0) return segment.length === 14 && segment.toString("latin1", 0, 5) === "JFIF\0";
  return marker === 0xee && segment.length === 12 && segment.toString("latin1", 0, 5) === "Adobe";
}

/** Returns where the next marker stands that ends the compressed data; the end of the file if none does. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(MARKER, from); at >= 0; at = bytes.indexOf(MARKER, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    const isData = next === 0 || next === MARKER || (next >= 0xd0 && next <= 0xd7);
    if (!isData) return at;
  }
  return bytes.length;
}
