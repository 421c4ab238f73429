import { guarded } from "@/app/_pages/guard";
import { answerNotFound } from "@/app/_pages/message";
import { contentFor } from "@/lib/campaign/content";
import { answerFile, type FileKind } from "@/lib/http/files";
import { isLocale, type Locale } from "@/lib/i18n/locales";
import { settings } from "@/lib/settings";

type Made = { bytes: Buffer; type: FileKind; name: string };

/**
 * Answers with a file made of a campaign in a language; `?download` has it saved under a name instead of shown.
 * @param make says null when there is no such file.
 */
export function answerCampaignFile(
  request: Request,
  params: Promise<{ locale: string; campaign: string }>,
  make: (locale: Locale, slug: string) => Promise<Made | null>,
): Promise<Response> {
  return guarded(request, async () => {
    const { locale, campaign: slug } = await params;
    if (!isLocale(locale)) return answerNotFound(request);
    const made = contentFor(slug, locale) === null ? null : await make(locale, slug);
    if (made === null) return answerNotFound(request, locale);
    const saved = new URL(request.url).searchParams.has("download");
    return answerFile(request, made.bytes, made.type, saved ? `${slug}-${locale}-${made.name}` : undefined);
  });
}

/** What a share code may look like; whether there is such a one shows when somebody follows it. */
const SHARE_CODE = /^[a-z0-9]{6,16}$/;

/** Where a printed or drawn code leads: the short link of the share code in `?ref=`, or else the campaign. */
export function printedLink(request: Request, locale: Locale, slug: string): string {
  const { siteUrl } = settings();
  const code = new URL(request.url).searchParams.get("ref") ?? "";
  return SHARE_CODE.test(code) ? `${siteUrl}/s/${code}` : `${siteUrl}/${locale}/${slug}`;
}
