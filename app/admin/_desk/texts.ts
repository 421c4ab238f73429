import { storable } from "@/lib/db/storable";

/** Returns a form's text fields as PostgreSQL can store them, without the framework's own. */
export function textsIn(fields: Iterable<[string, unknown]>): Record<string, string> {
  return Object.fromEntries(
    [...fields].flatMap(([name, value]) =>
      typeof value === "string" && !name.startsWith("$ACTION") ? [[name, storable(value)]] : [],
    ),
  );
}
