import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import type { Locale } from "@/lib/i18n/locales";
import { holdCampaign, putOrigins } from "./save";
import { findOrigins, hashedParts, knownOrigins, translationOf, workingOf } from "./working";

/** A part that somebody has checked, and `seen` as it was shown. */
export type Check = { key: string; seen: string };

export type Reviewed =
  /** `own`: parts that they wrote themselves, which somebody else checks. `changed`: others than were shown. */
  | { kind: "reviewed"; checked: number; own: readonly string[]; changed: readonly string[] }
  | { kind: "unknown-language" };

/**
 * Notes that somebody has checked parts against the original as it is, or takes that back. Where two people are
 * asked for, nobody checks what they wrote.
 */
export async function reviewTranslation(
  actor: Actor,
  slug: string,
  locale: Locale,
  checks: readonly Check[],
  { back = false }: { back?: boolean } = {},
): Promise<Reviewed> {
  const working = await workingOf(slug);
  const translation = await translationOf(slug, locale);
  if (!working || !translation) return { kind: "unknown-language" };
  const { campaignId, fourEyes, draftId } = working;
  const wroteDraft =
    fourEyes &&
    draftId !== null &&
    (await database().campaignVersionAuthor.count({ where: { versionId: draftId, actorId: actor.id } })) > 0;
  const parts = new Map(translation.parts.map((part) => [part.key, part]));
  const own: string[] = [];
  const changed: string[] = [];
  const good: string[] = [];
  for (const { key, seen } of checks) {
    const part = parts.get(key);
    if (!part || part.translation === null || part.seen !== seen) changed.push(key);
    else if (!back && fourEyes && (part.changedBy === null ? wroteDraft : part.changedBy === actor.label))
      own.push(key);
    else if ((part.state === "reviewed") === back) good.push(key);
  }
  if (good.length > 0)
    await database().$transaction(async (transaction) => {
      await holdCampaign(transaction, campaignId);
      const noted = (await knownOrigins(transaction, campaignId)).get(locale) ?? [];
      const origins = new Map(await findOrigins(working, locale, noted));
      for (const { key, original, originalHash } of hashedParts(working.files, working.original, locale)) {
        const origin = origins.get(key);
        if (!origin || !good.includes(key)) continue;
        const check = back
          ? { reviewedAt: null, reviewedBy: null }
          : { original, originalHash, reviewedAt: new Date(), reviewedBy: actor.label };
        origins.set(key, { ...origin, ...check });
      }
      await putOrigins(transaction, campaignId, locale, origins);
      const detail = { locale, parts: good.length, ...(back ? { back } : {}) };
      const about = { actor, action: "translation.review", campaign: slug, subject: campaignId };
      await recordAudit({ ...about, detail }, transaction);
    });
  return { kind: "reviewed", checked: good.length, own, changed };
}
