import { documentShown } from "@/lib/campaigns";
import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { ShareChannel } from "@/lib/document";
import type { Locale } from "@/lib/i18n/locales";
import type { Values } from "@/lib/merge-edits";

/** The channels that carry a text. */
export const SHARE_TEXT_KEYS = [
  "whatsapp",
  "telegram",
  "x",
  "bluesky",
  "sms",
  "email",
] as const satisfies readonly ShareChannel[];
export type ShareTextKey = (typeof SHARE_TEXT_KEYS)[number];
export type ShareTexts = Readonly<Record<ShareTextKey, string>>;

/** Longest text of a channel, in characters. */
const TEXT_MAX_CHARACTERS = 500;
/**
 * Limits of posts, less what the link takes. X counts every address as 23 of 280 characters; Bluesky allows
 * 300 in total, of which ours needs at most 60.
 */
const POST_MAX_CHARACTERS: Partial<Record<ShareTextKey, number>> = { x: 256, bluesky: 240 };

/** Returns the longest text a channel may have, in characters. */
export function shareTextLimit(key: ShareTextKey): number {
  return POST_MAX_CHARACTERS[key] ?? TEXT_MAX_CHARACTERS;
}

/**
 * Returns the texts of a campaign's document, by channel. A reader of a language that the campaign lacks gets
 * those of its first one.
 */
export function documentShareTexts(slug: string, locale: Locale): ShareTexts {
  const share = documentShown(slug, locale)?.share;
  const texts = SHARE_TEXT_KEYS.map((key) => [key, share?.channels[key] ?? share?.text ?? ""]);
  return Object.fromEntries(texts) as ShareTexts;
}

/** Returns the subject of a mail that passes a campaign on. */
export function shareSubject(slug: string, locale: Locale): string {
  return documentShown(slug, locale)?.share.subject ?? "";
}

/** Returns the texts, by channel, that owners have set in place of those of the document. */
export async function ownShareTexts(
  slug: string,
  locale: Locale,
  reader: Prisma.TransactionClient = database(),
): Promise<Partial<ShareTexts>> {
  const rows = await reader.$queryRaw<{ key: string; text: string }[]>`
    SELECT campaign_text.key, campaign_text.text
    FROM campaign_text JOIN campaign ON campaign.id = campaign_text.campaign_id
    WHERE campaign.slug = ${slug} AND campaign_text.locale = ${locale}`;
  const written = new Map(rows.map(({ key, text }) => [key, text]));
  return Object.fromEntries(
    SHARE_TEXT_KEYS.flatMap((key) => {
      const text = written.get(`share.${key}`);
      return text === undefined ? [] : [[key, text]];
    }),
  );
}

/**
 * Returns the text beside a shared link, by channel: the one that owners have set, else that of the document.
 */
export async function shareTexts(slug: string, locale: Locale): Promise<ShareTexts> {
  return { ...documentShareTexts(slug, locale), ...(await ownShareTexts(slug, locale)) };
}

/** Returns the name of the form field that holds a channel's text. */
export function shareTextField(key: ShareTextKey): string {
  return `text.${key}`;
}

/** Returns the texts in use as the fields of a form: those that owners have set, else those of the document. */
export function shareTextFields(slug: string, locale: Locale, own: Partial<ShareTexts>): Values {
  const texts = { ...documentShareTexts(slug, locale), ...own };
  return Object.fromEntries(SHARE_TEXT_KEYS.map((key) => [shareTextField(key), texts[key]]));
}

/**
 * Sets a campaign's own text for a channel; an empty one restores that of the document. The caller has checked the
 * length, and that the user is an owner.
 */
export async function setShareText(
  slug: string,
  locale: Locale,
  key: ShareTextKey,
  text: string,
  writer: Prisma.TransactionClient = database(),
): Promise<void> {
  const tidy = text.trim();
  const name = `share.${key}`;
  if (tidy === "") {
    await writer.$executeRaw`
      DELETE FROM campaign_text USING campaign WHERE campaign.id = campaign_text.campaign_id
        AND campaign.slug = ${slug} AND campaign_text.locale = ${locale} AND campaign_text.key = ${name}`;
    return;
  }
  await writer.$executeRaw`
    INSERT INTO campaign_text (campaign_id, locale, key, text)
    SELECT id, ${locale}, ${name}, ${tidy} FROM campaign WHERE slug = ${slug}
    ON CONFLICT (campaign_id, locale, key) DO UPDATE SET text = EXCLUDED.text, updated_at = now()`;
}
