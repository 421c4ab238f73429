import sharp, { type Metadata, type Sharp } from "sharp";
import { PICTURE_LIMIT_BYTES, PIXELS_MAX, type PictureType, WIDTHS } from "./formats";
import type { Inspected } from "./inspect";

/** A file to be made ready, and what its structure says. */
export type PictureJob = { bytes: Uint8Array; inspected: Inspected };
export type Rendition = { width: number; height: number; type: PictureType; bytes: Uint8Array };
/** A picture without metadata, upright and in sRGB, with what browsers load of it. */
export type MadePicture = {
  type: PictureType;
  width: number;
  height: number;
  bytes: Uint8Array;
  renditions: readonly Rendition[];
};
export type PictureAnswer =
  | { kind: "made"; picture: MadePicture }
  | { kind: "broken" }
  | { kind: "too-large" }
  | { kind: "slow" };

/** A master that is encoded anew is hardly told from what was sent. */
const MASTER_QUALITY = 92;
/** Equal to the eye: AVIF needs a lower figure for the same picture. */
const QUALITY = { "image/avif": 50, "image/webp": 76, "image/jpeg": 78 } as const;
/** How hard AVIF tries, from 0 to 9. The usual 4 takes twice as long for two hundredths of the size. */
const AVIF_EFFORT = 2;
/** From so many pixels on, as in long screenshots, it does not try: the time that a picture may take is for all of it. */
const AVIF_HASTE_PIXELS = 4_000_000;
const PNG_COMPRESSION = 9;
const DECODING = { limitInputPixels: PIXELS_MAX, failOn: "warning" } as const;
const FORMATS: Readonly<Record<PictureType, string>> = {
  "image/avif": "heif",
  "image/webp": "webp",
  "image/jpeg": "jpeg",
  "image/png": "png",
};
const OPAQUE_TYPES = ["image/avif", "image/webp", "image/jpeg"] as const;
const TRANSPARENT_TYPES = ["image/webp", "image/png"] as const;

// Pictures come from outside: no other decoder is ever run (libvips, "Security").
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: ["Jpeg", "Png", "Webp", "Heif"].map((format) => `VipsForeignLoad${format}Buffer`),
});
sharp.concurrency(1);
sharp.cache(false);

/** Makes a picture and its renditions from a file. Decodes it whole, so that a file that ends early is noticed. */
export async function makePicture({ bytes, inspected }: PictureJob): Promise<PictureAnswer> {
  try {
    return await make(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), inspected);
  } catch (error) {
    console.error(error instanceof Error ? error.message : "unknown error");
    return { kind: "broken" };
  }
}

async function make(file: Buffer, inspected: Inspected): Promise<PictureAnswer> {
  const described = await sharp(file, DECODING).metadata();
  if (described.format !== FORMATS[inspected.type]) return { kind: "broken" };
  const { width, height } = described.autoOrient;
  const bytes = isStoredAsItIs(described, inspected) ? file : await encodedAnew(file, inspected);
  if (bytes.length > PICTURE_LIMIT_BYTES) return { kind: "too-large" };
  return {
    kind: "made",
    picture: { type: inspected.type, width, height, bytes, renditions: await render(file, width) },
  };
}

function isStoredAsItIs(described: Metadata, { plain }: Inspected): boolean {
  const { exif, icc, iptc, xmp, comments, orientation = 1, space } = described;
  const isBare = [exif, icc, iptc, xmp, comments].every((part) => part === undefined);
  return plain && isBare && orientation === 1 && /^(?:srgb|b-w|rgb16|grey16)$/.test(space);
}

/** Encodes a picture in its own format, upright, in sRGB and without metadata, which is what sharp does unless told otherwise. */
function encodedAnew(file: Buffer, { type, lossless }: Inspected): Promise<Buffer> {
  const upright = sharp(file, DECODING).autoOrient();
  switch (type) {
    case "image/jpeg":
      return upright.jpeg({ quality: MASTER_QUALITY, chromaSubsampling: "4:4:4" }).toBuffer();
    case "image/png":
      return upright.png({ compressionLevel: PNG_COMPRESSION }).toBuffer();
    case "image/webp":
      return upright.webp(lossless ? { lossless } : { quality: MASTER_QUALITY }).toBuffer();
    case "image/avif":
      return upright.avif({ quality: MASTER_QUALITY, effort: AVIF_EFFORT }).toBuffer();
  }
}

/** Decodes a picture once, at the largest width, and makes every rendition of that. */
async function render(file: Buffer, ownWidth: number): Promise<Rendition[]> {
  const widths = [...new Set(WIDTHS.map((width) => Math.min(width, ownWidth)))];
  const { data, info } = await sharp(file, DECODING)
    .autoOrient()
    .resize({ width: Math.max(...widths) })
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const decoded = () => sharp(data, { raw: { width, height, channels } });
  const transparent = channels % 2 === 0 && !(await decoded().stats()).isOpaque;
  const renditions: Rendition[] = [];
  for (const wide of widths)
    for (const type of transparent ? TRANSPARENT_TYPES : OPAQUE_TYPES) {
      const sized = (transparent ? decoded() : decoded().removeAlpha()).resize({ width: wide });
      const inHaste = (wide * wide * height) / width > AVIF_HASTE_PIXELS;
      const made = await encoded(sized, type, inHaste).toBuffer({ resolveWithObject: true });
      renditions.push({ width: made.info.width, height: made.info.height, type, bytes: made.data });
    }
  return renditions;
}

function encoded(picture: Sharp, type: PictureType, inHaste: boolean): Sharp {
  switch (type) {
    case "image/avif":
      return picture.avif({ quality: QUALITY[type], effort: inHaste ? 0 : AVIF_EFFORT });
    case "image/webp":
      return picture.webp({ quality: QUALITY[type] });
    case "image/jpeg":
      return picture.jpeg({ quality: QUALITY[type], progressive: true });
    case "image/png":
      return picture.png({ compressionLevel: PNG_COMPRESSION });
  }
}
