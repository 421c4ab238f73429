import { type CampaignFiles, type ReadCampaign, readCampaign, SETTINGS_FILE } from "@/lib/document";
import { type Version, workingText } from "@/lib/editing";
import { DEFAULT_LOCALE, isLocale, type Locale } from "@/lib/i18n/locales";
import { perProcess } from "@/lib/per-process";
import { picturesOf } from "@/lib/pictures";
import { settingsForm } from "@/lib/writing";

/** A campaign's files as they are written on: those of the draft, or the published ones if there is none. */
export type WorkingFiles = {
  files: CampaignFiles;
  /** The number of the draft's last change; 0 if there is no draft. */
  revision: number;
  state: Version["state"];
  /** What is wrong with them, or what they say. */
  read: ReadCampaign;
  /** Names of the campaign's pictures. */
  pictures: readonly string[];
  /** The first language, as far as the settings can be read. */
  original: Locale;
};

/** Returns the files that a campaign's editors see; null if the campaign has none. */
export async function workingFiles(slug: string): Promise<WorkingFiles | null> {
  const text = await workingText(slug);
  if (!text) return null;
  const { version, revision, files } = text;
  const pictures = (await picturesOf(slug)).map(({ name }) => name);
  return {
    files,
    revision,
    state: version.state,
    read: readOnce(slug, version, files, pictures),
    pictures,
    original: settingsForm(files.get(SETTINGS_FILE) ?? "")?.original ?? DEFAULT_LOCALE,
  };
}

/** What the files said when they were last read, by slug: reading them takes a while, and pages show them often. */
const known = perProcess(
  "desk/read campaigns",
  () => new Map<string, { state: string; read: ReadCampaign }>(),
);
const KNOWN_MAX = 20;

function readOnce(
  slug: string,
  { number, revision, changedAt }: Version,
  files: CampaignFiles,
  pictures: readonly string[],
): ReadCampaign {
  const state = JSON.stringify([number, revision, changedAt, pictures]);
  const before = known.get(slug);
  if (before?.state === state) return before.read;
  const read = readCampaign(files, new Set(pictures));
  known.delete(slug);
  known.set(slug, { state, read });
  for (const oldest of known.keys()) {
    if (known.size <= KNOWN_MAX) break;
    known.delete(oldest);
  }
  return read;
}

/** Returns the language of a document by its file's name; null for other files. */
export function languageOf(path: string): Locale | null {
  const [, name = ""] = /^(.+)\.md$/.exec(path) ?? [];
  return isLocale(name) ? name : null;
}
