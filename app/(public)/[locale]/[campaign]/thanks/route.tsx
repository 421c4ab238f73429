import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerNotFound } from "@/app/(public)/_pages/message";
import { referenceOf } from "@/app/(public)/_pages/reference";
import { answerThanks } from "@/app/(public)/_pages/thanks";
import { isPublicProvider } from "@/lib/abuse";
import { contentFor } from "@/lib/campaigns";
import { isLocale } from "@/lib/i18n/locales";
import { stepAfter } from "@/lib/sharing";

/**
 * Serves "check your mail" (or that the campaign is closed), "your signature counts" with `?confirmed`, or
 * "we look at it first" with `?review`. The page is the same for everybody and never cached. `?meant=` is one
 * of a short list; `?ref=` makes the links here count as one step further, as on the campaign page.
 */
export function GET(
  request: Request,
  { params }: RouteContext<"/[locale]/[campaign]/thanks">,
): Promise<Response> {
  return handleErrors(request, async () => {
    const { locale, campaign: slug } = await params;
    if (!isLocale(locale)) return answerNotFound(request);
    if (!contentFor(slug, locale)) return answerNotFound(request, locale);
    const { searchParams } = new URL(request.url);
    const asked = searchParams.get("meant") ?? "";
    return answerThanks(request, {
      slug,
      locale,
      step: stepAfter(referenceOf(request)),
      confirmed: searchParams.has("confirmed"),
      review: searchParams.has("review"),
      meant: isPublicProvider(asked) ? asked : null,
    });
  });
}
