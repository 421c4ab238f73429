/** What the fields of an export are called. */
export const EXPORT_LABELS = {
  format: "File",
  status: "Who",
  country: "Country",
  countryNames: "Countries written as",
  updates: "Wants updates",
  from: "Signed from",
  to: "Signed before",
  columns: "Columns",
  names: "Names",
  reason: "What the file is for",
  name: "Name for these choices",
} as const;

/**
 * Says what is wrong with a choice.
 * @param message reads on from the field's name: “must be later than from”.
 */
export function exportSentence({ parameter, message }: { parameter: string; message: string }): string {
  // The form can only get the columns wrong by choosing none.
  if (parameter === "columns") return `${EXPORT_LABELS.columns}: choose at least one.`;
  const label =
    parameter in EXPORT_LABELS ? EXPORT_LABELS[parameter as keyof typeof EXPORT_LABELS] : parameter;
  return `${label} ${message}.`;
}
