import { z } from "zod";
import { FIELDS, type FieldName, fieldsWith, schemaOf } from "@/lib/fields";
import { originOf } from "@/lib/http/origin";
import type { ErrorKey } from "@/lib/i18n/messages";
import { readShareCode } from "@/lib/sharing";

/** Largest request body that the form's endpoint accepts, in bytes. */
export const SIGNATURE_BODY_LIMIT_BYTES = 16 * 1024;
/**
 * A field that people cannot see or reach, so whatever fills it in is a bot. The name means nothing to
 * autofill and password managers, which fill fields called `url`, `website` or `email2` for honest signers.
 */
export const TRAP_FIELD = "vacant";

/** The signature form: its fields (lib/fields), and what the page adds itself. Error messages are keys. */
export const signatureForm = schemaOf(fieldsWith("onForm")).extend({
  // An unknown or misshapen share code is ignored, never an error: the signer did not type it.
  ref: z
    .string()
    .optional()
    .transform((code) => readShareCode(code ?? "") ?? undefined),
  // The version of the campaign's text that the page showed. Without one, the current version counts as read.
  textVersion: z
    .unknown()
    .optional()
    .transform((number) => {
      const digits = /^[1-9]\d{0,8}$/.exec(String(number))?.[0];
      return digits === undefined ? undefined : Number(digits);
    }),
  // The site that shows the form in a frame. Anything but an origin is ignored, since no signer typed it.
  origin: z
    .unknown()
    .optional()
    .transform((address) => originOf(address) ?? undefined),
});

export type SignatureRequest = z.output<typeof signatureForm>;

/** The fields a signatory may correct later. The address stays: the signature was confirmed through it. */
const correctionForm = schemaOf(fieldsWith("correctable"));

export type Correction = z.output<typeof correctionForm>;

/** Errors by field, in the order of the form. */
export type FieldErrors = Partial<Record<FieldName, ErrorKey[]>>;

/** Whether a bot filled in the form, judging by the field that people never see. */
export function isTrapped(fields: Record<string, unknown>): boolean {
  return fields[TRAP_FIELD] !== undefined && fields[TRAP_FIELD] !== "";
}

export type CheckedForm = { ok: true; request: SignatureRequest } | { ok: false; errors: FieldErrors };

/** Validates raw fields as a signature request. Reports the errors of every field. */
export function checkSignatureForm(fields: Record<string, unknown>): CheckedForm {
  const parsed = signatureForm.safeParse(fields);
  if (parsed.success) return { ok: true, request: parsed.data };
  return { ok: false, errors: z.flattenError(parsed.error).fieldErrors as FieldErrors };
}

export type CheckedCorrection = { ok: true; correction: Correction } | { ok: false; errors: FieldErrors };

/** Validates raw fields as a correction. Reports the errors of every field. */
export function checkCorrection(fields: Record<string, unknown>): CheckedCorrection {
  const parsed = correctionForm.safeParse(fields);
  if (parsed.success) return { ok: true, correction: parsed.data };
  return { ok: false, errors: z.flattenError(parsed.error).fieldErrors as FieldErrors };
}

export type CheckedEmail = { ok: true; email: string } | { ok: false; errors: ErrorKey[] };

/** Validates one raw field as an email address. */
export function checkEmail(field: unknown): CheckedEmail {
  const parsed = FIELDS.email.schema.safeParse(field);
  if (parsed.success) return { ok: true, email: parsed.data };
  return { ok: false, errors: parsed.error.issues.map((issue) => issue.message as ErrorKey) };
}
