import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { storable } from "@/lib/db/storable";
import { type CampaignFiles, withTranslation } from "@/lib/document";
import { saveFiles } from "@/lib/editing";
import type { Locale } from "@/lib/i18n/locales";
import { plainLines } from "./lines";
import { differentMarks } from "./marks";
import { hashOf, type Origin, originsOf } from "./states";
import {
  documentOf,
  findOrigins,
  hashedParts,
  knownOrigins,
  type Translation,
  type TranslationPart,
  translationOf,
  type Working,
  workingOf,
} from "./working";

/** A part as somebody translated it. */
export type TranslationEdit = {
  key: string;
  /** What they changed it from, and to. */
  was: string;
  now: string;
  /** `originalSeen` of the part that was shown; without it, the original as it is. */
  originalSeen?: string;
  /** An outdated translation holds for the new original as it is. */
  stillRight?: boolean;
};

/** Why a part is not saved. `theirs` is what somebody else has saved meanwhile. */
export type RefusedPart = { key: string } & (
  | { why: "gone" | "empty" | "unfit" | "original-changed" }
  | { why: "changed"; theirs: string }
  | { why: "marks"; lost: readonly string[]; invented: readonly string[] }
);

export type SavedTranslation =
  /** How many parts were saved, and which were not. */
  | { kind: "saved"; saved: number; refused: readonly RefusedPart[] }
  /** Nothing was saved. */
  | { kind: "refused"; refused: readonly RefusedPart[] }
  /** Somebody else has saved at the same moment; nothing was saved. */
  | { kind: "raced" }
  | { kind: "too-large" }
  | { kind: "unreadable" }
  | { kind: "unknown-language" };

type Saving = {
  /** Its entry in the audit log. */
  action: "translation.save" | "translation.import";
  /** Saves what can be saved, instead of nothing if one part is refused. */
  partly?: boolean;
};

/**
 * Saves translated parts into the draft. Each must have the marks of its original. Parts that somebody else has
 * changed meanwhile are refused. A part that changes loses its check.
 */
export async function saveTranslation(
  actor: Actor,
  slug: string,
  locale: Locale,
  edits: readonly TranslationEdit[],
  { action, partly = false }: Saving,
): Promise<SavedTranslation> {
  const working = await workingOf(slug);
  const translation = await translationOf(slug, locale);
  if (!working || !translation) return { kind: "unknown-language" };
  const checked = checkedEdits(translation, edits);
  const refused = [...checked.refused];
  if (refused.length > 0 && !partly) return { kind: "refused", refused };
  const path = documentOf(locale);
  const was = working.files.get(path) ?? "";
  const written = withTranslation(working.files.get(documentOf(working.original)) ?? "", was, checked.texts);
  if (!written.ok) return { kind: "unreadable" };
  refused.push(...written.unfit.map((key) => ({ key, why: "unfit" as const })));
  if (refused.length > 0 && !partly) return { kind: "refused", refused };
  const changed = [...checked.texts.keys(), ...checked.settled].filter((key) => !written.unfit.includes(key));
  if (changed.length === 0) return { kind: "saved", saved: 0, refused };

  const before = await findOrigins(
    working,
    locale,
    (await knownOrigins(database(), working.campaignId)).get(locale) ?? [],
  );
  const note = (transaction: Prisma.TransactionClient, files: CampaignFiles) =>
    noteChanges(transaction, working, locale, files, { before, changed, translation, by: actor.label });
  const audit = { action, detail: { locale, parts: changed.length } };
  if (written.markdown === was) {
    await database().$transaction(async (transaction) => {
      await holdCampaign(transaction, working.campaignId);
      await note(transaction, working.files);
      await recordAudit({ actor, campaign: slug, subject: working.campaignId, ...audit }, transaction);
    });
    return { kind: "saved", saved: changed.length, refused };
  }
  const saved = await saveFiles(actor, slug, new Map([[path, { was, now: written.markdown }]]), {
    audit,
    also: (transaction, _, files) => note(transaction, files),
  });
  switch (saved.kind) {
    case "saved":
      return { kind: "saved", saved: changed.length, refused };
    case "too-large":
      return { kind: "too-large" };
    case "conflict":
      return { kind: "raced" };
    default:
      return { kind: "unknown-language" };
  }
}

