import { type FieldsWith, fieldsWith } from "@/lib/fields";

/**
 * The first columns of every export. Their order is fixed: programs that read files by position rely on it.
 */
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
  "textVersion",
] as const;
type FirstColumn = (typeof FIRST_COLUMNS)[number];

export type ExportColumn = FirstColumn | FieldsWith<"exported">;

/** All columns that can be exported, in the usual order. Fields added later come after the others. */
export const EXPORT_COLUMNS: readonly ExportColumn[] = [
  ...new Set<ExportColumn>([...FIRST_COLUMNS, ...fieldsWith("exported")]),
];

/** One cell. `null` is "none"; formats with only text write true and false as "yes" and "no". */
export type Cell = string | number | boolean | null;

/** One signatory, in the order of the requested columns. */
export type Row = readonly Cell[];
