import { z } from "zod";
import { COUNTRY_CODES } from "@/lib/i18n/countries";
import { LOCALES } from "@/lib/i18n/locales";
import type { ErrorKey } from "@/lib/i18n/messages";

/** Lengths of a name, in characters (Unicode code points), after tidying. */
export const NAME_MIN_CHARACTERS = 2;
export const NAME_MAX_CHARACTERS = 100;
/** The longest address that can be mailed, in characters (RFC 5321, 4.5.3.1.3, less the angle brackets). */
export const EMAIL_MAX_CHARACTERS = 254;
/** The largest body the form's address takes, in bytes. */
export const SIGNATURE_BODY_LIMIT_BYTES = 16 * 1024;
const REF_MAX_CHARACTERS = 32;

const CONTROL_OR_BIDI_OVERRIDE = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/u;
const URL_IN_NAME = /:\/\/|\bwww\.|[\p{L}\p{N}]\.(com|net|org|info|io|ru|cn|pk|af|biz|xyz|top)\b/iu;

/** A name as people write it: composed characters, no space around, single spaces within. */
export function tidyName(name: string): string {
  return name
    .normalize("NFC")
    .trim()
    .replace(/\p{White_Space}+/gu, " ");
}

function key(error: ErrorKey): ErrorKey {
  return error;
}

const characters = (text: string) => [...text].length;
const ticked = z
  .string()
  .optional()
  .transform((value) => value === "yes");

const name = z
  .string(key("name.short"))
  // A tab or line break inside a name is space to be tidied; any other control character is refused.
  .transform((raw) => tidyName(raw))
  .pipe(
    z
      .string()
      .refine((text) => !CONTROL_OR_BIDI_OVERRIDE.test(text), { error: key("name.control"), abort: true })
      .refine((text) => characters(text) >= NAME_MIN_CHARACTERS, { error: key("name.short"), abort: true })
      .refine((text) => characters(text) <= NAME_MAX_CHARACTERS, { error: key("name.long"), abort: true })
      .refine((text) => !URL_IN_NAME.test(text), key("name.url")),
  );

const email = z
  .string(key("email.invalid"))
  .trim()
  .refine((text) => characters(text) <= EMAIL_MAX_CHARACTERS, { error: key("email.long"), abort: true })
  .pipe(z.email(key("email.invalid")));

const country = z
  .string(key("country.unknown"))
  .trim()
  .toUpperCase()
  .pipe(z.enum(COUNTRY_CODES, key("country.unknown")));

/** The signature form: the one description that page, route and documentation go by. Messages are keys. */
export const signatureForm = z.object({
  name,
  email,
  country,
  consent: z.literal("yes", key("consent.missing")),
  updates: ticked,
  publicName: ticked,
  locale: z.enum(LOCALES, key("locale.unknown")),
  // An unknown or misshapen share code is ignored, never an error: the signer did not type it.
  ref: z
    .string()
    .optional()
    .transform((code) =>
      code && code.length <= REF_MAX_CHARACTERS && /^[\w-]+$/.test(code) ? code : undefined,
    ),
});

export type SignatureRequest = z.output<typeof signatureForm>;

/** What was wrong, field by field, in the order of the form. */
export type FieldErrors = Partial<Record<"name" | "email" | "country" | "consent" | "locale", ErrorKey[]>>;

export type CheckedForm = { ok: true; request: SignatureRequest } | { ok: false; errors: FieldErrors };

/** Reads raw fields as a signature request, or says for every field what is wrong with it. */
export function checkSignatureForm(fields: Record<string, unknown>): CheckedForm {
  const parsed = signatureForm.safeParse(fields);
  if (parsed.success) return { ok: true, request: parsed.data };
  return { ok: false, errors: z.flattenError(parsed.error).fieldErrors as FieldErrors };
}

/** The address in the one form that uniqueness goes by: composed, domain in lower case. Never mailed to. */
export function normaliseEmail(email: string): string {
  const at = email.lastIndexOf("@");
  return `${email.slice(0, at)}@${email.slice(at + 1).toLowerCase()}`.normalize("NFC");
}