function checkedEdits({ parts }: Translation, edits: readonly TranslationEdit[]) {
  const known = new Map(parts.map((part) => [part.key, part]));
  const texts = new Map<string, string>();
  const settled: string[] = [];
  const refused: RefusedPart[] = [];
  for (const edit of edits) {
    const part = known.get(edit.key);
    const now = plainLines(storable(edit.now)).trim();
    const was = plainLines(edit.was).trim();
    const current = part?.translation ?? "";
    const confirms = edit.stillRight === true && part?.state === "outdated";
    if (now === was && !confirms) continue;
    if (part && now === current && !confirms) continue;
    const refusal = refusalOf(part, edit, { now, was });
    if (refusal) refused.push({ key: edit.key, ...refusal });
    else if (now === current) settled.push(edit.key);
    else texts.set(edit.key, now);
  }
  return { texts, settled, refused };
}

function refusalOf(
  part: TranslationPart | undefined,
  { originalSeen }: TranslationEdit,
  { now, was }: { now: string; was: string },
) {
  if (!part) return { why: "gone" } as const;
  const current = part.translation ?? "";
  if (current !== was && current !== now) return { why: "changed", theirs: current } as const;
  if (now === "") return { why: "empty" } as const;
  if (originalSeen !== undefined && originalSeen !== part.originalSeen)
    return { why: "original-changed" } as const;
  const marks = differentMarks(part.original, now);
  return marks && ({ why: "marks", ...marks } as const);
}

type Changes = {
  before: ReadonlyMap<string, Origin>;
  changed: readonly string[];
  translation: Translation;
  by: string;
};

/** Notes who changed which parts, and what they were made from. */
async function noteChanges(
  transaction: Prisma.TransactionClient,
  { campaignId, original }: Working,
  locale: Locale,
  files: CampaignFiles,
  { before, changed, translation, by }: Changes,
): Promise<void> {
  const noted = (await knownOrigins(transaction, campaignId)).get(locale) ?? [];
  const parts = hashedParts(files, original, locale);
  const origins = new Map(originsOf(parts, [...noted, ...before.values()]));
  const originals = new Map(translation.parts.map((part) => [part.key, part.original]));
  for (const { key, translationHash } of parts) {
    const madeFrom = originals.get(key);
    if (!changed.includes(key) || translationHash === null || madeFrom === undefined) continue;
    origins.set(key, {
      part: key,
      original: madeFrom,
      originalHash: hashOf(madeFrom),
      translationHash,
      changedAt: new Date(),
      changedBy: by,
      reviewedAt: null,
      reviewedBy: null,
    });
  }
  await putOrigins(transaction, campaignId, locale, origins);
}

/** Holds a campaign's row, so that those who change its texts take turns. */
export async function holdCampaign(transaction: Prisma.TransactionClient, campaignId: string): Promise<void> {
  await transaction.$queryRaw`SELECT id FROM campaign WHERE id = ${campaignId}::uuid FOR NO KEY UPDATE`;
}

/** Notes what is known of the parts of a translation, in the place of what was noted. */
export async function putOrigins(
  transaction: Prisma.TransactionClient,
  campaignId: string,
  locale: Locale,
  origins: ReadonlyMap<string, Origin>,
): Promise<void> {
  await transaction.campaignTranslation.deleteMany({ where: { campaignId, locale } });
  await transaction.campaignTranslation.createMany({
    data: [...origins].map(([part, origin]) => ({
      ...origin,
      part,
      campaignId,
      locale,
      originalHash: Buffer.from(origin.originalHash, "hex"),
      translationHash: Buffer.from(origin.translationHash, "hex"),
      changedAt: origin.changedAt ?? new Date(),
      changedBy: origin.changedBy ?? "",
    })),
  });
}
