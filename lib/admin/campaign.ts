import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { Locale } from "@/lib/i18n/locales";
import {
  correctUpdate,
  type Goals,
  publishUpdate,
  removeUpdate,
  type ShareTextKey,
  setAllowedOrigins,
  setGoals,
  setShareText,
} from "@/lib/sharing";
import { recordAudit } from "./audit";
import type { Actor } from "./roles";

// What an owner sets of a campaign. Each change and its entry in the log are one transaction; the database announces it to
// every process.

export function changeGoals(actor: Actor, slug: string, goals: Goals): Promise<void> {
  return audited(actor, "campaign.goals", { slug, ...goals }, (transaction) =>
    setGoals(slug, goals, transaction),
  );
}

/** @param origins null lets any site frame the form. */
export function changeOrigins(actor: Actor, slug: string, origins: string[] | null): Promise<void> {
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
): Promise<void> {
  return audited(actor, "campaign.texts", { slug, locale, ...texts }, async (transaction) => {
    for (const [key, text = ""] of Object.entries(texts))
      await setShareText(slug, locale, key as ShareTextKey, text, transaction);
  });
}

export type News = { locale: Locale; title: string; text: string };

/** Publishes news, or with an id corrects it. @returns false when there is no news with this id. */
export async function writeNews(actor: Actor, slug: string, news: News, id: string | null): Promise<boolean> {
  let written = true;
  await audited(
    actor,
    id === null ? "campaign.news" : "campaign.news.correct",
    { slug, ...news },
    async (transaction) => {
      if (id === null) await publishUpdate(slug, news, transaction);
      else written = await correctUpdate(slug, id, news, transaction);
      return written;
    },
  );
  return written;
}

/** @returns false when there is no news with this id. */
export async function takeNewsAway(actor: Actor, slug: string, id: string): Promise<boolean> {
  let removed = false;
  await audited(actor, "campaign.news.remove", { slug, news: id }, async (transaction) => {
    removed = await removeUpdate(slug, id, transaction);
    return removed;
  });
  return removed;
}

/** Closes a campaign: it takes no new signatures; those made in time can still be confirmed. @returns false when it was. */
export function closeCampaign(actor: Actor, slug: string): Promise<boolean> {
  return changeStatus(actor, slug, "closed");
}

/** Opens a closed campaign again. @returns false when it was open. */
export function reopenCampaign(actor: Actor, slug: string): Promise<boolean> {
  return changeStatus(actor, slug, "open");
}

async function changeStatus(actor: Actor, slug: string, status: "open" | "closed"): Promise<boolean> {
  let changed = false;
  await audited(
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
      changed = count > 0;
      return changed;
    },
  );
  return changed;
}

/** @param change says false when there was nothing to change: then nothing is noted. */
function audited(
  actor: Actor,
  action: string,
  detail: Record<string, unknown>,
  change: (transaction: Prisma.TransactionClient) => Promise<unknown>,
): Promise<void> {
  return database().$transaction(async (transaction) => {
    if ((await change(transaction)) === false) return;
    await recordAudit({ actor, action, detail }, transaction);
  });
}
