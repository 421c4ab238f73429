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
