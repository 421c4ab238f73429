/** What a spreadsheet takes for the start of a formula (OWASP ASVS 5.0, 1.2.10), with the full-width forms it folds. */
const FORMULA_STARTS: ReadonlySet<string> = new Set("=+-@\t\r\n\0＝＋－＠");

/** A text that no spreadsheet runs: with a leading `'` where it would be a formula. For CSV, whose cells have no type. */
export function defused(text: string): string {
  return FORMULA_STARTS.has(text.charAt(0)) ? `'${text}` : text;
}
