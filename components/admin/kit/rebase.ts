import type { Typed } from "@/components/admin/form-state";
import { plainLines, WAS } from "@/lib/desk-form";

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
  // Browsers leave out a box without a tick.
  const lines = (text = "") => plainLines(text);
  const changed = sent.filter((field) => lines(typed[field]) !== lines(before(field)));
  const untouched = sent.filter((field) => !changed.includes(field));
  return {
    typed: { ...typed, ...pick(untouched, (field) => saved[field]) },
    original: { ...saved, ...pick(changed, before) },
  };
}

function pick(fields: readonly string[], value: (field: string) => string | undefined): Typed {
  return Object.fromEntries(fields.map((field) => [field, value(field) ?? ""]));
}
