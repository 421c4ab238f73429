import type { Actor } from "@/lib/audit";
import type { Locale } from "@/lib/i18n/locales";
import { partLabel } from "@/lib/writing";
import type { ReadExchange, Unit } from "./exchange";
import { fromPo, toPo } from "./po";
import { type SavedTranslation, saveTranslation } from "./save";
import { translationOf } from "./working";
import { fromXliff, toXliff } from "./xliff";

export const EXCHANGE_FORMATS = ["xliff", "po"] as const;
export type ExchangeFormat = (typeof EXCHANGE_FORMATS)[number];

/** Returns a translation as a file for translators' tools; null if the campaign has no such translation. */
export async function exportTranslation(
  slug: string,
  locale: Locale,
  format: ExchangeFormat,
): Promise<string | null> {
  const translation = await translationOf(slug, locale);
  if (!translation) return null;
  const parts = translation.parts.map((part) => ({ ...part, label: partLabel(part.key) }));
  return (format === "xliff" ? toXliff : toPo)({ ...translation, parts });
}

export type ImportedTranslation =
  | Exclude<SavedTranslation, { kind: "refused" }>
  | { kind: "unreadable-file"; why: string };

/** Saves what a file of a translator's tool has, but for parts whose original is another one by now. */
export async function importTranslation(
  actor: Actor,
  slug: string,
  locale: Locale,
  file: string,
): Promise<ImportedTranslation> {
  const read = readExchange(file);
  if (!read.ok) return { kind: "unreadable-file", why: read.why };
  if (read.locale !== null && read.locale.toLowerCase() !== locale.toLowerCase())
    return {
      kind: "unreadable-file",
      why: `The file is a translation into ${read.locale}. Upload it on the page of that language.`,
    };
  const translation = await translationOf(slug, locale);
  if (!translation) return { kind: "unknown-language" };
  const parts = new Map(translation.parts.map((part) => [part.key, part]));
  const edits = read.units.flatMap(({ key, original, translation: text, settled }: Unit) => {
    const part = parts.get(key);
    if (text.trim() === "") return [];
    return [
      {
        key,
        was: part?.translation ?? "",
        now: text,
        stillRight: settled,
        // Only what was made from the original as it is can be saved.
        ...(part && part.original.trim() === original.trim() ? {} : { originalSeen: "" }),
      },
    ];
  });
  const saved = await saveTranslation(actor, slug, locale, edits, {
    action: "translation.import",
    partly: true,
  });
  return saved.kind === "refused" ? { kind: "saved", saved: 0, refused: saved.refused } : saved;
}

function readExchange(file: string): ReadExchange {
  return /^\s*(?:\uFEFF)?<[?!a-z]/i.test(file) ? fromXliff(file) : fromPo(file);
}
