/** Formats a count in English: "1,200". */
export function count(number: number): string {
  return number.toLocaleString("en");
}

/** Formats a share of a whole: "12.5 %"; a dash if there is no whole. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)} %`;
}
