import type { FieldMistake, Secret } from "@/components/admin/form-state";
import { plainLines, WAS } from "@/lib/desk-form";
import type { Edit, Values } from "@/lib/merge-edits";
import type { NamesRefused } from "@/lib/signatories";

/**
 * What an action of the desk came to. `deskAction` adds what was typed.
 * @typeParam Result what it found, for the form to show.
 */
export type Outcome<Result = never> =
  | { kind: "done"; message: string; secret?: Secret }
  | { kind: "found"; result: Result }
  | { kind: "redirect"; to: string }
  | { kind: "invalid"; mistakes: readonly FieldMistake[] }
  | { kind: "conflict"; mistakes: readonly FieldMistake[]; theirs: Values }
  | { kind: "failed"; title: string; message: string }
  | NamesRefused;

/** The action has been carried out. The page shows the message above the form. */
export function done(message: string, secret?: Secret): Outcome {
  return secret === undefined ? { kind: "done", message } : { kind: "done", message, secret };
}

/** The action has been carried out, and another page says so. */
export function redirectTo(to: string): Outcome {
  return { kind: "redirect", to };
}

/** One field is wrong. The text names the field and the remedy. */
export function invalid(field: string, text: string): Outcome {
  return { kind: "invalid", mistakes: [{ field, text }] };
}

/** Nothing was done, for a reason that no field is to blame for. */
export function failed(title: string, message: string): Outcome {
  return { kind: "failed", title, message };
}

/**
 * Somebody else has changed the same fields meanwhile. The form shows both versions: theirs in words, and
 * what was typed in the fields.
 * @param theirs the values that somebody else has saved, by field.
 * @param labels what the fields are called.
 */
export function conflict(theirs: Values, labels: Values): Outcome {
  const mistakes = Object.entries(theirs).map(([field, value]) => ({
    field,
    text: `${labels[field] ?? field}: somebody else has changed this to ${value === "" ? "nothing" : `“${value}”`} since you opened the page. Save again to use what you typed instead.`,
  }));
  return { kind: "conflict", mistakes, theirs };
}

/** Returns what a form showed first and what was sent, for the fields named. */
export function editIn(form: Values, fields: readonly string[]): Edit {
  const pick = (prefix: string) =>
    Object.fromEntries(fields.map((field) => [field, plainLines(form[`${prefix}${field}`] ?? "")]));
  return { was: pick(WAS), now: pick("") };
}
