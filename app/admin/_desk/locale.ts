import { DEFAULT_LOCALE, isLocale, type Locale } from "@/lib/i18n/locales";

/** Returns the language that a page is asked for by `?locale=`; English if it is not one of the site's. */
export async function localeIn(
  searchParams: Promise<Record<string, string | string[] | undefined>>,
): Promise<Locale> {
  const { locale } = await searchParams;
  return typeof locale === "string" && isLocale(locale) ? locale : DEFAULT_LOCALE;
}
