import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerNotFound } from "@/app/(public)/_pages/message";
import { PAGE_HEADERS, render } from "@/app/(public)/_pages/render";
import { site } from "@/app/(public)/_pages/site";
import { UpdatesPage } from "@/components/campaign/UpdatesPage";
import { contentFor } from "@/lib/campaigns";
import { publicPages } from "@/lib/http/public-pages";
import { isLocale } from "@/lib/i18n/locales";
import { campaignUpdates } from "@/lib/sharing";

/** Serves the campaign's news in one language. */
export function GET(
  request: Request,
  { params }: RouteContext<"/[locale]/[campaign]/updates">,
): Promise<Response> {
  return handleErrors(request, async () => {
    const { locale, campaign: slug } = await params;
    if (!isLocale(locale)) return answerNotFound(request);
    if (!contentFor(slug, locale)) return answerNotFound(request, locale);
    return publicPages.answer(request, `${locale}/${slug}/updates`, PAGE_HEADERS, async () =>
      render(
        <UpdatesPage
          site={site()}
          locale={locale}
          slug={slug}
          updates={await campaignUpdates(slug, locale)}
        />,
      ),
    );
  });
}
