import { z } from "zod";
import { COUNTRY_CODES } from "@/lib/i18n/countries";
import { LOCALES, type Locale } from "@/lib/i18n/locales";
import type { ErrorKey } from "@/lib/i18n/messages";
import { emailMistake, mendAddress } from "@/lib/mailbox";
import { nameMistake, tidyName } from "./name-rules";

/** Definition of a field of the signature form. */
type Field = {
  /** Reads the posted value. Messages are keys of `errors` in the languages' texts. */
  schema: z.ZodType;
  /** How people fill it in. A `hidden` field is set by the page. */
  control: "text" | "choice" | "tick" | "hidden";
  /** Stored as a part of the one sealed value. */
  sealed: boolean;
  /** The column of `signature` that stores it, readable for the database. */
  column: string | null;
  /** Asked for when signing. */
  onForm: boolean;
  /** The signer may change it on their own page. */
  correctable: boolean;
  /** A column of exports, under the field's name. */
  exported: boolean;
  /** A column of a file of paper signatures, under the field's name or one of `headings`. */
  onPaper: boolean;
  headings: readonly string[];
};

/** Returns an error key. The compiler checks that it has a text. */
function key(error: ErrorKey): ErrorKey {
  return error;
}

/** Reports a rule's verdict as an issue whose message is the error's key. */
function following(mistake: (text: string) => ErrorKey | null) {
  return (text: string, context: z.RefinementCtx) => {
    const message = mistake(text);
    if (message !== null) context.addIssue({ code: "custom", message });
  };
}

const ticked = z
  .string()
  .optional()
  .transform((value) => value === "yes");

/**
 * The fields of the signature form, in its order. Signing, correcting, sealing, export and paper all use this
 * table. Sealed parts keep their order: add a new one after the other sealed ones. docs/extending.md says
 * what else a field needs.
 *
 * Here and not in lib/signing, because lib/people and lib/export need it too, and signing needs them.
 */
export const FIELDS = {
  name: {
    schema: z
      .string(key("name.missing"))
      .transform((raw) => tidyName(raw))
      .superRefine(following(nameMistake)),
    control: "text",
    sealed: true,
    column: null,
    onForm: true,
    correctable: true,
    exported: true,
    onPaper: true,
    headings: ["full name", "نام", "نوم"],
  },
  /** Never corrected: the signature was confirmed through it. Empty for some who signed on paper. */
  email: {
    schema: z
      .string(key("email.invalid"))
      .transform((raw) => mendAddress(raw))
      .superRefine(following(emailMistake)),
    control: "text",
    sealed: true,
    column: null,
    onForm: true,
    correctable: false,
    exported: true,
    onPaper: true,
    headings: ["e-mail", "email address", "mail", "ای میل", "ای میل ایڈریس", "ایمیل", "برېښنالیک"],
  },
  country: {
    schema: z
      .string(key("country.unknown"))
      .trim()
      .toUpperCase()
      .pipe(z.enum(COUNTRY_CODES, key("country.unknown"))),
    control: "choice",
    sealed: false,
    column: "country",
    onForm: true,
    correctable: true,
    exported: true,
    onPaper: true,
    headings: ["ملک", "کشور", "هېواد"],
  },
  /** Stored as the version of the text that was agreed to. */
  consent: {
    schema: z.literal("yes", key("consent.missing")),
    control: "tick",
    sealed: false,
    column: null,
    onForm: true,
    correctable: false,
    exported: false,
    onPaper: false,
    headings: [],
  },
  publicName: {
    schema: ticked,
    control: "tick",
    sealed: false,
    column: "public_name",
    onForm: true,
    correctable: true,
    exported: true,
    onPaper: false,
    headings: [],
  },
  /** Shows only the first letter of the name, where the name is shown. */
  publicInitial: {
    schema: ticked,
    control: "tick",
    sealed: false,
    column: "public_initial",
    onForm: false,
    correctable: true,
    exported: false,
    onPaper: false,
    headings: [],
  },
  updates: {
    schema: ticked,
    control: "tick",
    sealed: false,
    column: "wants_updates",
    onForm: true,
    correctable: true,
    exported: true,
    onPaper: true,
    headings: ["news", "خبریں", "خبرها", "خبرونه"],
  },
  locale: {
    schema: z.enum(LOCALES, key("locale.unknown")),
    control: "hidden",
    sealed: false,
    column: "locale",
    onForm: true,
    correctable: true,
    exported: true,
    onPaper: true,
    headings: ["language", "زبان", "ژبه"],
  },
} as const satisfies Record<string, Field>;

type Fields = typeof FIELDS;
export type FieldName = keyof Fields;
type Flag = "sealed" | "onForm" | "correctable" | "exported" | "onPaper";
/** The names of the fields that are `sealed`, `onForm`, … */
export type FieldsWith<F extends Flag> = {
  [Name in FieldName]: Fields[Name][F] extends true ? Name : never;
}[FieldName];
type FieldsInColumns = {
  [Name in FieldName]: Fields[Name]["column"] extends string ? Name : never;
}[FieldName];
/** The names of the fields that a signature stores. */
export type KeptField = FieldsWith<"sealed"> | FieldsInColumns;
/** Fields as they are stored and shown: ticks are booleans. */
export type Shown<Name extends FieldName> = {
  [Each in Name]: Fields[Each]["control"] extends "tick" ? boolean : Each extends "locale" ? Locale : string;
};
/** What was typed into the form, to be shown again. */
export type TypedForm = Omit<Shown<FieldsWith<"onForm">>, "locale">;

/** All fields, in the order of the form. */
export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[];

/** Lists the fields that are `sealed`, `onForm`, …, in the order of the form. */
export function fieldsWith<F extends Flag>(flag: F): readonly FieldsWith<F>[] {
  return FIELD_NAMES.filter((name) => FIELDS[name][flag]) as FieldsWith<F>[];
}

type Control = Field["control"];
type FormFieldsBy<C extends Control> = {
  [Name in FieldsWith<"onForm">]: Fields[Name]["control"] extends C ? Name : never;
}[FieldsWith<"onForm">];

/** Lists the fields of the form with one kind of control, in its order. */
export function formFieldsBy<C extends Control>(control: C): readonly FormFieldsBy<C>[] {
  return fieldsWith("onForm").filter((name) => FIELDS[name].control === control) as FormFieldsBy<C>[];
}

/** Returns one schema of several fields. */
export function schemaOf<Name extends FieldName>(
  names: readonly Name[],
): z.ZodObject<{ [Each in Name]: Fields[Each]["schema"] }> {
  const shape = Object.fromEntries(names.map((name) => [name, FIELDS[name].schema]));
  return z.object(shape as { [Each in Name]: Fields[Each]["schema"] });
}

const FORM_CONTROLS = fieldsWith("onForm").filter((name) => FIELDS[name].control !== "hidden");

/** Reads what was typed from a posted form, valid or not. */
export function typedIn(posted: Record<string, unknown>): TypedForm {
  const typed = FORM_CONTROLS.map((name) => {
    const value = posted[name];
    return [name, isTick(name) ? value === "yes" : typeof value === "string" ? value : ""];
  });
  return Object.fromEntries(typed) as TypedForm;
}

/** Whether a field is yes or no. */
export function isTick(name: FieldName): boolean {
  return FIELDS[name].control === "tick";
}
