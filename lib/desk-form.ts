/** Fields that buttons of a desk form send. */
export type ButtonField = "action" | "decision" | "reset" | "then";
const BUTTONS: readonly ButtonField[] = ["action", "decision", "reset", "then"];

/** Hidden field with the names of the other hidden fields that a form sends, separated by spaces. */
export const FILLED_IN = "filled-in";
/** Begins the name of a hidden field that holds the value a field showed first. */
export const WAS = "was.";

/** Whether a sent form holds something that a person typed or chose, besides what the form fills in by itself. */
export function isTypedInto(fields: Readonly<Record<string, string>>): boolean {
  const ours = new Set(["form", FILLED_IN, ...BUTTONS, ...(fields[FILLED_IN] ?? "").split(" ")]);
  return Object.entries(fields).some(
    ([name, value]) => value !== "" && !name.startsWith(WAS) && !ours.has(name),
  );
}

/** Makes line ends equal: browsers send them as CR LF. */
export function plainLines(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
