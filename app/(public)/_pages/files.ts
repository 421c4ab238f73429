import { campaignPath, contentFor } from "@/lib/campaigns";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import { answerFile, type FileKind } from "@/lib/http/files";
import { isLocale, type Locale } from "@/lib/i18n/locales";
import { settings } from "@/lib/settings";
import { channelCodes } from "@/lib/sharing";
import { handleErrors } from "./errors";
import { answerNotFound } from "./message";

type Made = { bytes: Buffer; type: FileKind; name: string };

/**
 * Answers with a file made from a campaign in one language. `?download` saves it under a name instead of
 * showing it.
 * @param make returns null if there is no such file.
 */
export function answerCampaignFile(
  request: Request,
  params: Promise<{ locale: string; campaign: string }>,
  make: (locale: Locale, slug: string) => Promise<Made | null>,
): Promise<Response> {
  return handleErrors(request, async () => {
    const { locale, campaign: slug } = await params;
    if (!isLocale(locale)) return answerNotFound(request);
    const made = contentFor(slug, locale) === null ? null : await make(locale, slug);
    if (made === null) return answerNotFound(request, locale);
    const saved = new URL(request.url).searchParams.has("download");
    return answerFile(request, made.bytes, made.type, saved ? `${slug}-${locale}-${made.name}` : undefined);
  });
}

/**
 * Returns the link for a printed or drawn code: the channel's short link or, without the database, the
 * campaign itself.
 */
export async function printedLink(
  locale: Locale,
  slug: string,
  channel: "qr" | "poster" | "sheet",
): Promise<string> {
  const { siteUrl } = settings();
  try {
    const code = (await channelCodes(slug, 1))?.[channel];
    if (code !== undefined) return `${siteUrl}/s/${code}`;
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
  }
  return siteUrl + campaignPath(slug, locale);
}
