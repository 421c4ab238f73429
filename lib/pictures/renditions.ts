import { database } from "@/lib/db/client";
import { perProcess } from "@/lib/per-process";
import { type PictureType, typeOfExtension } from "./formats";

/** How much each process keeps of what it serves, in bytes: some hundred pictures of the usual size. */
const KEPT_BYTES = 32 * 1024 * 1024;
const FILE_FORM = /^([0-9a-f]{64})-([1-9][0-9]{0,4})\.(avif|webp|jpg|png)$/;

/** A file that browsers load. It never changes: its name says what it holds. */
export type RenditionFile = { type: PictureType; bytes: Uint8Array<ArrayBuffer> };

/** What was served last, by name; the oldest first. */
const kept = perProcess("pictures/renditions", () => ({ files: new Map<string, RenditionFile>(), bytes: 0 }));

/** Returns the file at `/pictures/{file}`, or null. */
export async function renditionAt(file: string): Promise<RenditionFile | null> {
  const known = kept.files.get(file);
  if (known) return known;
  const [, sha256, width, extension = ""] = FILE_FORM.exec(file) ?? [];
  const type = typeOfExtension(extension);
  if (sha256 === undefined || type === null) return null;
  const found = await database().pictureRendition.findUnique({
    where: { sha256_width_type: { sha256: Buffer.from(sha256, "hex"), width: Number(width), type } },
    select: { bytes: true },
  });
  if (!found) return null;
  return keep(file, { type, bytes: found.bytes });
}

function keep(file: string, rendition: RenditionFile): RenditionFile {
  if (!kept.files.has(file)) kept.bytes += rendition.bytes.byteLength;
  kept.files.set(file, rendition);
  for (const oldest of kept.files.keys()) {
    if (kept.bytes <= KEPT_BYTES) break;
    drop(oldest);
  }
  return rendition;
}

function drop(file: string): void {
  kept.bytes -= kept.files.get(file)?.bytes.byteLength ?? 0;
  kept.files.delete(file);
}

/** Drops the files of pictures that no campaign has any more. */
export function forgetRenditionsBut(hashes: ReadonlySet<string>): void {
  for (const file of kept.files.keys()) if (!hashes.has(file.split("-", 1)[0] ?? "")) drop(file);
}
