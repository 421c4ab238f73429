import type { Typed } from "@/components/admin/form-state";

/** Begins the name of a hidden field that holds the value a field showed first. */
export const WAS = "was.";

/** A form that was sent or kept: what its fields show, and the values they were changed from, by field. */
export type Rebased = { typed: Typed; original: Typed };

/** Returns the original values under names of their own, as the form sends them. */
export function was(original: Typed): Record<string, string> {
  return Object.fromEntries(Object.entries(original).map(([field, value]) => [`${WAS}${field}`, value]));
}

/**
 * Carries what was typed over to the values that are saved by now. A field that the reader left alone shows the saved
 * value. A field that they changed keeps the value it was changed from, so that the action still notices if somebody
 * else has changed it too.
 */
export function rebased(typed: Typed, saved: Typed): Rebased {
  const before = (field: string) => typed[`${WAS}${field}`];
  const sent = Object.keys(saved).filter((field) => before(field) !== undefined);
  const changed = sent.filter((field) => lines(typed[field]) !== lines(before(field)));
  const untouched = sent.filter((field) => !changed.includes(field));
  return {
    typed: { ...typed, ...pick(untouched, (field) => saved[field]) },
    original: { ...saved, ...pick(changed, before) },
  };
}

/** Browsers send line ends as CR LF, and leave out a box without a tick. */
function lines(text = ""): string {
  return text.replaceAll("\r\n", "\n");
}

function pick(fields: readonly string[], value: (field: string) => string | undefined): Typed {
  return Object.fromEntries(fields.map((field) => [field, value(field) ?? ""]));
}
