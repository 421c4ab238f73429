import { guarded } from "@/app/_pages/guard";
import { answerNotFound, readerLocale } from "@/app/_pages/message";
import { EMBED_HEADERS, render } from "@/app/_pages/render";
import { site } from "@/app/_pages/site";
import { EmbedPage } from "@/components/form/EmbedPage";
import { contentFor } from "@/lib/campaign/content";
import { html } from "@/lib/http/answers";
import { isLocale } from "@/lib/i18n/locales";
import { campaignFigures } from "@/lib/signing";

/** The form alone, for other sites' frames; `?locale=` chooses the language, else the browser does. */
export function GET(request: Request, { params }: RouteContext<"/embed/[slug]">): Promise<Response> {
  return guarded(request, async () => {
    const { slug } = await params;
    const asked = new URL(request.url).searchParams.get("locale") ?? "";
    const locale = isLocale(asked) ? asked : readerLocale(request);
    const figures = contentFor(slug, locale) ? await campaignFigures(slug) : null;
    if (!figures) return answerNotFound(request, locale);
    const page = await render(
      <EmbedPage site={site()} locale={locale} slug={slug} status={figures.status} />,
    );
    return html(page, 200, { ...EMBED_HEADERS, vary: "Accept-Language" });
  });
}
