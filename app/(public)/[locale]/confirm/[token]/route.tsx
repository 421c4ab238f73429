import { guarded } from "@/app/(public)/_pages/guard";
import { answerNotFound } from "@/app/(public)/_pages/message";
import { answerPage } from "@/app/(public)/_pages/render";
import { sharing } from "@/app/(public)/_pages/sharing";
import { site } from "@/app/(public)/_pages/site";
import { ConfirmPage } from "@/components/campaign/ConfirmPage";
import { ONLY_CAMPAIGN } from "@/lib/campaigns";
import { mailedToken } from "@/lib/http/link";
import { isLocale } from "@/lib/i18n/locales";
import { stepAfter } from "@/lib/sharing";

/** One button. Opening the page changes nothing and does not look at the token: scanners open every link in a mail. */
export function GET(
  request: Request,
  { params }: RouteContext<"/[locale]/confirm/[token]">,
): Promise<Response> {
  return guarded(request, async () => {
    const { locale, token } = await params;
    if (!isLocale(locale)) return answerNotFound(request);
    const share = await sharing(ONLY_CAMPAIGN, locale, stepAfter());
    return answerPage(
      <ConfirmPage
        site={site()}
        locale={locale}
        token={mailedToken(token)}
        slug={ONLY_CAMPAIGN}
        {...share}
      />,
    );
  });
}
