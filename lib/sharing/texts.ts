import { database } from "@/lib/db/client";
import type { Locale } from "@/lib/i18n/locales";
import { type Messages, messagesFor } from "@/lib/i18n/messages";

export type ShareTexts = Messages["share"]["texts"];
export type ShareTextKey = keyof ShareTexts;

const TEXT_MAX_CHARACTERS = 500;

/** What is written beside a shared link, per channel: the campaign's own text where there is one. */
export async function shareTexts(slug: string, locale: Locale): Promise<ShareTexts> {
  const rows = await database().$queryRaw<{ key: string; text: string }[]>`
    SELECT campaign_text.key, campaign_text.text
    FROM campaign_text JOIN campaign ON campaign.id = campaign_text.campaign_id
    WHERE campaign.slug = ${slug} AND campaign_text.locale = ${locale}`;
  const written = new Map(rows.map(({ key, text }) => [key, text]));
  const own = messagesFor(locale).share.texts;
  return Object.fromEntries(
    Object.entries(own).map(([key, text]) => [key, written.get(`share.${key}`) ?? text]),
  ) as ShareTexts;
}

/**
 * Writes a campaign's own text for a channel, or with an empty one goes back to the text it came with. The caller has
 * checked that an owner asks.
 */
export async function setShareText(
  slug: string,
  locale: Locale,
  key: ShareTextKey,
  text: string,
): Promise<void> {
  const tidy = text.trim().slice(0, TEXT_MAX_CHARACTERS);
  const name = `share.${key}`;
  if (tidy === "") {
    await database().$executeRaw`
      DELETE FROM campaign_text USING campaign WHERE campaign.id = campaign_text.campaign_id
        AND campaign.slug = ${slug} AND campaign_text.locale = ${locale} AND campaign_text.key = ${name}`;
    return;
  }
  await database().$executeRaw`
    INSERT INTO campaign_text (campaign_id, locale, key, text)
    SELECT id, ${locale}, ${name}, ${tidy} FROM campaign WHERE slug = ${slug}
    ON CONFLICT (campaign_id, locale, key) DO UPDATE SET text = EXCLUDED.text, updated_at = now()`;
}
