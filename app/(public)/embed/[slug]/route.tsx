import { frameHeight } from "@/app/(public)/_pages/enhancement";
import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerNotFound, readerLocale } from "@/app/(public)/_pages/message";
import { embedHeaders, render } from "@/app/(public)/_pages/render";
import { site } from "@/app/(public)/_pages/site";
import { EmbedPage } from "@/components/form/EmbedPage";
import { NOTHING_TYPED } from "@/components/form/SignatureForm";
import { contentFor } from "@/lib/campaigns";
import { html } from "@/lib/http/answers";
import { originOf } from "@/lib/http/origin";
import { isLocale } from "@/lib/i18n/locales";
import { settings } from "@/lib/settings";
import { allowedOrigins, frameAncestors, readShareCode } from "@/lib/sharing";
import { campaignFigures } from "@/lib/signing";

/**
 * Serves the form alone, for other sites to frame. The language comes from `?locale=`, else from the browser.
 * The form records the framing site: `?origin=`, which our script sets, else the Referer.
 */
export function GET(request: Request, { params }: RouteContext<"/embed/[slug]">): Promise<Response> {
  return handleErrors(request, async () => {
    const { slug } = await params;
    const { searchParams } = new URL(request.url);
    const asked = searchParams.get("locale") ?? "";
    const locale = isLocale(asked) ? asked : readerLocale(request);
    const known = contentFor(slug, locale) !== null;
    const [figures, allowed] = known
      ? await Promise.all([campaignFigures(slug), allowedOrigins(slug)])
      : [null, null];
    if (!figures || allowed === null) return answerNotFound(request, locale);
    const origin = originOf(searchParams.get("origin")) ?? originOf(request.headers.get("referer"));
    const typed = {
      ...NOTHING_TYPED,
      ref: readShareCode(searchParams.get("ref") ?? "") ?? "",
      origin: origin === null || origin === settings().siteUrl ? "" : origin,
    };
    const page = await render(
      <EmbedPage
        site={site()}
        locale={locale}
        slug={slug}
        status={figures.status}
        outcome={figures.outcome}
        typed={typed}
        resizer={frameHeight()}
      />,
    );
    return html(page, 200, {
      ...embedHeaders(slug, frameAncestors(allowed)),
      vary: "Accept-Language, Referer",
    });
  });
}
