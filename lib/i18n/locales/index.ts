import { en } from "./en";
import { faAF } from "./fa-AF";
import type { Language } from "./language";
import { ps } from "./ps";
import { ur } from "./ur";

/** The languages of the site by their code, which is part of every address. */
const LANGUAGES = { en, ur, "fa-AF": faAF, ps } satisfies Record<string, Language>;

export type Locale = keyof typeof LANGUAGES;
export const LOCALES = Object.keys(LANGUAGES) as Locale[];

export const DEFAULT_LOCALE: Locale = "en";

/** The language that a text names in another spelling than its own, such as `fa-af` or `EN`; else null. */
export function respeltLocale(text: string): Locale | null {
  if (isLocale(text)) return null;
  return LOCALES.find((locale) => locale.toLowerCase() === text.toLowerCase()) ?? null;
}

export function isLocale(text: string): text is Locale {
  return (LOCALES as readonly string[]).includes(text);
}

export function languageOf(locale: Locale): Language {
  return LANGUAGES[locale];
}

export function directionOf(locale: Locale): Language["direction"] {
  return LANGUAGES[locale].direction;
}

/** The language's name as its own readers write it. */
export function nativeNameOf(locale: Locale): string {
  return LANGUAGES[locale].nativeName;
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
    const locale = LOCALES.find((each) => LANGUAGES[each].subtags.includes(language));
    if (locale) return locale;
  }
  return DEFAULT_LOCALE;
}
