import type { Structure } from "./inspect";

/** What a still picture needs to be shown. Others are metadata, or turn, crop or colour the picture. */
const BOXES = new Set(["ftyp", "meta", "mdat"]);
const META_BOXES = new Set(["hdlr", "pitm", "iloc", "iinf", "iprp", "iref", "idat"]);
const PROPERTIES = new Set(["ispe", "pixi", "av1C", "colr", "auxC", "pasp"]);
/** `grid` is a picture made of tiles. */
const ITEMS = new Set(["av01", "grid"]);
/** A handler box without a name, or with a short one. */
const HANDLER_MAX_BYTES = 40;
/** Primaries and transfer of sRGB, of its equals, and "unspecified" (ITU-T H.273, tables 2 and 3). */
const USUAL_PRIMARIES = new Set([1, 2]);
const USUAL_TRANSFERS = new Set([1, 2, 6, 13]);
const FULL_BOX_BYTES = 4;

type Box = { type: string; content: Buffer };

/** Reads the boxes of an AVIF (ISO/IEC 14496-12 and 23008-12). */
export function inspectAvif(bytes: Buffer): Structure {
  try {
    return read(bytes);
  } catch (error) {
    // A length that leads past the end.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function read(bytes: Buffer): Structure {
  const boxes = boxesIn(bytes);
  const meta = boxes.find(({ type }) => type === "meta");
  if (!meta) return null;
  const parts = boxesIn(meta.content.subarray(FULL_BOX_BYTES));
  const properties = inside(parts, "iprp").flatMap(({ type, content }) =>
    type === "ipco" ? boxesIn(content) : [],
  );
  const sizes = properties
    .filter(({ type }) => type === "ispe")
    .map(({ content }) => ({ width: content.readUInt32BE(4), height: content.readUInt32BE(8) }));
  const sequence = boxes.some(({ type }) => type === "moov") || bytes.toString("latin1", 8, 12) === "avis";
  const held = boxes.reduce((sum, { type, content }) => sum + (type === "mdat" ? content.length : 0), 0);
  const plain =
    boxes.every(({ type }) => BOXES.has(type)) &&
    parts.every(
      ({ type, content }) => META_BOXES.has(type) && (type !== "hdlr" || content.length <= HANDLER_MAX_BYTES),
    ) &&
    properties.every(
      (box) => PROPERTIES.has(box.type) && (box.type !== "colr" || isUsualColour(box.content)),
    ) &&
    itemsIn(parts).every((type) => ITEMS.has(type)) &&
    locatedIn(parts) >= held;
  return {
    width: Math.max(0, ...sizes.map(({ width }) => width)),
    height: Math.max(0, ...sizes.map(({ height }) => height)),
    animated: sequence,
    plain,
    lossless: false,
  };
}

/** Returns the boxes of a level. @throws RangeError when one is longer than what is there. */
function boxesIn(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at < bytes.length; ) {
    const short = bytes.readUInt32BE(at);
    const header = short === 1 ? 16 : 8;
    const length =
      short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? bytes.length - at : short;
    if (length < header || at + length > bytes.length) throw new RangeError("a box is longer than the file");
    boxes.push({
      type: bytes.toString("latin1", at + 4, at + 8),
      content: bytes.subarray(at + header, at + length),
    });
    at += length;
  }
  return boxes;
}

function inside(parts: readonly Box[], type: string): Box[] {
  return parts.flatMap((box) => (box.type === type ? boxesIn(box.content) : []));
}

/** Returns the types of the items that the file holds. */
function itemsIn(parts: readonly Box[]): string[] {
  return parts.flatMap(({ type, content }) => {
    if (type !== "iinf") return [];
    const countBytes = content[0] === 0 ? 2 : 4;
    return boxesIn(content.subarray(FULL_BOX_BYTES + countBytes)).map((entry) => {
      const idBytes = entry.content[0] === 3 ? 4 : 2;
      const place = FULL_BOX_BYTES + idBytes + 2;
      return entry.content.toString("latin1", place, place + 4);
    });
  });
}

/** Returns how many bytes of the file belong to items. */
function locatedIn(parts: readonly Box[]): number {
  const content = parts.find(({ type }) => type === "iloc")?.content;
  if (!content) return 0;
  const version = content[0] ?? 0;
  const [sizes, more] = [content.readUInt8(4), content.readUInt8(5)];
  const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 4, sizes & 0xf, more >> 4];
  const indexBytes = version === 0 ? 0 : more & 0xf;
  const numberBytes = version < 2 ? 2 : 4;
  let at = 6;
  const take = (size: number) => {
    at += size;
    if (size === 0) return 0;
    return size === 8 ? Number(content.readBigUInt64BE(at - size)) : content.readUIntBE(at - size, size);
  };
  let located = 0;
  for (let items = take(numberBytes); items > 0; items -= 1) {
    take(numberBytes);
    // Construction method and data reference.
    take(version === 0 ? 2 : 4);
    take(baseBytes);
    for (let extents = take(2); extents > 0; extents -= 1) {
      take(indexBytes);
      take(offsetBytes);
      located += take(lengthBytes);
    }
  }
  return located;
}

function isUsualColour(content: Buffer): boolean {
  return (
    content.toString("latin1", 0, 4) === "nclx" &&
    USUAL_PRIMARIES.has(content.readUInt16BE(4)) &&
    USUAL_TRANSFERS.has(content.readUInt16BE(6))
  );
}
