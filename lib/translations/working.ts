import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import {
  type CampaignFiles,
  outlineOf,
  SETTINGS_FILE,
  type TranslatedPart,
  translatedParts,
} from "@/lib/document";
import { filesOf, type Version, workingText } from "@/lib/editing";
import { isLocale, type Locale } from "@/lib/i18n/locales";
import { languageField, settingsForm } from "@/lib/writing";
import { type HashedPart, hashOf, type Origin, originsOf, type PartState, stateOf } from "./states";

/** A part as it is shown to translators. */
export type TranslationPart = TranslatedPart & {
  state: PartState;
  /** What it was translated from; null if that is unknown, or nothing is translated. */
  madeFrom: string | null;
  changedAt: Date | null;
  /** Null if it came with a folder, or was written as text. */
  changedBy: string | null;
  reviewedAt: Date | null;
  reviewedBy: string | null;
  /** Tell apart what a page showed: of the original alone, and together with the translation. */
  originalSeen: string;
  seen: string;
};

/** A campaign's translation into one language, in the draft, or as published if there is none. */
export type Translation = {
  slug: string;
  campaignId: string;
  fourEyes: boolean;
  originalLocale: Locale;
  locale: Locale;
  /** Number of the draft's last change; 0 without a draft. */
  revision: number;
  parts: readonly TranslationPart[];
};

/** The files that translators work on, with the campaign that they belong to. */
export type Working = {
  slug: string;
  campaignId: string;
  fourEyes: boolean;
  /** Null without a draft. */
  draftId: string | null;
  revision: number;
  files: CampaignFiles;
  original: Locale;
  languages: readonly Locale[];
  versions: readonly Version[];
};

/** Returns the files of a campaign's draft, or the published ones; null if it has none. */
export async function workingOf(slug: string): Promise<Working | null> {
  const campaign = await database().campaign.findUnique({
    where: { slug },
    select: {
      id: true,
      fourEyes: true,
      versions: { where: { state: { in: ["draft", "in_review", "scheduled"] } }, select: { id: true } },
    },
  });
  const text = campaign && (await workingText(slug));
  if (!campaign || !text) return null;
  const { revision, files, versions } = text;
  const { languages } = outlineOf(files);
  const [original] = languages;
  if (original === undefined) return null;
  return {
    slug,
    campaignId: campaign.id,
    fourEyes: campaign.fourEyes,
    draftId: campaign.versions[0]?.id ?? null,
    revision,
    files,
    original,
    languages,
    versions,
  };
}

export function documentOf(locale: Locale): string {
  return `${locale}.md`;
}

/** Returns the parts of a translation with their hashes. */
export function hashedParts(files: CampaignFiles, original: Locale, locale: Locale) {
  return translatedParts(files.get(documentOf(original)) ?? "", files.get(documentOf(locale)) ?? "").map(
    hashed,
  );
}

function hashed(part: TranslatedPart): TranslatedPart & HashedPart {
  return {
    ...part,
    originalHash: hashOf(part.original),
    translationHash: part.translation === null ? null : hashOf(part.translation),
  };
}

/** Returns what is noted of a campaign's translated parts, by language. */
export async function knownOrigins(
  reader: Pick<Prisma.TransactionClient, "campaignTranslation">,
  campaignId: string,
): Promise<ReadonlyMap<Locale, readonly Origin[]>> {
  const rows = await reader.campaignTranslation.findMany({ where: { campaignId }, orderBy: { part: "asc" } });
  const origins = new Map<Locale, Origin[]>();
  for (const { locale, originalHash, translationHash, ...row } of rows) {
    if (!isLocale(locale)) continue;
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
    const origin = { ...row, originalHash: hex(originalHash), translationHash: hex(translationHash) };
    origins.set(locale, [...(origins.get(locale) ?? []), origin]);
  }
  return origins;
}

/**
 * Returns what is known of each translated part: what is noted, and for texts that came with a folder or were
 * written as text, that they were made from the original of the oldest version that has them.
 */
