import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerNotFound } from "@/app/(public)/_pages/message";
import { PAGE_HEADERS, render } from "@/app/(public)/_pages/render";
import { homePath, site } from "@/app/(public)/_pages/site";
import { PrivacyPage } from "@/components/campaign/PrivacyPage";
import { CONSENT_VERSION } from "@/lib/consent";
import { publicPages } from "@/lib/http/public-pages";
import { isLocale } from "@/lib/i18n/locales";
import { RETENTION } from "@/lib/privacy";

/**
 * Serves the privacy page: what is collected, why and for how long, with the numbers the code itself uses.
 */
export function GET(request: Request, { params }: RouteContext<"/[locale]/privacy">): Promise<Response> {
  return handleErrors(request, async () => {
    const { locale } = await params;
    if (!isLocale(locale)) return answerNotFound(request);
    return publicPages.answer(request, `${locale}/privacy`, PAGE_HEADERS, () =>
      render(
        <PrivacyPage
          site={site()}
          locale={locale}
          home={homePath(locale)}
          consentVersion={CONSENT_VERSION}
          retention={RETENTION}
        />,
      ),
    );
  });
}
