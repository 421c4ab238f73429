/** What a date may look like, for messages. */
export const DATE_FORMS = "2023-10-03, 2023-10 or 2023";

/** Whether a text is a date of the calendar, as precise as it is known: `2023`, `2023-10` or `2023-10-03`. */
export function isDate(text: string): boolean {
  const [, year = "", month = "01", day = "01"] = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(text) ?? [];
  if (year === "") return false;
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  // An impossible day, such as 30 February, either is no date or becomes another one.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${year}-${month}-${day}`);
}