export async function findOrigins(
  working: Working,
  locale: Locale,
  noted: readonly Origin[],
): Promise<ReadonlyMap<string, Origin>> {
  const parts = hashedParts(working.files, working.original, locale);
  const origins = new Map(originsOf(parts, noted));
  const unknown = () => parts.filter(({ key, translation }) => translation !== null && !origins.has(key));
  const oldestFirst = [...working.versions].reverse();
  for (const { number } of oldestFirst) {
    const left = unknown();
    if (left.length === 0) break;
    const files = number === null ? working.files : await filesOf(working.slug, number);
    const before = files ? hashedParts(files, outlineOf(files).languages[0] ?? working.original, locale) : [];
    for (const part of left) {
      const same = before.filter(({ translationHash }) => translationHash === part.translationHash);
      const source = same.find(({ key }) => key === part.key) ?? same[0];
      if (source && part.translationHash !== null)
        origins.set(part.key, {
          part: part.key,
          original: source.original,
          originalHash: source.originalHash,
          translationHash: part.translationHash,
          changedAt: null,
          changedBy: null,
          reviewedAt: null,
          reviewedBy: null,
        });
    }
  }
  return origins;
}

/** Returns the translation of a campaign into one of its languages; null if it has no such translation. */
export async function translationOf(slug: string, locale: Locale): Promise<Translation | null> {
  const working = await workingOf(slug);
  if (!working || locale === working.original || !working.languages.includes(locale)) return null;
  const noted = (await knownOrigins(database(), working.campaignId)).get(locale) ?? [];
  const origins = await findOrigins(working, locale, noted);
  const { campaignId, fourEyes, revision, original } = working;
  const parts = hashedParts(working.files, original, locale).map((part) =>
    shown(part, origins.get(part.key)),
  );
  return { slug, campaignId, fourEyes, originalLocale: original, locale, revision, parts };
}

function shown(
  { originalHash, translationHash, ...part }: TranslatedPart & HashedPart,
  origin?: Origin,
): TranslationPart {
  const state = stateOf({ key: part.key, originalHash, translationHash }, origin);
  return {
    ...part,
    state,
    madeFrom: origin && origin.original !== "" ? origin.original : null,
    changedAt: origin?.changedAt ?? null,
    changedBy: origin?.changedBy ?? null,
    reviewedAt: state === "reviewed" ? (origin?.reviewedAt ?? null) : null,
    reviewedBy: state === "reviewed" ? (origin?.reviewedBy ?? null) : null,
    originalSeen: shortened(originalHash),
    seen: shortened(`${originalHash}${translationHash ?? ""}`),
  };
}

const SEEN_CHARACTERS = 16;

function shortened(text: string): string {
  return hashOf(text).slice(0, SEEN_CHARACTERS);
}

/** A language of a campaign, and how many of its parts are in each state. */
export type LanguageProgress = {
  locale: Locale;
  counts: Readonly<Record<PartState, number>>;
  /** Whether it is listed as unfinished in the draft. */
  unfinished: boolean;
};

/** The languages of a campaign, and which of the site's it lacks. */
export type Progress = { original: Locale; languages: readonly LanguageProgress[] };

/** Returns how far a campaign's translations are; null if it has no files. */
export async function progressOf(slug: string): Promise<Progress | null> {
  const working = await workingOf(slug);
  if (!working) return null;
  const noted = await knownOrigins(database(), working.campaignId);
  const languages: LanguageProgress[] = [];
  for (const locale of working.languages) {
    if (locale === working.original) continue;
    const origins = await findOrigins(working, locale, noted.get(locale) ?? []);
    const counts = { missing: 0, draft: 0, outdated: 0, reviewed: 0 };
    for (const part of hashedParts(working.files, working.original, locale)) {
      const state = stateOf(part, origins.get(part.key));
      // Words that are shown from another place are not missed.
      if (state !== "missing" || part.needed) counts[state] += 1;
    }
    languages.push({ locale, counts, unfinished: isUnfinished(working.files, locale) });
  }
  return { original: working.original, languages };
}

/** Whether a language is listed as unfinished. */
function isUnfinished(files: CampaignFiles, locale: Locale): boolean {
  const settings = settingsForm(files.get(SETTINGS_FILE) ?? "");
  return settings?.fields[languageField(locale)] === "unfinished";
}
