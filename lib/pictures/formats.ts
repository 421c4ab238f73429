/** Largest file that is taken, in bytes. With the rest of its form it fits into `PICTURE_FORM_LIMIT_BYTES`. */
export const PICTURE_LIMIT_BYTES = 10_000_000;
/** Most pixels that are decoded, and the longest side. */
export const PIXELS_MAX = 50_000_000;
export const SIDE_MAX_PIXELS = 12_000;
/** How long one picture may take, in seconds of a processor: a rush makes it wait, and no reason to refuse it. */
export const PROCESSOR_SECONDS = 30;
/** How wide pictures are offered to browsers, in pixels. A picture is never made wider than it is. */
export const WIDTHS = [360, 720, 1080, 1600] as const;

export const PICTURE_TYPES = ["image/avif", "image/webp", "image/jpeg", "image/png"] as const;
export type PictureType = (typeof PICTURE_TYPES)[number];

/** The ending of a file's name by its type. */
export const EXTENSIONS: Readonly<Record<PictureType, string>> = {
  "image/avif": "avif",
  "image/webp": "webp",
  "image/jpeg": "jpg",
  "image/png": "png",
};
export const FORMAT_NAMES: Readonly<Record<PictureType, string>> = {
  "image/avif": "AVIF",
  "image/webp": "WebP",
  "image/jpeg": "JPEG",
  "image/png": "PNG",
};

/** Returns the type that a file name's ending stands for, or null. */
export function typeOfExtension(extension: string): PictureType | null {
  return PICTURE_TYPES.find((type) => EXTENSIONS[type] === extension) ?? null;
}
