/**
 * Characters that start a formula in a spreadsheet (OWASP ASVS 5.0, 1.2.10), with the
 * full-width forms it folds.
 */
const FORMULA_STARTS: ReadonlySet<string> = new Set("=+-@\t\r\n\0＝＋－＠");

/** Returns a text that no spreadsheet runs: puts `'` before a formula. For CSV, whose cells have no type. */
export function defused(text: string): string {
  return FORMULA_STARTS.has(text.charAt(0)) ? `'${text}` : text;
}
