import { handleErrors } from "@/app/(public)/_pages/errors";
import { campaignPath, campaignSlugs, documentShown } from "@/lib/campaigns";
import { answerTagged } from "@/lib/http/answers";
import { FIGURES_CACHE_CONTROL } from "@/lib/http/page-cache";
import { DEFAULT_LOCALE, isLocale, type Locale } from "@/lib/i18n/locales";
import { settings } from "@/lib/settings";
import { campaignFigures } from "@/lib/signing";

const HEADERS = { "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" };

/** Serves the open campaigns, oldest first; `?locale=` selects the language of title and address. */
export function GET(request: Request): Promise<Response> {
  return handleErrors(request, async () => {
    const asked = new URL(request.url).searchParams.get("locale") ?? "";
    const locale = isLocale(asked) ? asked : DEFAULT_LOCALE;
    const petitions = await Promise.all(campaignSlugs().map((slug) => openPetition(slug, locale)));
    return answerTagged(request, JSON.stringify(petitions.filter((petition) => petition !== null)), {
      ...HEADERS,
      "content-type": "application/json",
      "cache-control": FIGURES_CACHE_CONTROL,
    });
  });
}

/** A campaign that lacks the language is listed in its first one. */
async function openPetition(slug: string, locale: Locale) {
  const figures = await campaignFigures(slug);
  if (figures?.status !== "open") return null;
  const { count, goal } = figures;
  const title = documentShown(slug, locale)?.title ?? slug;
  return { slug, title, count, goal, url: settings().siteUrl + campaignPath(slug, locale) };
}
