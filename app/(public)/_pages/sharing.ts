import type { ShareLinksProps } from "@/components/share/ShareLinks";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import type { Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import { channelCodes, type Step, shareTexts } from "@/lib/sharing";

/**
 * Returns what the share panel needs, with links for one step. Without the database, the links have no codes
 * and the texts are the campaign's built-in ones.
 */
export async function sharing(
  slug: string,
  locale: Locale,
  step: Step,
): Promise<Pick<ShareLinksProps, "codes" | "texts">> {
  try {
    const [codes, texts] = await Promise.all([channelCodes(slug, step), shareTexts(slug, locale)]);
    return { codes, texts };
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    return { codes: null, texts: messagesFor(locale).share.texts };
  }
}
