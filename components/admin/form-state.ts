/** What is wrong with one field, in words that name it. */
export type FieldMistake = { field: string; text: string };

/** A code that is asked for: why, whether one was given and refused, and whether the phone's clock seems to be off. */
export type AskedCode = { why: string; refused: boolean; clockOff: boolean };

/** What is asked before something is done. */
export type Question = { title: string; text: string; button: string };

/** What was typed into a form, by field. */
export type Typed = Readonly<Record<string, string>>;

/** What came of posting a form of the desk. All but the first keep what was typed. */
export type FormState =
  | { kind: "untouched" }
  | { kind: "invalid"; mistakes: readonly FieldMistake[]; typed: Typed }
  | { kind: "asking"; question: Question | null; code: AskedCode | null; typed: Typed }
  | { kind: "done"; message: string }
  | { kind: "failed"; title: string; message: string; typed: Typed };

/** A Server Action of the desk. */
export type FormAction = (before: FormState, form: FormData) => Promise<FormState>;

export const UNTOUCHED: FormState = { kind: "untouched" };
