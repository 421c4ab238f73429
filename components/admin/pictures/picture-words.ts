import type { PictureUse } from "@/lib/pictures";

const MEGABYTE = 1_000_000;

/** Says that a picture's file is too large. */
export function tooLargePicture(limitBytes: number): string {
  return `File: it is larger than ${limitBytes / MEGABYTE} MB. Save it smaller, for example as a JPEG.`;
}

/** Says where a document shows a picture. */
export function usedWhere({ version, file, line }: PictureUse): string {
  return `${file}, line ${line}, ${version === "published" ? "published" : "in the draft"}`;
}

/** Formats a size for people: “84 KB”, “1.2 MB”. */
export function sizeInWords(bytes: number): string {
  return bytes < MEGABYTE
    ? `${Math.max(1, Math.round(bytes / 1_000)).toLocaleString("en")} KB`
    : `${(bytes / MEGABYTE).toLocaleString("en", { maximumFractionDigits: 1 })} MB`;
}
