import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { CampaignFolder } from "./import";

const PICTURES = "pictures";

/**
 * Reads a campaign's folder: its YAML and Markdown files, and `pictures/`. Everything else in it is left alone.
 * @throws when it cannot be read, or a text is not in UTF-8.
 */
export async function readCampaignFolder(folder: string): Promise<CampaignFolder> {
  const names = await filesBelow(folder);
  const texts = names.filter((name) => /\.(?:yaml|md)$/.test(name));
  const pictures = await filesBelow(path.join(folder, PICTURES)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return [];
  });
  const read = (...parts: string[]) => readFile(path.join(folder, ...parts));
  return {
    files: new Map(
      await Promise.all(texts.map(async (name) => [name, textOf(name, await read(name))] as const)),
    ),
    pictures: new Map(
      await Promise.all(pictures.map(async (name) => [name, await read(PICTURES, name)] as const)),
    ),
  };
}

/** Returns the files directly in a folder, without those that begin with a dot. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .flatMap((entry) => (entry.isFile() && !entry.name.startsWith(".") ? [entry.name] : []))
    .sort();
}

function textOf(name: string, bytes: Uint8Array): string {
  try {
    // Kept to the byte, so a byte order mark is kept, too.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new Error(`${name} is not in UTF-8: save it with this encoding`, { cause: error });
  }
}

/**
 * Writes a campaign into a folder, over what is there.
 * @returns texts and pictures in the folder that are no part of the campaign; they are left there.
 */
export async function writeCampaignFolder(folder: string, campaign: CampaignFolder): Promise<string[]> {
  await mkdir(campaign.pictures.size > 0 ? path.join(folder, PICTURES) : folder, { recursive: true });
  for (const [name, text] of campaign.files) await writeFile(path.join(folder, name), text);
  for (const [name, bytes] of campaign.pictures) await writeFile(path.join(folder, PICTURES, name), bytes);
  const there = await readCampaignFolder(folder);
  return [
    ...[...there.files.keys()].filter((name) => !campaign.files.has(name)),
    ...[...there.pictures.keys()]
      .filter((name) => !campaign.pictures.has(name))
      .map((name) => `${PICTURES}/${name}`),
  ];
}
