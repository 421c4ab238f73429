/** An error in one field, in words that name it. */
export type FieldMistake = { field: string; text: string };

/**
 * A request for a code: the reason, whether a code was given and refused, and whether the phone's clock seems
 * to be off.
 */
export type AskedCode = { why: string; refused: boolean; clockOff: boolean };

/** The question asked before an action. */
export type Question = { title: string; text: string; button: string };

/** What was typed into a form, by field. */
export type Typed = Readonly<Record<string, string>>;

/** A secret that is shown once, and what it is. */
export type Secret = { what: string; text: string };

/**
 * The result of submitting a desk form. All but the first keep what was typed.
 * @typeParam Result what the action found, for the form to show.
 */
export type FormState<Result = never> =
  | { kind: "untouched" }
  | { kind: "invalid"; mistakes: readonly FieldMistake[]; typed: Typed }
  | { kind: "asking"; question: Question | null; code: AskedCode | null; typed: Typed }
  | { kind: "done"; message: string; secret?: Secret }
  | { kind: "found"; result: Result; typed: Typed }
  | { kind: "failed"; title: string; message: string; typed: Typed };

/** A Server Action of the desk. */
export type FormAction<Result = never> = (
  before: FormState<Result>,
  form: FormData,
) => Promise<FormState<Result>>;

export const UNTOUCHED = { kind: "untouched" } as const satisfies FormState;
