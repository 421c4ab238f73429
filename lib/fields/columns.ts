import { FIELD_NAMES, FIELDS, type FieldName, isTick } from "./fields";

type Fields = typeof FIELDS;
/** A column's name as a Prisma property, in camel case. */
type Camel<Text extends string> = Text extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<Camel<Rest>>}`
  : Text;
type ColumnOf<Name> = Name extends FieldName
  ? Fields[Name]["column"] extends string
    ? Fields[Name]["column"]
    : never
  : never;

/** A field with its own column. */
export type Column = { field: FieldName; column: string; property: string; type: "boolean" | "text" };

/** The columns of `signature` that hold one field each, in the order of the form. */
export const COLUMNS: readonly Column[] = FIELD_NAMES.flatMap((field) => {
  const { column } = FIELDS[field];
  if (column === null) return [];
  const property = column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return [{ field, column, property, type: isTick(field) ? "boolean" : "text" }];
});

/** Returns the fields that have a column, keyed by the column's name. */
export function columnsOf<Values extends object>(
  values: Values,
): { [Name in keyof Values as ColumnOf<Name>]: Values[Name] } {
  return renamed(values, "column") as ReturnType<typeof columnsOf<Values>>;
}

/** Returns the fields that have a column, keyed by Prisma's name for it. */
export function propertiesOf<Values extends object>(
  values: Values,
): { [Name in keyof Values as Camel<ColumnOf<Name>>]: Values[Name] } {
  return renamed(values, "property") as ReturnType<typeof propertiesOf<Values>>;
}

function renamed(values: object, to: "column" | "property"): Record<string, unknown> {
  const given = values as Record<string, unknown>;
  const named: Record<string, unknown> = {};
  for (const column of COLUMNS) if (column.field in given) named[column[to]] = given[column.field];
  return named;
}
