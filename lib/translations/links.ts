import { v7 as uuidv7 } from "uuid";
import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import { hashToken, newToken } from "@/lib/db/keyed-hash";
import { isLocale, type Locale } from "@/lib/i18n/locales";
import { workingOf } from "./working";

/** Longest life of a translator's link, in days. */
export const LINK_MAX_DAYS = 60;
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** A link that lets somebody without an account translate, without what opens it. */
export type TranslatorLink = {
  id: string;
  name: string;
  makerLabel: string;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
};

/** Makes a link to one language of a campaign. Its token is returned only here; just the hash is kept. */
export async function makeLink(
  actor: Actor,
  slug: string,
  locale: Locale,
  { name, days }: { name: string; days: number },
): Promise<{ kind: "made"; token: string } | { kind: "unknown-language" }> {
  const working = await workingOf(slug);
  if (!working?.languages.includes(locale) || locale === working.original)
    return { kind: "unknown-language" };
  const { token, hash } = newToken();
  const { campaignId } = working;
  return database().$transaction(async (transaction) => {
    await transaction.translatorLink.create({
      data: {
        id: uuidv7(),
        campaignId,
        locale,
        hash,
        name,
        makerLabel: actor.label,
        expiresAt: new Date(Date.now() + days * DAY_MILLISECONDS),
      },
    });
    const about = { actor, action: "translation.link", campaign: slug, subject: campaignId };
    await recordAudit({ ...about, detail: { locale, name, days } }, transaction);
    return { kind: "made", token };
  });
}

/** Returns the links to one language of a campaign, newest first, also those that have ended. */
export function linksOf(slug: string, locale: Locale): Promise<TranslatorLink[]> {
  return database().translatorLink.findMany({
    where: { campaign: { slug }, locale },
    omit: { hash: true, campaignId: true, locale: true },
    orderBy: { createdAt: "desc" },
  });
}

/** Revokes a link at once. */
export function revokeLink(
  actor: Actor,
  slug: string,
  id: string,
): Promise<{ kind: "revoked" } | { kind: "unknown" }> {
  return database().$transaction(async (transaction) => {
    const [link] = await transaction.translatorLink.updateManyAndReturn({
      where: { id, campaign: { slug }, revokedAt: null },
      data: { revokedAt: new Date() },
      select: { name: true, locale: true, campaignId: true },
    });
    if (!link) return { kind: "unknown" };
    const { name, locale, campaignId } = link;
    const about = { actor, action: "translation.revoke-link", campaign: slug, subject: campaignId };
    await recordAudit({ ...about, detail: { locale, name } }, transaction);
    return { kind: "revoked" };
  });
}

/** What a link opens: one language of one campaign, for somebody who is known by the link's name. */
export type OpenLink = { actor: Actor; slug: string; locale: Locale; expiresAt: Date };

/** Returns what a link opens; null if it is unknown, revoked or has ended. */
export async function openLink(token: string): Promise<OpenLink | null> {
  type Row = { id: string; name: string; slug: string; locale: string; expiresAt: Date };
  const [link] = await database().$queryRaw<Row[]>`
    UPDATE translator_link AS link SET last_used_at = now() FROM campaign
    WHERE link.hash = ${hashToken(token)} AND link.revoked_at IS NULL AND link.expires_at > now()
      AND campaign.id = link.campaign_id AND campaign.archived_at IS NULL
    RETURNING link.id, link.name, campaign.slug, link.locale::text AS locale, link.expires_at AS "expiresAt"`;
  if (!link || !isLocale(link.locale)) return null;
  const { id, name, slug, locale, expiresAt } = link;
  const actor: Actor = { kind: "link", id, label: `${name} (translator’s link)`, role: "translator" };
  return { actor, slug, locale, expiresAt };
}
