import { guarded } from "@/app/_pages/guard";
import { answerNotFound } from "@/app/_pages/message";
import { publicPages } from "@/app/_pages/public-pages";
import { referenceOf } from "@/app/_pages/reference";
import { PAGE_HEADERS, render } from "@/app/_pages/render";
import { sharing } from "@/app/_pages/sharing";
import { site } from "@/app/_pages/site";
import { ThanksPage } from "@/components/campaign/ThanksPage";
import { isPublicProvider } from "@/lib/abuse/domains";
import { contentFor } from "@/lib/campaign/content";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import { isLocale } from "@/lib/i18n/locales";
import { signersStep, supporters } from "@/lib/sharing";
import { campaignFigures } from "@/lib/signing";

/** "Check your mail" (once closed: that it is), or with `?confirmed` "your signature counts", with `?review` that we look at it first; the same for everybody, so it may be cached. `?meant=` is one of a short list; `?ref=` is of a link that was passed on, and has the links here count as one step further. */
export function GET(
  request: Request,
  { params }: RouteContext<"/[locale]/[campaign]/thanks">,
): Promise<Response> {
  return guarded(request, async () => {
    const { locale, campaign: slug } = await params;
    if (!isLocale(locale)) return answerNotFound(request);
    if (!contentFor(slug, locale)) return answerNotFound(request, locale);
    const { searchParams } = new URL(request.url);
    const confirmed = searchParams.has("confirmed");
    const review = !confirmed && searchParams.has("review");
    const asked = searchParams.get("meant") ?? "";
    const meant = isPublicProvider(asked) ? asked : null;
    const step = signersStep(referenceOf(request));
    const key = `${locale}/${slug}/thanks?${confirmed}&${review}&${meant}&${step}`;
    return publicPages.answer(request, key, PAGE_HEADERS, async () => {
      const [names, figures] = await Promise.all([supporters(slug), campaignFigures(slug)]).catch(
        (error: unknown) => {
          if (!isDatabaseUnavailable(error)) throw error;
          return [[], null] as const;
        },
      );
      const share = await sharing(slug, locale, step);
      const common = {
        site: site(),
        locale,
        slug,
        confirmed,
        review,
        meant,
        closed: figures?.status === "closed",
      };
      return render(<ThanksPage {...common} {...share} supporters={names} />);
    });
  });
}
