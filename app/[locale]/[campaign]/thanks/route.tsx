import { guarded } from "@/app/_pages/guard";
import { answerNotFound } from "@/app/_pages/message";
import { publicPages } from "@/app/_pages/public-pages";
import { PAGE_HEADERS, render } from "@/app/_pages/render";
import { site } from "@/app/_pages/site";
import { ThanksPage } from "@/components/campaign/ThanksPage";
import { isPublicProvider } from "@/lib/abuse/domains";
import { contentFor } from "@/lib/campaign/content";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import { isLocale } from "@/lib/i18n/locales";
import { channelCodes, recentSupporters, shareTexts } from "@/lib/sharing";

/** "Check your mail", or with `?confirmed` "your signature counts"; the same for everybody, so it may be cached. `?meant=` is one of a short list. */
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
    const asked = searchParams.get("meant") ?? "";
    const meant = isPublicProvider(asked) ? asked : null;
    const common = { site: site(), locale, slug, confirmed, meant } as const;
    return publicPages.answer(
      request,
      `${locale}/${slug}/thanks?${confirmed}&${meant}`,
      PAGE_HEADERS,
      async () => {
        try {
          const [codes, texts, supporters] = await Promise.all([
            channelCodes(slug, locale),
            shareTexts(slug, locale),
            recentSupporters(slug),
          ]);
          return await render(<ThanksPage {...common} codes={codes} texts={texts} supporters={supporters} />);
        } catch (error) {
          if (!isDatabaseUnavailable(error)) throw error;
          return render(<ThanksPage {...common} />);
        }
      },
    );
  });
}
