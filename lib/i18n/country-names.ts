import { COUNTRY_CODES, type CountryCode } from "./countries";
import { foldPhrase } from "./fold";
import type { Locale } from "./locales";

/**
 * Where CLDR's short forms are not what readers look for: too short, a bureau's wording, a spelling of another language, or
 * plainly wrong ("د ترکیې او کیکاسو ټاپو" says "islands of Turkey"). Forms and lists show these instead.
 */
const CORRECTIONS: Record<Locale, Partial<Record<CountryCode, string>>> = {
  en: {
    BA: "Bosnia & Herzegovina",
    CC: "Cocos (Keeling) Islands",
    CD: "Congo (Democratic Republic)",
    CG: "Congo (Republic)",
    GB: "United Kingdom",
    MM: "Myanmar (Burma)",
    US: "United States",
  },
  ur: {
    CD: "کانگو (جمہوری جمہوریہ)",
    CF: "وسطی افریقی جمہوریہ",
    CG: "کانگو (جمہوریہ)",
    CI: "آئیوری کوسٹ",
    CZ: "چیک جمہوریہ",
    DO: "ڈومینیکن جمہوریہ",
    DZ: "الجزائر",
    ES: "اسپین",
    GB: "برطانیہ",
    GQ: "استوائی گنی",
    HN: "ہونڈوراس",
    KZ: "قازقستان",
    MF: "سینٹ مارٹن (فرانس)",
    SC: "سیشلز",
    SX: "سینٹ مارٹن (نیدرلینڈز)",
    SZ: "ایسواتینی",
    TN: "تیونس",
    UM: "امریکہ کے دور دراز جزائر",
    US: "امریکہ",
  },
  "fa-AF": {
    AZ: "آذربایجان",
    CD: "کانگو (جمهوری دموکراتیک)",
    CG: "کانگو (جمهوری)",
    MF: "سنت مارتین (فرانسه)",
    SA: "عربستان سعودی",
    SX: "سنت مارتین (هالند)",
    US: "امریکا",
  },
  ps: {
    AU: "استرالیا",
    CD: "کانګو (ډیموکراتیک جمهوریت)",
    CF: "د مرکزي افریقا جمهوریت",
    CG: "کانګو (جمهوریت)",
    CX: "کرېسمس ټاپو",
    CZ: "چک جمهوریت",
    DO: "ډومینیکن جمهوریت",
    EH: "لوېدیځه صحرا",
    ET: "ایتوپیا",
    GB: "بریتانیا",
    GE: "ګرجستان",
    GF: "فرانسوي ګویانا",
    IM: "مین ټاپو",
    IO: "بریتانوي هند سمندري سیمه",
    IT: "ایټالیا",
    KP: "شمالي کوریا",
    LV: "لاتویا",
    MF: "سینټ مارټن (فرانسه)",
    SV: "السلوادور",
    SX: "سینټ مارټن (هالېنډ)",
    TC: "ترکس او کیکوس ټاپوګان",
    TR: "ترکیه",
    UM: "د امریکا لرې ټاپوګان",
    US: "امریکا",
    VC: "سینټ وینسنټ او ګرېنډینز",
    VG: "بریتانوي ورجن ټاپوګان",
    VI: "امریکايي ورجن ټاپوګان",
  },
};

/** What people write that neither CLDR nor the corrections have. */
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

/** A country's name in a language, as its readers know it. */
export function countryName(code: CountryCode, locale: Locale): string {
  return (
    CORRECTIONS[locale][code] ?? cldrName(code, locale, "short") ?? cldrName(code, "en", "short") ?? code
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

const LANGUAGES = Object.keys(CORRECTIONS) as Locale[];

let codesByName: ReadonlyMap<string, CountryCode> | undefined;

/**
 * The country that somebody wrote by its code or by its name in any of our languages, whatever the case, marks and letter
 * shapes; null when it is none or when two countries share the name.
 */
export function countryNamed(text: string): CountryCode | null {
  codesByName ??= everyName();
  return codesByName.get(foldPhrase(text)) ?? null;
}

function everyName(): ReadonlyMap<string, CountryCode> {
  const codes = new Map<string, CountryCode | "ambiguous">();
  for (const code of COUNTRY_CODES) {
    const names = LANGUAGES.flatMap((locale) => [
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
