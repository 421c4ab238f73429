import { type FieldsWith, fieldsWith } from "@/lib/fields";

/** The columns of every export in their order, which programs that read files by position rely on. */
const FIRST_COLUMNS = [
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
type FirstColumn = (typeof FIRST_COLUMNS)[number];

export type ExportColumn = FirstColumn | FieldsWith<"exported">;

/** What can be exported of a signatory, in the usual order: a field that was added later stands behind the others. */
export const EXPORT_COLUMNS: readonly ExportColumn[] = [
  ...new Set<ExportColumn>([...FIRST_COLUMNS, ...fieldsWith("exported")]),
];

/** One cell: `null` is "none", true and false are "yes" and "no" where there are only texts. */
export type Cell = string | boolean | null;

/** One signatory, in the order of the columns asked for. */
export type Row = readonly Cell[];
