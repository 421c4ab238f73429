import { guarded } from "@/app/_pages/guard";
import { answerNotFound } from "@/app/_pages/message";
import { answerPage } from "@/app/_pages/render";
import { site } from "@/app/_pages/site";
import { ConfirmPage } from "@/components/campaign/ConfirmPage";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import { isLocale } from "@/lib/i18n/locales";

/** One button. Opening the page changes nothing and looks nothing up: scanners open every link in a mail. */
export function GET(
  request: Request,
  { params }: RouteContext<"/[locale]/confirm/[token]">,
): Promise<Response> {
  return guarded(request, async () => {
    const { locale, token } = await params;
    if (!isLocale(locale)) return answerNotFound(request);
    return answerPage(<ConfirmPage site={site()} locale={locale} token={token} slug={CAMPAIGN_SLUG} />);
  });
}
