import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { Locale } from "@/lib/i18n/locales";
import { type Goals, setGoals } from "./milestones";
import { setAllowedOrigins } from "./origins";
import { type ShareTextKey, setShareText } from "./texts";
import { correctUpdate, publishUpdate, removeUpdate } from "./updates";

// Settings that owners change. Each change and its audit entry are one transaction; the database announces
// the change to every process.

export function changeGoals(actor: Actor, slug: string, goals: Goals): Promise<string | null> {
  return audited(actor, "campaign.goals", { slug, ...goals }, (transaction) =>
    setGoals(slug, goals, transaction),
  );
}

/**
 * Sets the sites that may frame and post the form.
 * @param origins null lets any site frame the form.
 */
export function changeOrigins(actor: Actor, slug: string, origins: string[] | null): Promise<string | null> {
  return audited(actor, "campaign.origins", { slug, origins }, (transaction) =>
    setAllowedOrigins(slug, origins, transaction),
  );
}

/** Changes share texts by channel. An empty text restores the one the campaign came with. */
export function changeShareTexts(
  actor: Actor,
  slug: string,
  locale: Locale,
  texts: Partial<Record<ShareTextKey, string>>,
): Promise<string | null> {
  return audited(actor, "campaign.texts", { slug, locale, ...texts }, async (transaction) => {
    for (const [key, text = ""] of Object.entries(texts))
      await setShareText(slug, locale, key as ShareTextKey, text, transaction);
  });
}

export type News = { locale: Locale; title: string; text: string };

/**
 * Publishes news, or corrects it when an id is given.
 * @returns false when there is no news with this id.
 */
export async function writeNews(actor: Actor, slug: string, news: News, id: string | null): Promise<boolean> {
  const action = id === null ? "campaign.news" : "campaign.news.correct";
  const entry = await audited(actor, action, { slug, ...news }, (transaction) =>
    id === null ? publishUpdate(slug, news, transaction) : correctUpdate(slug, id, news, transaction),
  );
  return entry !== null;
}

/**
 * Deletes news.
 * @returns the id of the audit entry; null when there is no news with this id.
 */
export function takeNewsAway(actor: Actor, slug: string, id: string): Promise<string | null> {
  return audited(actor, "campaign.news.remove", { slug, news: id }, (transaction) =>
    removeUpdate(slug, id, transaction),
  );
}

/** Returns how many signatures of a campaign are still unconfirmed. */
export function pendingSignatures(slug: string): Promise<number> {
  return database().signature.count({ where: { campaign: { slug }, state: "pending" } });
}

/**
 * Closes a campaign. It takes no new signatures, but earlier ones can still be confirmed.
 * @returns the id of the audit entry; null when it was closed already.
 */
export function closeCampaign(actor: Actor, slug: string): Promise<string | null> {
  return changeStatus(actor, slug, "closed");
}

/**
 * Reopens a closed campaign.
 * @returns the id of the audit entry; null when it was open already.
 */
export function reopenCampaign(actor: Actor, slug: string): Promise<string | null> {
  return changeStatus(actor, slug, "open");
}

function changeStatus(actor: Actor, slug: string, status: "open" | "closed"): Promise<string | null> {
  return audited(
    actor,
    `campaign.${status === "open" ? "reopen" : "close"}`,
    { slug },
    async (transaction) => {
      const { count } = await transaction.campaign.updateMany({
        where: { slug, status: { not: status } },
        // Reopening clears the handover, so that nothing is deleted while people sign.
        data: {
          status,
          closedAt: status === "closed" ? new Date() : null,
          ...(status === "open" ? { handedOverAt: null } : {}),
        },
      });
      return count > 0;
    },
  );
}

/**
 * Runs a change and its audit entry in one transaction.
 * @param change returns false when there was nothing to change; then nothing is recorded.
 * @returns the id of the audit entry; null when nothing was recorded.
 */
function audited(
  actor: Actor,
  action: string,
  detail: Record<string, unknown>,
  change: (transaction: Prisma.TransactionClient) => Promise<unknown>,
): Promise<string | null> {
  return database().$transaction(async (transaction) => {
    if ((await change(transaction)) === false) return null;
    return recordAudit({ actor, action, detail }, transaction);
  });
}
