import { COUNTRY_CODES, type CountryCode } from "@/lib/i18n/countries";
import { countryName } from "@/lib/i18n/country-names";

/** The languages of the site: English, Urdu, Dari, Pashto. Part of every address. */
export const LOCALES = ["en", "ur", "fa-AF", "ps"] as const;
export type Locale = (typeof LOCALES)[number];

export const DEFAULT_LOCALE: Locale = "en";

const ABOUT: Record<Locale, { direction: "ltr" | "rtl"; nativeName: string }> = {
  en: { direction: "ltr", nativeName: "English" },
  ur: { direction: "rtl", nativeName: "اردو" },
  "fa-AF": { direction: "rtl", nativeName: "دری" },
  ps: { direction: "rtl", nativeName: "پښتو" },
};

/** What readers' programs call these languages: first subtags of BCP 47, Northern and Southern Pashto included. */
const LOCALE_OF_LANGUAGE = new Map<string, Locale>([
  ["en", "en"],
  ["ur", "ur"],
  ["fa", "fa-AF"],
  ["prs", "fa-AF"],
  ["ps", "ps"],
  ["pbt", "ps"],
  ["pbu", "ps"],
  ["pst", "ps"],
]);

/** The language that a text names in another spelling than its own, such as `fa-af` or `EN`; else null. */
export function respeltLocale(text: string): Locale | null {
  if (isLocale(text)) return null;
  return LOCALES.find((locale) => locale.toLowerCase() === text.toLowerCase()) ?? null;
}

export function isLocale(text: string): text is Locale {
  return (LOCALES as readonly string[]).includes(text);
}

export function directionOf(locale: Locale): "ltr" | "rtl" {
  return ABOUT[locale].direction;
}

/** The language's name as its own readers write it. */
export function nativeNameOf(locale: Locale): string {
  return ABOUT[locale].nativeName;
}

/** The language a browser asks for, by quality (RFC 9110, 12.5.4); English when it asks for none of ours. */
export function localeFromAcceptLanguage(header: string | null): Locale {
  const wishes = (header ?? "")
    .split(",")
    .map((part) => {
      const [range = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
      const stated = parameters.find((parameter) => /^q\s*=/.test(parameter));
      const quality = stated === undefined ? 1 : Number(stated.replace(/^q\s*=\s*/, "") || "0");
      return { language: range.split("-")[0] ?? "", quality };
    })
    // A quality that is no number loses this comparison too.
    .filter((wish) => wish.quality > 0)
    .sort((one, other) => other.quality - one.quality);
  for (const { language } of wishes) {
    const locale = LOCALE_OF_LANGUAGE.get(language);
    if (locale) return locale;
  }
  return DEFAULT_LOCALE;
}

/** Made once for each language: making one takes longer than composing a mail with it. */
const numberFormats = new Map<Locale, Intl.NumberFormat>();

export function formatNumber(number: number, locale: Locale): string {
  const format = numberFormats.get(locale) ?? new Intl.NumberFormat(locale);
  numberFormats.set(locale, format);
  return format.format(number);
}

export type DurationUnit = "minute" | "hour" | "day" | "month";
/** What Unicode's data has in abbreviation alone. */
const UNIT_WORDS: Partial<Record<Locale, Partial<Record<DurationUnit, { one: string; other: string }>>>> = {
  ps: { hour: { one: "ساعت", other: "ساعته" } },
};

/** A length of time in words, singular or plural as the language has it: "1 month", "9 months". */
export function formatDuration(amount: number, unit: DurationUnit, locale: Locale): string {
  const words = UNIT_WORDS[locale]?.[unit];
  if (words) return `${formatNumber(amount, locale)} ${amount === 1 ? words.one : words.other}`;
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(amount);
}

/**
 * A date in words, by the Gregorian calendar in every language: sources and deadlines are dated by it.
 * @param iso as exact as it is known: `2026`, `2026-01`, `2026-01-09` or a full time, read as UTC.
 */
export function formatDate(iso: string, locale: Locale): string {
  const [, month, day] = iso.split("-");
  // English texts write "1 November", so their dates do too.
  return new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, {
    calendar: "gregory",
    timeZone: "UTC",
    year: "numeric",
    ...(month === undefined ? {} : { month: "long" }),
    ...(day === undefined ? {} : { day: "numeric" }),
  }).format(new Date(iso));
}

export type CountryOption = { code: CountryCode; name: string };

const optionsByLocale = new Map<Locale, CountryOption[]>();

/** Every country with its name in the language, in that language's order. Worked out once per language. */
export function countryOptions(locale: Locale): CountryOption[] {
  const known = optionsByLocale.get(locale);
  if (known) return known;
  const { compare } = new Intl.Collator(locale);
  const options = COUNTRY_CODES.map((code) => ({ code, name: countryName(code, locale) })).sort(
    (one, other) => compare(sortedBy(one.name), sortedBy(other.name)),
  );
  optionsByLocale.set(locale, options);
  return options;
}

/** Readers of Pashto look for "د عاج ساحل" (of-ivory coast) under its second word, as English ones do with "The". */
function sortedBy(name: string): string {
  return name.replace(/^د /, "");
}
