import type { Checked, Conflict } from "@/components/admin/writing/conflict";
import type { Actor } from "@/lib/audit";
import { SETTINGS_FILE, SOURCES_FILE } from "@/lib/document";
import { differenceOf, saveFiles } from "@/lib/editing";
import { DEFAULT_LOCALE, LOCALES } from "@/lib/i18n/locales";
import { lengthOf, withParts } from "@/lib/writing";
import { languageOf, type WorkingFiles, workingFiles } from "./working-files";

/** The files that people write, in the order in which they are listed. */
export const WRITTEN_FILES: readonly string[] = [
  ...LOCALES.map((locale) => `${locale}.md`),
  SETTINGS_FILE,
  SOURCES_FILE,
];

/** A file as somebody changed it: from what, and to what, as a whole or part by part. */
export type TextChange = { path: string; was: string } & (
  | { now: string }
  | { parts: Readonly<Record<string, string>> }
);

export type TextSaved =
  /** `mine` is the document as it was sent, `text` as it is saved, with what others have changed. */
  | { kind: "saved"; mine: string; text: string; checked: Checked; working: WorkingFiles }
  | { kind: "conflict"; conflict: Conflict }
  | { kind: "refused"; mistakes: readonly { field: string; text: string }[] }
  | { kind: "gone" };

/** Saves a changed file into the draft, with its faults. */
export async function saveText(actor: Actor, slug: string, change: TextChange): Promise<TextSaved> {
  const { path, was } = change;
  if (!WRITTEN_FILES.includes(path)) return { kind: "gone" };
  const written =
    "now" in change ? { ok: true as const, document: change.now } : withParts(was, change.parts);
  if (!written.ok) return { kind: "refused", mistakes: written.mistakes };
  const { document } = written;
  if (document.trim() === "")
    return refused("There is no text. Write some, or take the language out in the campaign’s settings.");
  const saved = await saveFiles(actor, slug, new Map([[path, { was, now: document }]]));
  switch (saved.kind) {
    case "saved": {
      const working = await workingFiles(slug);
      if (!working) return { kind: "gone" };
      const text = saved.files.get(path) ?? "";
      return {
        kind: "saved",
        mine: plain(document),
        text: plain(text),
        checked: checked(working, path),
        working,
      };
    }
    case "conflict": {
      const [first] = saved.conflicts;
      const working = await workingFiles(slug);
      if (!first || !working) return { kind: "gone" };
      const [theirs, mine] = [plain(first.theirs), plain(first.yours)];
      const difference = differenceOf(theirs, mine, languageOf(path) ?? DEFAULT_LOCALE);
      return { kind: "conflict", conflict: { path, revision: working.revision, theirs, mine, difference } };
    }
    case "too-large":
      return refused("The text is longer than 200 KB, which is more than a draft takes. Make it shorter.");
    default:
      return { kind: "gone" };
  }
}

function refused(text: string): TextSaved {
  return { kind: "refused", mistakes: [{ field: "text", text }] };
}

/** Returns what is wrong with one of a campaign's files, and how long it is. */
export function checked(
  { read, files, revision }: WorkingFiles,
  path: string,
  { measured = true }: { measured?: boolean } = {},
): Checked {
  const faults = read.ok ? [] : read.faults;
  const locale = languageOf(path);
  return {
    revision,
    problems: faults.filter(({ file }) => file === path).map(({ line, message }) => ({ line, message })),
    ...(locale === null || !measured ? { words: 0, minutes: 0 } : lengthOf(files.get(path) ?? "", locale)),
  };
}

/** Browsers edit texts with plain line ends; the draft keeps those of the file. */
function plain(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
