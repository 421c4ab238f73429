import { type Actor, type NewAuditEntry, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { Locale } from "@/lib/i18n/locales";
import { type Edit, mergeEdit, type Values } from "@/lib/merge-edits";
import { type GoalMistake, type Goals, goalFields, readGoalFields, setGoals } from "./milestones";
import { type OriginMistake, originFields, readOriginFields, setAllowedOrigins } from "./origins";
import {
  documentShareTexts,
  ownShareTexts,
  SHARE_TEXT_KEYS,
  type ShareTextKey,
  setShareText,
  shareTextField,
  shareTextFields,
  shareTextLimit,
} from "./texts";
import { correctUpdate, lockUpdate, publishUpdate, removeUpdate } from "./updates";

// Settings that owners change. Each change and its audit entry are one transaction; the database announces
// the change to every process. Edits of saved values are merged with what somebody else has saved meanwhile.

/** Outcome of an edit: saved, or what somebody else has set the same fields to meanwhile. */
type Saved = { ok: true } | { ok: false; theirs: Values };

/** Changes a campaign's goals, as `goalFields` shows them. */
export async function changeGoals(
  actor: Actor,
  slug: string,
  edit: Edit,
): Promise<Saved | { ok: false; mistake: GoalMistake }> {
  const typed = readGoalFields(edit.now);
  if (!typed.ok) return typed;
  return withCampaign(slug, async (transaction, held) => {
    const current = goalFields(held);
    const merged = mergeEdit({ was: edit.was, now: goalFields(typed.goals) }, current);
    if (!merged.ok || isEmpty(merged.changes)) return merged;
    const read = readGoalFields({ ...current, ...merged.changes });
    if (!read.ok) return read;
    await setGoals(slug, read.goals, transaction);
    await recordAudit({ actor, action: "campaign.goals", campaign: slug, detail: read.goals }, transaction);
    return { ok: true };
  });
}

/** Changes the sites that may frame and post a campaign's form, as `originFields` shows them. */
export async function changeOrigins(
  actor: Actor,
  slug: string,
  edit: Edit,
): Promise<Saved | { ok: false; mistakes: OriginMistake[] }> {
  const typed = readOriginFields(edit.now);
  if (!typed.ok) return typed;
  return withCampaign(slug, async (transaction, held) => {
    const current = originFields(held.allowed ?? "any-may-frame");
    const merged = mergeEdit({ was: edit.was, now: originFields(typed.allowed) }, current);
    if (!merged.ok || isEmpty(merged.changes)) return merged;
    const read = readOriginFields({ ...current, ...merged.changes });
    if (!read.ok) return read;
    const origins = read.allowed === "any-may-frame" ? null : read.allowed;
    await setAllowedOrigins(slug, origins, transaction);
    await recordAudit(
      { actor, action: "campaign.origins", campaign: slug, detail: { origins } },
      transaction,
    );
    return { ok: true };
  });
}

/** A text that is too long for its channel, in characters. */
export type LongText = { key: ShareTextKey; length: number; limit: number };

/**
 * Changes a campaign's share texts in one language, as `shareTextFields` shows them. An empty text restores
 * that of the document. Only texts that were changed are stored and recorded.
 */
export async function changeShareTexts(
  actor: Actor,
  slug: string,
  locale: Locale,
  edit: Edit,
): Promise<Saved | { ok: false; tooLong: LongText[] }> {
  const defaults = documentShareTexts(slug, locale);
  const typed = Object.fromEntries(
    SHARE_TEXT_KEYS.map((key) => {
      const field = shareTextField(key);
      return [field, (edit.now[field] ?? "").trim().normalize("NFC") || defaults[key]];
    }),
  );
  return withCampaign(slug, async (transaction) => {
    const current = shareTextFields(slug, locale, await ownShareTexts(slug, locale, transaction));
    const merged = mergeEdit({ was: edit.was, now: typed }, current);
    if (!merged.ok) return merged;
    const changed = SHARE_TEXT_KEYS.flatMap((key) => {
      const text = merged.changes[shareTextField(key)];
      return text === undefined || text === current[shareTextField(key)] ? [] : [{ key, text }];
    });
    const tooLong = changed.flatMap(({ key, text }) => {
      const [length, limit] = [[...text].length, shareTextLimit(key)];
      return length > limit ? [{ key, length, limit }] : [];
    });
    if (tooLong.length > 0) return { ok: false, tooLong };
    if (changed.length === 0) return { ok: true };
    const texts = changed.map(({ key, text }) => [key, text === defaults[key] ? "" : text] as const);
    for (const [key, text] of texts) await setShareText(slug, locale, key, text, transaction);
    const detail = { locale, ...Object.fromEntries(texts) };
    await recordAudit({ actor, action: "campaign.texts", campaign: slug, detail }, transaction);
    return { ok: true };
  });
}

function isEmpty(changes: Values): boolean {
  return Object.keys(changes).length === 0;
}

/**
 * Runs a transaction that holds a campaign's row, so that edits of its settings take turns. Signing, which only
 * refers to the row, does not wait.
 */
function withCampaign<Result>(
  slug: string,
  edit: (
    transaction: Prisma.TransactionClient,
    held: Goals & { allowed: string[] | null },
  ) => Promise<Result>,
): Promise<Result> {
  return database().$transaction(async (transaction) => {
    const [held] = await transaction.$queryRaw<(Goals & { allowed: string[] | null })[]>`
      SELECT goal, next_goals AS "nextGoals", allowed_origins AS allowed FROM campaign
      WHERE slug = ${slug} FOR NO KEY UPDATE`;
    if (!held) throw new Error(`there is no campaign ${slug}`);
    return edit(transaction, held);
  });
}

/**
 * Publishes news in one language.
 * @returns false when the same words are published already, as after a form was sent twice.
 */
export function publishNews(
  actor: Actor,
  slug: string,
  news: { locale: Locale; title: string; text: string },
): Promise<boolean> {
  return withCampaign(slug, async (transaction) => {
    if ((await transaction.campaignUpdate.count({ where: { campaign: { slug }, ...news } })) > 0)
      return false;
    await publishUpdate(slug, news, transaction);
    await recordAudit({ actor, action: "campaign.news", campaign: slug, detail: news }, transaction);
    return true;
  });
}

/** Corrects the `title` and `text` of a campaign's news. `gone`: the campaign has no news with this id. */
export function correctNews(
  actor: Actor,
  slug: string,
  id: string,
  edit: Edit,
): Promise<Saved | { ok: false; gone: true }> {
  return database().$transaction(async (transaction) => {
    const held = await lockUpdate(slug, id, transaction);
    if (held === null) return { ok: false, gone: true };
    const { locale, ...current } = held;
    const merged = mergeEdit(edit, current);
    if (!merged.ok || isEmpty(merged.changes)) return merged;
    await correctUpdate(id, merged.changes, transaction);
    const detail = { locale, ...current, ...merged.changes };
    await recordAudit({ actor, action: "campaign.news.correct", campaign: slug, detail }, transaction);
    return { ok: true };
  });
}

/**
 * Deletes news.
 * @returns the id of the audit entry; null when the campaign has no news with this id.
 */
export function takeNewsAway(actor: Actor, slug: string, id: string): Promise<string | null> {
  return audited(
    { actor, action: "campaign.news.remove", campaign: slug, detail: { news: id } },
    (transaction) => removeUpdate(slug, id, transaction),
  );
}

/** Returns how many signatures of a campaign are still unconfirmed. */
export function pendingSignatures(slug: string): Promise<number> {
  return database().signature.count({ where: { campaign: { slug }, state: "pending" } });
}

/**
 * Runs a change and its audit entry in one transaction.
 * @param change returns false when there was nothing to change; then nothing is recorded.
 * @returns the id of the audit entry; null when nothing was recorded.
 */
function audited(
  entry: NewAuditEntry,
  change: (transaction: Prisma.TransactionClient) => Promise<unknown>,
): Promise<string | null> {
  return database().$transaction(async (transaction) => {
    if ((await change(transaction)) === false) return null;
    return recordAudit(entry, transaction);
  });
}
