import { describe, expect, test } from "vitest";
import { COUNTRY_CODES } from "@/lib/i18n/countries";
import { countryName, countryNamed, countryOptions } from "@/lib/i18n/country-names";
import { foldPhrase } from "@/lib/i18n/fold";
import { LOCALES } from "@/lib/i18n/locales";

test.each([
  ["XK", ["Kosovo", "کوسووو", "کوسوا", "کوسوو"]],
  ["PS", ["Palestine", "فلسطین", "فلسطین", "فلسطين"]],
  ["GB", ["United Kingdom", "برطانیہ", "بریتانیا", "بریتانیا"]],
  ["US", ["United States", "امریکہ", "امریکا", "امریکا"]],
  ["HK", ["Hong Kong", "ہانگ کانگ", "هانگ کانگ", "هانګ کانګ"]],
] as const)("%s is called as its readers know it", (code, names) => {
  expect(LOCALES.map((locale) => countryName(code, locale))).toEqual(names);
});

describe.each(LOCALES)("countries in %s", (locale) => {
  const options = countryOptions(locale);
  const at = (code: string) => options.findIndex((option) => option.code === code);

  test("each has a name of its own, in the script of the language", () => {
    expect(new Set(options.map(({ name }) => foldPhrase(name))).size).toBe(COUNTRY_CODES.length);
    const foreign = locale === "en" ? /\p{Script=Arabic}/u : /[A-Za-z]/;
    expect(options.filter(({ name }) => foreign.test(name))).toEqual([]);
  });

  test("they stand where readers of the language look for them", () => {
    const { compare } = new Intl.Collator(locale);
    const names = options.map(({ name }) => name.replace(/^د /, ""));
    expect(names).toEqual(names.toSorted(compare));
  });

  test("each is understood by its name and by its code", () => {
    for (const { code, name } of options) {
      expect(countryNamed(name), name).toBe(code);
      expect(countryNamed(code.toLowerCase())).toBe(code);
    }
  });

  test("Kosovo stands among the others, not at an end", () => {
    expect(at("XK")).toBeGreaterThan(0);
    expect(at("XK")).toBeLessThan(options.length - 1);
  });
});

test("Britain stands under B in Urdu, America under A", () => {
  const names = countryOptions("ur").map(({ name }) => name);
  expect(names.indexOf("برطانیہ")).toBeGreaterThan(names.indexOf("برازیل"));
  expect(names.indexOf("برطانیہ")).toBeLessThan(names.indexOf("بھارت"));
  expect(names.indexOf("امریکہ")).toBeLessThan(names.indexOf("ایران"));
});

test("an article before a Pashto name does not move it", () => {
  const names = countryOptions("ps").map(({ name }) => name);
  expect(names.indexOf("د عاج ساحل")).toBeGreaterThan(names.indexOf("شمالي کوریا"));
});

test.each([
  ["  PAKISTAN ", "PK"],
  ["پاكستان", "PK"],
  ["Afghanistan", "AF"],
  ["Great Britain", "GB"],
  ["u.k.", "GB"],
  ["U.S.A.", "US"],
  ["ایالات متحده", "US"],
  ["ریاست ہائے متحدہ امریکہ", "US"],
  ["Palestinian Territories", "PS"],
  ["Cote d'Ivoire", "CI"],
  ["Saint Lucia", "LC"],
  ["Bosnia and Herzegovina", "BA"],
  ["Turkey", "TR"],
  ["Türkiye", "TR"],
  ["The Netherlands", "NL"],
  ["جرمنی", "DE"],
  ["آلمان", "DE"],
])("%j is understood as %s", (written, code) => expect(countryNamed(written)).toBe(code));

test.each(["", "Atlantis", "Korea", "Congo", "XX", "__proto__"])("%j is no country", (written) =>
  expect(countryNamed(written)).toBeNull(),
);
