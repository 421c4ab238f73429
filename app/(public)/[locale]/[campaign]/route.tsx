import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerNotFound } from "@/app/(public)/_pages/message";
import { REFERENCE_PLACEHOLDER, referenceOf, referenceVariant } from "@/app/(public)/_pages/reference";
import { answerPage, campaignHeaders, render } from "@/app/(public)/_pages/render";
import { sharing } from "@/app/(public)/_pages/sharing";
import { site } from "@/app/(public)/_pages/site";
import { CampaignPage } from "@/components/campaign/CampaignPage";
import { contentFor } from "@/lib/campaigns";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import { publicPages } from "@/lib/http/public-pages";
import { isLocale, type Locale } from "@/lib/i18n/locales";
import { pictureSources } from "@/lib/pictures";
import { settings } from "@/lib/settings";
import { documentShareTexts, hasUpdates, passedGoal, shareSubject, stepAfter } from "@/lib/sharing";
import { campaignFigures } from "@/lib/signing";

/** Serves the campaign page. Without the database it comes from the cache, or shows no count. */
export function GET(request: Request, { params }: RouteContext<"/[locale]/[campaign]">): Promise<Response> {
  return handleErrors(request, async () => {
    const { locale, campaign: slug } = await params;
    if (!isLocale(locale)) return answerNotFound(request);
    if (!contentFor(slug, locale)) return answerNotFound(request, locale);
    const picture = (name: string) => pictureSources(slug, name);
    const common = { site: site(), locale, slug, picture } as const;
    try {
      const reference = referenceOf(request);
      const step = stepAfter(reference);
      const key = reference === null ? `${locale}/${slug}` : `${locale}/${slug}?ref&${step}`;
      const renderPage = async () => {
        const [figures, passed, share, news] = await Promise.all([
          campaignFigures(slug),
          passedGoal(slug),
          sharing(slug, locale, step),
          hasUpdates(slug, locale),
        ]);
        if (!figures) throw new Error("a published campaign has no row");
        return render(
          <CampaignPage
            {...common}
            {...figures}
            passed={passed}
            {...share}
            news={news}
            reference={reference === null ? undefined : REFERENCE_PLACEHOLDER}
          />,
        );
      };
      const variant = reference === null ? undefined : referenceVariant(reference);
      return await publicPages.answer(request, key, headers(locale, slug), renderPage, variant);
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      const share = { texts: documentShareTexts(slug, locale), subject: shareSubject(slug, locale) };
      const unknown = { status: "open", count: null, goal: 0, updatedAt: null } as const;
      return answerPage(<CampaignPage {...common} {...share} {...unknown} />, 200, campaignHeaders(slug));
    }
  });
}

/** Discovery links for the embed (oEmbed 1.0, 4) and the feed. As headers they add nothing to the page. */
function headers(locale: Locale, slug: string): Record<string, string> {
  const { siteUrl } = settings();
  const page = `${siteUrl}/${locale}/${slug}`;
  const oembed = `${siteUrl}/api/oembed?format=json&url=${encodeURIComponent(page)}`;
  return {
    ...campaignHeaders(slug),
    link: `<${oembed}>; rel="alternate"; type="application/json+oembed", <${page}/updates.atom>; rel="alternate"; type="application/atom+xml"`,
  };
}
