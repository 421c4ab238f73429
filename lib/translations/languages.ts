import type { Actor } from "@/lib/audit";
import { SETTINGS_FILE } from "@/lib/document";
import { saveFiles } from "@/lib/editing";
import type { Locale } from "@/lib/i18n/locales";
import { languageField, skeletonOf, withSettings } from "@/lib/writing";
import { documentOf, hashedParts, type Working, workingOf } from "./working";

export type LanguageChanged =
  | { kind: "changed" }
  | { kind: "unchanged" }
  /** Parts are missing, so that it cannot count as finished. */
  | { kind: "missing"; parts: number }
  | { kind: "unreadable" }
  | { kind: "unknown" };

/** Adds a language to the draft, as unfinished, with nothing translated. */
export async function addLanguage(actor: Actor, slug: string, locale: Locale): Promise<LanguageChanged> {
  const working = await workingOf(slug);
  if (!working) return { kind: "unknown" };
  if (working.languages.includes(locale)) return { kind: "unchanged" };
  const skeleton = skeletonOf(working.files.get(documentOf(working.original)) ?? "");
  const document = working.files.get(documentOf(locale)) ?? "";
  return save(actor, working, locale, "unfinished", [
    [documentOf(locale), { was: document, now: document || skeleton }],
  ]);
}

/** Lists a language of the draft as finished, once no part is missing, or as unfinished. */
export async function setFinished(
  actor: Actor,
  slug: string,
  locale: Locale,
  finished: boolean,
): Promise<LanguageChanged> {
  const working = await workingOf(slug);
  if (!working?.languages.includes(locale) || locale === working.original) return { kind: "unknown" };
  const missing = hashedParts(working.files, working.original, locale).filter(
    ({ translation, needed }) => needed && translation === null,
  );
  if (finished && missing.length > 0) return { kind: "missing", parts: missing.length };
  return save(actor, working, locale, finished ? "yes" : "unfinished", []);
}

async function save(
  actor: Actor,
  { slug, files }: Working,
  locale: Locale,
  state: "yes" | "unfinished",
  documents: readonly (readonly [string, { was: string; now: string }])[],
): Promise<LanguageChanged> {
  const was = files.get(SETTINGS_FILE) ?? "";
  const now = withSettings(was, { [languageField(locale)]: state });
  if (now === null) return { kind: "unreadable" };
  if (now === was && documents.length === 0) return { kind: "unchanged" };
  const action = documents.length > 0 ? "translation.add-language" : "translation.live";
  const detail = { slug, locale, finished: state === "yes" };
  const saved = await saveFiles(actor, slug, new Map([[SETTINGS_FILE, { was, now }], ...documents]), {
    audit: { action, detail },
  });
  return { kind: saved.kind === "saved" ? "changed" : "unknown" };
}
