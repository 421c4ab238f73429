import type { ShareLinksProps } from "@/components/share/ShareLinks";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import type { Locale } from "@/lib/i18n/locales";
import { channelCodes, documentShareTexts, type Step, shareSubject, shareTexts } from "@/lib/sharing";

/**
 * Returns what the share panel needs, with links for one step. Without the database, the links have no codes
 * and the texts are those of the campaign's document.
 */
export async function sharing(
  slug: string,
  locale: Locale,
  step: Step,
): Promise<Pick<ShareLinksProps, "codes" | "texts" | "subject">> {
  const subject = shareSubject(slug, locale);
  try {
    const [codes, texts] = await Promise.all([channelCodes(slug, step), shareTexts(slug, locale)]);
    return { codes, texts, subject };
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    return { codes: null, texts: documentShareTexts(slug, locale), subject };
  }
}
