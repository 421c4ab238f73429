import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { Locale } from "@/lib/i18n/locales";
import { type Goals, setGoals } from "./milestones";
import { setAllowedOrigins } from "./origins";
import { type ShareTextKey, setShareText } from "./texts";
import { correctUpdate, publishUpdate, removeUpdate } from "./updates";

// What an owner sets of a campaign. Each change and its entry in the log are one transaction; the database announces it to
// every process.

export function changeGoals(actor: Actor, slug: string, goals: Goals): Promise<string | null> {
  return audited(actor, "campaign.goals", { slug, ...goals }, (transaction) =>
    setGoals(slug, goals, transaction),
  );
}

/** @param origins null lets any site frame the form. */
export function changeOrigins(actor: Actor, slug: string, origins: string[] | null): Promise<string | null> {
  return audited(actor, "campaign.origins", { slug, origins }, (transaction) =>
    setAllowedOrigins(slug, origins, transaction),
  );
}

/** Texts by channel; an empty one goes back to what the campaign came with. */
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

/** Publishes news, or with an id corrects it. @returns false when there is no news with this id. */
export async function writeNews(actor: Actor, slug: string, news: News, id: string | null): Promise<boolean> {
  const action = id === null ? "campaign.news" : "campaign.news.correct";
  const entry = await audited(actor, action, { slug, ...news }, (transaction) =>
    id === null ? publishUpdate(slug, news, transaction) : correctUpdate(slug, id, news, transaction),
  );
  return entry !== null;
}

/** @returns the id of its entry in the audit log; null when there is no news with this id. */
export function takeNewsAway(actor: Actor, slug: string, id: string): Promise<string | null> {
  return audited(actor, "campaign.news.remove", { slug, news: id }, (transaction) =>
    removeUpdate(slug, id, transaction),
  );
}

/** How many signatures of a campaign nobody has confirmed yet. */
export function pendingSignatures(slug: string): Promise<number> {
  return database().signature.count({ where: { campaign: { slug }, state: "pending" } });
}

/**
 * Closes a campaign: it takes no new signatures; those made in time can still be confirmed.
 * @returns the id of its entry in the audit log; null when it was closed.
 */
export function closeCampaign(actor: Actor, slug: string): Promise<string | null> {
  return changeStatus(actor, slug, "closed");
}

/** Opens a closed campaign again. @returns the id of its entry in the audit log; null when it was open. */
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
        // Reopened, it is no longer handed over: nothing is destroyed while people sign.
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
 * @param change says false when there was nothing to change: then nothing is noted.
 * @returns the id of the entry; null when nothing was noted.
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
