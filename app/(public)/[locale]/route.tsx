import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerNotFound } from "@/app/(public)/_pages/message";
import { answerPage, PAGE_HEADERS, render } from "@/app/(public)/_pages/render";
import { site } from "@/app/(public)/_pages/site";
import { CampaignsPage } from "@/components/campaign/CampaignsPage";
import { campaignPath, campaignsInFront, documentShown, languagesOf, shownLanguage } from "@/lib/campaigns";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import { REDIRECT_CACHE_CONTROL, redirect } from "@/lib/http/answers";
import { publicPages } from "@/lib/http/public-pages";
import { isLocale, type Locale } from "@/lib/i18n/locales";
import { campaignFigures } from "@/lib/signing";

/** Redirects to the only open campaign in a language; lists several, and one that is not in the language. */
export function GET(request: Request, { params }: RouteContext<"/[locale]">): Promise<Response> {
  return handleErrors(request, async () => {
    const { locale } = await params;
    if (!isLocale(locale)) return answerNotFound(request);
    const slugs = await campaignsInFront();
    const [only, ...others] = slugs;
    if (only !== undefined && others.length === 0 && languagesOf(only).includes(locale))
      return redirect(`/${locale}/${only}`, {
        status: 307,
        headers: { "cache-control": REDIRECT_CACHE_CONTROL },
      });
    try {
      return await publicPages.answer(request, locale, PAGE_HEADERS, async () => {
        const counts = await Promise.all(slugs.map(async (slug) => (await campaignFigures(slug))?.count));
        return render(page(locale, slugs, counts));
      });
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      return answerPage(page(locale, slugs));
    }
  });
}

function page(locale: Locale, slugs: readonly string[], counts: readonly (number | undefined)[] = []) {
  const campaigns = slugs.map((slug, index) => ({
    path: campaignPath(slug, locale),
    title: documentShown(slug, locale)?.title ?? slug,
    language: shownLanguage(slug, locale),
    count: counts[index] ?? null,
  }));
  return <CampaignsPage site={site()} locale={locale} campaigns={campaigns} />;
}
