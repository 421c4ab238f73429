import type { Metadata } from "next";
import { campaignPage, notThere } from "@/app/admin/_desk/desk-page";
import { queryOf } from "@/app/admin/_desk/query";
import { Files } from "@/components/admin/translations/Files";
import { Links } from "@/components/admin/translations/Links";
import { Translation } from "@/components/admin/translations/Translation";
import { shownParts } from "@/components/translations/shown-parts";
import { directionOf, isLocale, type Locale, nativeNameOf } from "@/lib/i18n/locales";
import { LINK_MAX_DAYS, linksOf, translationOf } from "@/lib/translations";
import { makeTranslatorLink, review, revokeTranslatorLink, save, upload } from "./actions";
import { FILE_LIMIT_BYTES } from "./limit";

export const metadata: Metadata = { title: "Translation" };

export default campaignPage(
  "translation.open",
  async ({ slug, may }, { params, searchParams }: PageProps<"/admin/[campaign]/translations/[locale]">) => {
    const { locale } = await params;
    const translation = isLocale(locale) ? await translationOf(slug, locale) : null;
    if (!translation) return notThere();
    const query = await queryOf(searchParams);
    const overview = `/admin/${slug}/translations`;
    return (
      <>
        <Translation
          address={`${overview}/${locale}`}
          overview={overview}
          locale={locale}
          original={sideOf(translation.originalLocale)}
          translation={sideOf(translation.locale)}
          parts={shownParts(translation)}
          onlyWork={query.get("only") === "work"}
          save={may("translate") ? save : null}
          review={may("review") ? review : null}
        />
        <Files
          address={`/api/admin/petitions/${slug}/translations/${locale}`}
          locale={locale}
          limitBytes={FILE_LIMIT_BYTES}
          upload={may("translate") ? upload : null}
        />
        {may("write") ? (
          <Links
            locale={locale}
            links={await linksOf(slug, translation.locale)}
            now={new Date()}
            maxDays={LINK_MAX_DAYS}
            actions={{ make: makeTranslatorLink, revoke: revokeTranslatorLink }}
          />
        ) : null}
      </>
    );
  },
);

function sideOf(locale: Locale) {
  return { lang: locale, dir: directionOf(locale), name: nativeNameOf(locale) };
}
