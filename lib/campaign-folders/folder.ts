import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { type CampaignFiles, type Fault, SETTINGS_FILE } from "@/lib/document";

export type ReadFolder =
  | { ok: true; files: CampaignFiles; pictures: ReadonlyMap<string, Uint8Array> }
  | { ok: false; faults: readonly Fault[] };

export type WrittenFolder =
  | { kind: "written" }
  /** The folder holds a file that is none of this campaign's. */
  | { kind: "occupied"; file: string };

const PICTURES = "pictures";
const TEXT_NAME = /^[A-Za-z0-9-]+\.(?:yaml|md)$/;
const PICTURE_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*\.(?:jpg|png|webp|avif)$/;

/** Far more than a text may have. What is larger is not worth reading. */
const TEXT_MAX_BYTES = 1_000_000;
/** A photograph of the largest cameras fits. */
const PICTURE_MAX_BYTES = 40_000_000;

/** Reads a campaign's folder, byte for byte. Leaves out names that begin with a dot, and refuses all others. */
export async function readFolder(folder: string): Promise<ReadFolder> {
  const files = new Map<string, string>();
  const pictures = new Map<string, Uint8Array>();
  const faults: Fault[] = [];
  const refuse = (file: string, message: string) => faults.push({ file, line: 1, message });
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder)
    return {
      ok: false,
      faults: [{ file: folder, line: 1, message: "there is no such folder: check its name" }],
    };
  for (const entry of await listed(folder)) {
    if (entry.name === PICTURES && entry.isDirectory()) continue;
    const bytes = await readUpTo(path.join(folder, entry.name), TEXT_MAX_BYTES);
    if (!entry.isFile() || !TEXT_NAME.test(entry.name))
      refuse(
        entry.name,
        "this is no part of a campaign, which has campaign.yaml, sources.yaml, a text such as en.md for each language, and pictures/: remove it",
      );
    else if (bytes === null) refuse(entry.name, "this file is too large for a text: make it shorter");
    else {
      const text = textOf(bytes);
      if (text === null) refuse(entry.name, "this file is not UTF-8: save it in that encoding");
      else files.set(entry.name, text);
    }
  }
  const pictureFolder = path.join(folder, PICTURES);
  for (const entry of existsSync(pictureFolder) ? await listed(pictureFolder) : []) {
    const name = `${PICTURES}/${entry.name}`;
    const bytes = await readUpTo(path.join(pictureFolder, entry.name), PICTURE_MAX_BYTES);
    if (!entry.isFile() || !PICTURE_NAME.test(entry.name))
      refuse(
        name,
        "the name of a picture has small letters, digits and dashes, and ends in .jpg, .png, .webp or .avif: rename it",
      );
    else if (bytes === null) refuse(name, "this picture is larger than 40 MB: make it smaller");
    else pictures.set(entry.name, bytes);
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, files, pictures };
}

/** Writes a campaign's folder, byte for byte. An earlier form of the same campaign is written over. */
export async function writeFolder(
  folder: string,
  files: CampaignFiles,
  pictures: ReadonlyMap<string, Uint8Array>,
): Promise<WrittenFolder> {
  const other = await occupant(folder, files, pictures);
  if (other !== null) return { kind: "occupied", file: other };
  await mkdir(pictures.size > 0 ? path.join(folder, PICTURES) : folder, { recursive: true });
  for (const [name, text] of files) await writeFile(path.join(folder, name), text);
  for (const [name, bytes] of pictures) await writeFile(path.join(folder, PICTURES, name), bytes);
  return { kind: "written" };
}

/** The first file of a folder that a campaign would not write over, or null. */
async function occupant(
  folder: string,
  files: CampaignFiles,
  pictures: ReadonlyMap<string, Uint8Array>,
): Promise<string | null> {
  if (!existsSync(folder)) return null;
  const isFolder = (await stat(folder)).isDirectory();
  if (!isFolder) return path.basename(folder);
  const ours = new Set([...files.keys(), ...[...pictures.keys()].map((name) => `${PICTURES}/${name}`)]);
  const names = (await listed(folder)).map(({ name }) => name);
  const pictureFolder = path.join(folder, PICTURES);
  const there = names.includes(PICTURES)
    ? (await listed(pictureFolder)).map(({ name }) => `${PICTURES}/${name}`)
    : [];
  const other = [...names.filter((name) => name !== PICTURES), ...there].find((name) => !ours.has(name));
  if (other !== undefined) return other;
  if (!names.includes(SETTINGS_FILE)) return names.find((name) => name !== PICTURES) ?? null;
  const before = textOf(await readFile(path.join(folder, SETTINGS_FILE))) ?? "";
  return slugIn(before) === slugIn(files.get(SETTINGS_FILE) ?? "") ? null : SETTINGS_FILE;
}

const slugIn = (settings: string) => /^slug:[ \t]*["']?([a-z0-9-]+)/m.exec(settings)?.[1];

async function listed(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter(({ name }) => !name.startsWith("."))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** A file's bytes, or null if it is larger. */
async function readUpTo(file: string, bytes: number): Promise<Uint8Array | null> {
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) return new Uint8Array();
  return found.size > bytes ? null : new Uint8Array(await readFile(file));
}

/** Keeps a byte order mark: what is written is what was read. */
function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
