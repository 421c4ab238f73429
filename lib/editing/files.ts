import { storable } from "@/lib/db/storable";
import { type CampaignFiles, SETTINGS_FILE } from "@/lib/document";

/** The largest file of a campaign, in bytes. The database takes no larger one either. */
const FILE_MAX_BYTES = 200 * 1024;
/** What a file may be called. The database takes no other name either. */
const PATH_FORM = /^[A-Za-z0-9-]+\.(?:yaml|md)$/;

/** Why a file cannot be stored, whatever it says. */
export type Unstorable = { kind: "too-large"; path: string } | { kind: "unknown-file"; path: string };

/** Returns the first file that cannot be stored, or null. */
export function unstorableIn(files: CampaignFiles): Unstorable | null {
  for (const [path, text] of files) {
    if (!PATH_FORM.test(path)) return { kind: "unknown-file", path };
    if (Buffer.byteLength(text) > FILE_MAX_BYTES) return { kind: "too-large", path };
  }
  return null;
}

/** Whether two sets of files hold the same texts. */
export function areSame(some: CampaignFiles, others: CampaignFiles): boolean {
  return some.size === others.size && [...some].every(([path, text]) => others.get(path) === text);
}

/** Returns files without what PostgreSQL cannot store, and without those that are empty. */
export function storableFiles(files: CampaignFiles): CampaignFiles {
  return new Map(
    [...files].map(([path, text]) => [path, storable(text)] as const).filter(([, text]) => text),
  );
}

const SLUG_LINE = /^(slug[ \t]*:[ \t]*)(?<quote>["']?)(?<slug>[^\s#"']+)\k<quote>/m;

/** Returns the slug that `campaign.yaml` names, without checking the rest; null if it names none. */
export function slugIn(files: CampaignFiles): string | null {
  return SLUG_LINE.exec(files.get(SETTINGS_FILE) ?? "")?.groups?.slug ?? null;
}

/** Returns files that name another slug; everything else in them stays as written, comments included. */
export function withSlug(files: CampaignFiles, slug: string): CampaignFiles {
  const settings = files.get(SETTINGS_FILE) ?? "";
  const renamed = SLUG_LINE.test(settings)
    ? settings.replace(SLUG_LINE, (_, key: string) => key + slug)
    : `slug: ${slug}\n${settings}`;
  return new Map([...files, [SETTINGS_FILE, renamed]]);
}

/** Returns the number of the line in `campaign.yaml` that says the slug, counted from 1. */
export function lineOfSlug(files: CampaignFiles): number {
  const lines = (files.get(SETTINGS_FILE) ?? "").split("\n");
  return lines.findIndex((line) => SLUG_LINE.test(line)) + 1 || 1;
}
