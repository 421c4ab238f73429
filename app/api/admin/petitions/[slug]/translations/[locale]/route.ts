import { forAction } from "@/app/admin/_desk/desk-route";
import { json } from "@/lib/http/answers";
import { isLocale } from "@/lib/i18n/locales";
import { EXCHANGE_FORMATS, exportTranslation } from "@/lib/translations";

const NOT_FOUND = 404;
const BAD_REQUEST = 400;
const TYPES = {
  xliff: { type: "application/xliff+xml; charset=utf-8", ending: "xlf" },
  po: { type: "text/x-gettext-translation; charset=utf-8", ending: "po" },
} as const;

/** Serves a translation as a file for translators' tools. */
export async function GET(
  request: Request,
  { params }: RouteContext<"/api/admin/petitions/[slug]/translations/[locale]">,
): Promise<Response> {
  const { slug, locale } = await params;
  return forAction(
    request,
    "translation.export",
    async ({ query }) => {
      const format = EXCHANGE_FORMATS.find((each) => each === (query.get("format") ?? "xliff"));
      if (!format)
        return json({ error: "unknown_format", message: "Use format=xliff or format=po." }, BAD_REQUEST);
      const file = isLocale(locale) ? await exportTranslation(slug, locale, format) : null;
      if (file === null) return json({ error: "not_found" }, NOT_FOUND);
      const { type, ending } = TYPES[format];
      return new Response(file, {
        headers: {
          "content-type": type,
          "content-disposition": `attachment; filename="${slug}-${locale}.${ending}"`,
          "cache-control": "no-store",
        },
      });
    },
    { campaign: slug },
  );
}
