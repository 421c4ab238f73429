import { type Locale, languageOf } from "@/lib/i18n/locales";
import type { DurationUnit } from "@/lib/i18n/locales/language";

/** Cached per language: creating one takes longer than composing a mail with it. */
const numberFormats = new Map<Locale, Intl.NumberFormat>();

export function formatNumber(number: number, locale: Locale): string {
  const format = numberFormats.get(locale) ?? new Intl.NumberFormat(locale);
  numberFormats.set(locale, format);
  return format.format(number);
}

/** Formats a length of time, singular or plural as the language requires: "1 month", "9 months". */
export function formatDuration(amount: number, unit: DurationUnit, locale: Locale): string {
  const words = languageOf(locale).durations?.[unit];
  if (words) return `${formatNumber(amount, locale)} ${amount === 1 ? words.one : words.other}`;
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(amount);
}

/**
 * Formats a date by the Gregorian calendar in every language, because sources and deadlines use it.
 * @param iso as precise as is known: `2026`, `2026-01`, `2026-01-09` or a full time, read as UTC.
 */
export function formatDate(iso: string, locale: Locale): string {
  const [, month, day] = iso.split("-");
  return new Intl.DateTimeFormat(languageOf(locale).datesAs ?? locale, {
    calendar: "gregory",
    timeZone: "UTC",
    year: "numeric",
    ...(month === undefined ? {} : { month: "long" }),
    ...(day === undefined ? {} : { day: "numeric" }),
  }).format(new Date(iso));
}
