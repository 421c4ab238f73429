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

function partsOf(at: Date, timeZone: string): { date: string; time: string; second: string } {
  const parts = formatOf(timeZone).formatToParts(at);
  const part = (wanted: Intl.DateTimeFormatPartTypes) =>
    parts.find(({ type }) => type === wanted)?.value ?? "";
  return {
    date: `${part("year")}-${part("month")}-${part("day")}`,
    time: `${part("hour")}:${part("minute")}`,
    second: part("second"),
  };
}

/** Formats a time for the desk, to the minute: `2026-11-27 21:05`. */
export function moment(at: Date | null, timeZone = "UTC"): string {
  if (at === null) return "–";
  const { date, time } = partsOf(at, timeZone);
  return `${date} ${time}`;
}

/** Formats a time for the desk, to the second: `2026-11-27 21:05:30`. */
export function momentWithSeconds(at: Date, timeZone = "UTC"): string {
  const { date, time, second } = partsOf(at, timeZone);
  return `${date} ${time}:${second}`;
}

/** Formats a date for the desk: `2026-11-27`. */
export function day(at: Date, timeZone = "UTC"): string {
  return partsOf(at, timeZone).date;
}
