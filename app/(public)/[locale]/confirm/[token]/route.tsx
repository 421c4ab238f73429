import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerNotFound } from "@/app/(public)/_pages/message";
import { answerPage } from "@/app/(public)/_pages/render";
import { sharing } from "@/app/(public)/_pages/sharing";
import { site } from "@/app/(public)/_pages/site";
import { ConfirmPage } from "@/components/campaign/ConfirmPage";
import { mailedToken } from "@/lib/http/link";
import { isLocale } from "@/lib/i18n/locales";
import { stepAfter } from "@/lib/sharing";
import { campaignToConfirm } from "@/lib/signing";

/**
 * Serves a page with one button. Opening it changes nothing: scanners open every link in a mail. The token is
 * looked up only if there are several campaigns, to find the one whose share links to show.
 */
export function GET(
  request: Request,
  { params }: RouteContext<"/[locale]/confirm/[token]">,
): Promise<Response> {
  return handleErrors(request, async () => {
    const { locale, token: part } = await params;
    if (!isLocale(locale)) return answerNotFound(request);
    const token = mailedToken(part);
    const slug = await campaignToConfirm(token);
    const share = slug === null ? null : { slug, ...(await sharing(slug, locale, stepAfter())) };
    return answerPage(<ConfirmPage site={site()} locale={locale} token={token} share={share} />);
  });
}
