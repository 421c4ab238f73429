/** `minute` is `2026-11-27 21:05`; the others show more of it or less. */
export type MomentFormat = "day" | "minute" | "minute-without-year" | "second";

const formats = new Map<string, Intl.DateTimeFormat>();

/** Building a format is slow, and a page needs it for every row. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  formats.set(timeZone, made);
  return made;
}

function isKnown(timeZone: string): boolean {
  try {
    formatOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** Formats a time for the desk in a time zone. Server and browser return the same text. */
export function moment(at: Date, timeZone: string, format: MomentFormat = "minute"): string {
  // An old browser may not know a zone that the server offers.
  if (!isKnown(timeZone)) return `${moment(at, "UTC", format)} UTC`;
  const parts = formatOf(timeZone).formatToParts(at);
  const part = (wanted: Intl.DateTimeFormatPartTypes) =>
    parts.find(({ type }) => type === wanted)?.value ?? "";
  const date = `${part("month")}-${part("day")}`;
  const time = `${part("hour")}:${part("minute")}`;
  switch (format) {
    case "day":
      return `${part("year")}-${date}`;
    case "minute":
      return `${part("year")}-${date} ${time}`;
    case "minute-without-year":
      return `${date} ${time}`;
    case "second":
      return `${part("year")}-${date} ${time}:${part("second")}`;
  }
}

/**
 * Returns the time that a clock in a time zone shows as `2026-11-27T21:05`; null for what is no such time. Of
 * an hour that the clock shows twice it is the first, and one that it skips is as much later.
 */
export function momentIn(wall: string, timeZone: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$/.test(wall)) return null;
  const asUtc = Date.parse(`${wall}Z`);
  if (Number.isNaN(asUtc)) return null;
  const aheadAt = (at: number) =>
    Date.parse(`${moment(new Date(at), timeZone, "second").replace(" ", "T")}Z`) - at;
  // The clock may be set between the first guess and the time itself.
  const guesses = [asUtc - aheadAt(asUtc - DAY), asUtc - aheadAt(asUtc + DAY)];
  const shown = guesses.find((at) => at + aheadAt(at) === asUtc);
  return new Date(shown ?? Math.max(...guesses));
}

const DAY = 24 * 60 * 60 * 1_000;
