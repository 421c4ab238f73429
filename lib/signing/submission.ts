import { CONSENT_VERSION } from "@/lib/consent";
import { open, seal } from "@/lib/db/encryption";
import { keyedHash } from "@/lib/db/keyed-hash";
import { isLocale, type Locale } from "@/lib/i18n/locales";
import { mendAddress, spellingOf } from "@/lib/mailbox";
import type { Person } from "@/lib/people";
import type { SignatureRequest } from "./form";

/** Bytes that tell submissions for one mailbox apart: few, so that they tell nothing else. */
const MARK_BYTES = 4;
const END_OF_PART = "\n";
const TICKED = "yes";

/** What the link of one mail confirms: the form exactly as it was sent. */
export type Submission = Person & {
  country: string;
  locale: Locale;
  updates: boolean;
  publicName: boolean;
  /** Of the consent text that the form showed. */
  consentVersion: string;
};

/** The part of a form that its confirmation stores. */
export function submissionOf(request: SignatureRequest): Submission {
  const { name, email, country, locale, updates, publicName } = request;
  return { name, email, country, locale, updates, publicName, consentVersion: CONSENT_VERSION };
}

/** Seals a submission for the one mail that asks to confirm it. Throws when a part has several lines. */
export function sealSubmission(submission: Submission, mailId: string): Buffer<ArrayBuffer> {
  const parts = partsOf(submission);
  if (parts.some((part) => part.includes(END_OF_PART)))
    throw new Error("a submission with a part of several lines cannot be sealed");
  return seal(parts.join(END_OF_PART), placeOf(mailId));
}

/** Opens what `sealSubmission` made. Throws as `open` does. */
export function openSubmission(sealed: Uint8Array, dataKeyId: string, mailId: string): Submission {
  const [name = "", email = "", country = "", locale = "", updates, publicName, consentVersion = ""] = open(
    sealed,
    dataKeyId,
    placeOf(mailId),
  ).split(END_OF_PART);
  if (!isLocale(locale)) throw new Error("a sealed submission is in no language of ours");
  return {
    name,
    email,
    country,
    locale,
    updates: updates === TICKED,
    publicName: publicName === TICKED,
    consentVersion,
  };
}

/** A short mark of all that a submission holds, to be compared among submissions for one mailbox only. */
export function submissionMark(submission: Submission): Buffer<ArrayBuffer> {
  const email = spellingOf(mendAddress(submission.email));
  const text = partsOf({ ...submission, email }).join(END_OF_PART);
  return keyedHash("submission", text).subarray(0, MARK_BYTES);
}

function partsOf({
  name,
  email,
  country,
  locale,
  updates,
  publicName,
  consentVersion,
}: Submission): string[] {
  const ticks = [updates, publicName].map((isTicked) => (isTicked ? TICKED : ""));
  return [name, email, country, locale, ...ticks, consentVersion];
}

function placeOf(mailId: string) {
  return { table: "mail", column: "submission", id: mailId } as const;
}
