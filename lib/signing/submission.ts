import { CONSENT_VERSION } from "@/lib/consent";
import { open, seal } from "@/lib/db/encryption";
import { keyedHash } from "@/lib/db/keyed-hash";
import {
  COLUMNS,
  FIELDS,
  type FieldsWith,
  fieldsWith,
  isTick,
  type KeptField,
  type Shown,
} from "@/lib/fields";
import { isLocale } from "@/lib/i18n/locales";
import { mendAddress, spellingOf } from "@/lib/mailbox";
import type { SignatureRequest } from "./form";

/**
 * Length of a mark in bytes: distinguishes submissions for one mailbox, too short to reveal anything else.
 */
const MARK_BYTES = 4;
const END_OF_PART = "\n";
const TICKED = "yes";

type SubmittedField = KeptField & FieldsWith<"onForm">;
/** The fields of the form that are stored with a signature. */
const SUBMITTED = fieldsWith("onForm").filter(
  (name): name is SubmittedField => FIELDS[name].sealed || FIELDS[name].column !== null,
);

/** Those fields that have a column of their own. */
export const SUBMITTED_COLUMNS = COLUMNS.flatMap((column) => {
  const field = SUBMITTED.find((name) => name === column.field);
  return field === undefined ? [] : [{ ...column, field }];
});

/** What the link in one mail confirms: the form exactly as it was sent. */
export type Submission = Shown<SubmittedField> & {
  /** Version of the consent text that the form showed. */
  consentVersion: string;
  /** Version of the campaign's text that the form showed; null if it does not say. */
  textVersion: number | null;
};

/** Returns the part of a form that its confirmation stores. */
export function submissionOf(request: SignatureRequest): Submission {
  const kept = SUBMITTED.map((name) => [name, request[name]]);
  return {
    ...(Object.fromEntries(kept) as Shown<SubmittedField>),
    consentVersion: CONSENT_VERSION,
    textVersion: request.textVersion ?? null,
  };
}

/** Seals a submission, bound to the mail that asks to confirm it. Throws when a part has several lines. */
export function sealSubmission(submission: Submission, mailId: string): Buffer<ArrayBuffer> {
  const parts = partsOf(submission);
  if (parts.some((part) => part.includes(END_OF_PART)))
    throw new Error("a submission with a part of several lines cannot be sealed");
  return seal(parts.join(END_OF_PART), placeOf(mailId));
}

/** Opens a value sealed by `sealSubmission`. Throws as `open` does, and when the language is unknown. */
export function openSubmission(sealed: Uint8Array, dataKeyId: string, mailId: string): Submission {
  const parts = open(sealed, dataKeyId, placeOf(mailId)).split(END_OF_PART);
  const consentVersion = parts.pop() ?? "";
  const fields = SUBMITTED.map((name, at) => [name, isTick(name) ? parts[at] === TICKED : (parts[at] ?? "")]);
  const textVersion = parts[SUBMITTED.length];
  const submitted = Object.fromEntries(fields) as Shown<SubmittedField>;
  if (!isLocale(submitted.locale)) throw new Error("a sealed submission is in no language of ours");
  return {
    ...submitted,
    consentVersion,
    textVersion: textVersion === undefined ? null : Number(textVersion),
  };
}

/** Returns a short mark of everything in a submission, for comparing submissions of one mailbox only. */
export function submissionMark(submission: Submission): Buffer<ArrayBuffer> {
  const email = spellingOf(mendAddress(submission.email));
  const text = partsOf({ ...submission, email }).join(END_OF_PART);
  return keyedHash("submission", text).subarray(0, MARK_BYTES);
}

function partsOf(submission: Submission): string[] {
  const parts: string[] = [];
  for (const name of SUBMITTED) {
    const value = submission[name];
    parts.push(typeof value === "string" ? value : value ? TICKED : "");
  }
  // Left out rather than empty, so that forms without one are sealed and marked as before there were versions.
  if (submission.textVersion !== null) parts.push(String(submission.textVersion));
  parts.push(submission.consentVersion);
  return parts;
}

function placeOf(mailId: string) {
  return { table: "mail", column: "submission", id: mailId } as const;
}
