import { previewPage } from "@/app/(public)/_pages/preview";
import { previewHeaders } from "@/app/(public)/_pages/render";
import { forAction } from "@/app/admin/_desk/desk-route";
import { adminPage, notThere, organisation } from "@/app/admin/_desk/document";
import { workingFiles } from "@/app/admin/_desk/working-files";
import { AdminDocument } from "@/components/admin/AdminDocument";
import { DESK_STYLES } from "@/components/admin/styles";
import { Faults } from "@/components/admin/writing/Faults";
import { contentSecurityPolicy, html } from "@/lib/http/answers";
import { isLocale, nativeNameOf } from "@/lib/i18n/locales";

const FAULTY = 422;

/** Serves a campaign's page as it would be if its draft were published. The editor shows it in frames. */
export async function GET(
  request: Request,
  { params }: RouteContext<"/admin/[campaign]/preview/[locale]">,
): Promise<Response> {
  const { campaign: slug, locale } = await params;
  return forAction(
    request,
    "text.preview",
    async () => {
      const working = isLocale(locale) ? await workingFiles(slug) : null;
      if (!working || !isLocale(locale)) return notThere();
      const { read } = working;
      if (!read.ok)
        return adminPage(
          <AdminDocument organisation={organisation()} title="No preview yet">
            <Faults slug={slug} language={nativeNameOf(locale)} faults={read.faults} />
          </AdminDocument>,
          FAULTY,
          { "content-security-policy": contentSecurityPolicy([DESK_STYLES], "'self'") },
        );
      const page = await previewPage(slug, locale, read.content);
      return page === null ? notThere() : html(page, 200, previewHeaders(read.content.settings.colours));
    },
    { campaign: slug },
  );
}
