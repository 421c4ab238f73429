import type { ErrorKey } from "@/lib/i18n/messages/error-keys";

// What may be in a field, in plain code with nothing imported: the browser's enhancement carries these very rules.

/** Lengths of a name, in characters (Unicode code points), after tidying. */
export const NAME_MIN_CHARACTERS = 2;
export const NAME_MAX_CHARACTERS = 100;
/** The longest address that can be mailed, in characters (RFC 5321, 4.5.3.1.3, less the angle brackets). */
export const EMAIL_MAX_CHARACTERS = 254;

const CONTROL_OR_BIDI_OVERRIDE = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/u;
const URL_IN_NAME = /:\/\/|\bwww\.|[\p{L}\p{N}]\.(com|net|org|info|io|ru|cn|pk|af|biz|xyz|top)\b/iu;
/** An address as providers take it: dots between parts, a domain of two labels or more. */
const EMAIL_FORM =
  /^(?:[A-Za-z0-9_'+-]+\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/;

const characters = (text: string) => [...text].length;

/** A name as people write it: composed characters, no space around, single spaces within. */
export function tidyName(name: string): string {
  return name
    .normalize("NFC")
    .trim()
    .replace(/\p{White_Space}+/gu, " ");
}

/** What is wrong with a tidied name, or null. */
export function nameMistake(name: string): ErrorKey | null {
  if (CONTROL_OR_BIDI_OVERRIDE.test(name)) return "name.control";
  if (characters(name) < NAME_MIN_CHARACTERS) return "name.short";
  if (characters(name) > NAME_MAX_CHARACTERS) return "name.long";
  return URL_IN_NAME.test(name) ? "name.url" : null;
}

/** What is wrong with an address without space around it, or null. */
export function emailMistake(email: string): ErrorKey | null {
  if (characters(email) > EMAIL_MAX_CHARACTERS) return "email.long";
  return EMAIL_FORM.test(email) ? null : "email.invalid";
}
