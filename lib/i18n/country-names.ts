import { LOCALES, type Locale, languageOf } from "@/lib/i18n/locales";
import { COUNTRY_CODES, type CountryCode } from "./countries";
import { foldPhrase } from "./fold";

/** What people type that neither CLDR nor our corrections contain. */
const OTHER_NAMES: Partial<Record<CountryCode, readonly string[]>> = {
  AE: ["UAE", "Emirates", "امارات"],
  BA: ["Bosnia and Herzegovina"],
  CD: ["DR Congo", "DRC", "Congo DRC", "Democratic Republic of the Congo"],
  CG: ["Republic of the Congo"],
  CI: ["Ivory Coast"],
  CZ: ["Czech Republic"],
  DE: ["جرمني"],
  GB: [
    "UK",
    "U.K.",
    "Britain",
    "Great Britain",
    "England",
    "Scotland",
    "Wales",
    "انگلینڈ",
    "انگلستان",
    "برېتانیا",
  ],
  IN: ["ہندوستان", "انڈیا", "هندوستان"],
  KR: ["Korea, Republic of"],
  MK: ["Macedonia"],
  NL: ["Holland", "The Netherlands"],
  PS: ["State of Palestine"],
  RU: ["Russian Federation"],
  SZ: ["Swaziland"],
  TR: ["Turkey"],
  US: ["USA", "U.S.A.", "U.S.", "America", "United States of America", "امریکا", "ایالات متحده امریکا"],
  VA: ["Holy See"],
  XK: ["Kosova"],
};

/** Returns a country's name in a language, as its readers know it. */
export function countryName(code: CountryCode, locale: Locale): string {
  return (
    languageOf(locale).countryNames[code] ??
    cldrName(code, locale, "short") ??
    cldrName(code, "en", "short") ??
    code
  );
}

const cldrNames = new Map<string, Intl.DisplayNames>();

function cldrName(code: CountryCode, locale: Locale, style: "short" | "long"): string | undefined {
  const key = `${locale} ${style}`;
  const names =
    cldrNames.get(key) ?? new Intl.DisplayNames(locale, { type: "region", style, fallback: "none" });
  cldrNames.set(key, names);
  return names.of(code);
}

let codesByName: ReadonlyMap<string, CountryCode> | undefined;

/**
 * Finds a country by its code or its name in any of our languages, ignoring case, marks and letter shapes.
 * @returns null if there is none, or if two countries share the name.
 */
export function countryNamed(text: string): CountryCode | null {
  codesByName ??= everyName();
  return codesByName.get(foldPhrase(text)) ?? null;
}

function everyName(): ReadonlyMap<string, CountryCode> {
  const codes = new Map<string, CountryCode | "ambiguous">();
  for (const code of COUNTRY_CODES) {
    const names = LOCALES.flatMap((locale) => [
      countryName(code, locale),
      cldrName(code, locale, "short"),
      cldrName(code, locale, "long"),
    ]);
    for (const name of new Set(
      [...names, ...(OTHER_NAMES[code] ?? [])].map((one) => foldPhrase(one ?? "")),
    )) {
      codes.set(name, codes.has(name) ? "ambiguous" : code);
    }
  }
  codes.delete("");
  for (const [name, code] of codes) codes.set(name.replace(/^st /, "saint "), code);
  for (const code of COUNTRY_CODES) codes.set(code.toLowerCase(), code);
  return new Map([...codes].flatMap(([name, code]) => (code === "ambiguous" ? [] : [[name, code] as const])));
}

export type CountryOption = { code: CountryCode; name: string };

const optionsByLocale = new Map<Locale, CountryOption[]>();

/**
 * Returns every country with its name in the language, in that language's order. Computed once per language.
 */
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

/**
 * Pashto readers look for "د عاج ساحل" (of-ivory coast) under
 * its second word, as English readers do with "The".
 */
function sortedBy(name: string): string {
  return name.replace(/^د /, "");
}
