import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { Locale } from "@/lib/i18n/locales";
import { type Messages, messagesFor } from "@/lib/i18n/messages";
import type { Values } from "@/lib/merge-edits";

export type ShareTexts = Messages["share"]["texts"];
export type ShareTextKey = keyof ShareTexts;

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

/** Returns the texts, by channel, with which a campaign overrides its defaults. */
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
    shareTextKeys(locale).flatMap((key) => {
      const text = written.get(`share.${key}`);
      return text === undefined ? [] : [[key, text]];
    }),
  );
}

/**
 * Returns the text beside a shared link, by channel: the campaign's own if there is one, else the default.
 */
export async function shareTexts(slug: string, locale: Locale): Promise<ShareTexts> {
  return { ...messagesFor(locale).share.texts, ...(await ownShareTexts(slug, locale)) };
}

/** Returns the name of the form field that holds a channel's text. */
export function shareTextField(key: ShareTextKey): string {
  return `text.${key}`;
}

/** Returns the texts in use as the fields of a form: the campaign's own where there is one, else the default. */
export function shareTextFields(locale: Locale, own: Partial<ShareTexts>): Values {
  const texts = { ...messagesFor(locale).share.texts, ...own };
  return Object.fromEntries(shareTextKeys(locale).map((key) => [shareTextField(key), texts[key]]));
}

/** Returns the channels that carry a text. */
export function shareTextKeys(locale: Locale): ShareTextKey[] {
  return Object.keys(messagesFor(locale).share.texts) as ShareTextKey[];
}

/**
 * Sets a campaign's own text for a channel; an empty one restores the default. The caller has checked the
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
