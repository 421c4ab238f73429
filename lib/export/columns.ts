/** What can be exported of a signatory, in the usual order. */
export const EXPORT_COLUMNS = [
  "id",
  "name",
  "email",
  "country",
  "locale",
  "status",
  "updates",
  "publicName",
  "consentVersion",
  "signedAt",
  "confirmedAt",
  "ref",
] as const;

export type ExportColumn = (typeof EXPORT_COLUMNS)[number];

/** One cell: `null` is "none", true and false are "yes" and "no" where there are only texts. */
export type Cell = string | boolean | null;

/** One signatory, in the order of the columns asked for. */
export type Row = readonly Cell[];
