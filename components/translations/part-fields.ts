import type { TranslationEdit } from "@/lib/translations";

// The fields of the forms in which parts are translated, at the desk and by a translator's link.

const TEXT = "text.";
const WAS = "was.";
const SEEN = "seen.";
const STILL = "still.";

export const textField = (key: string) => `${TEXT}${key}`;
/** Holds what a field showed first. */
export const wasField = (key: string) => `${WAS}${TEXT}${key}`;
/** Holds which original the page showed. */
export const seenField = (key: string) => `${SEEN}${key}`;
/** A tick: an outdated translation still holds. */
export const stillField = (key: string) => `${STILL}${key}`;

/** Returns the translated parts that a form sends. */
export function editsIn(form: Readonly<Record<string, string>>): TranslationEdit[] {
  return Object.keys(form).flatMap((field) => {
    if (!field.startsWith(TEXT)) return [];
    const key = field.slice(TEXT.length);
    const edit = { key, was: form[wasField(key)] ?? "", now: form[field] ?? "" };
    const originalSeen = form[seenField(key)];
    return [
      {
        ...edit,
        ...(originalSeen === undefined ? {} : { originalSeen }),
        stillRight: form[stillField(key)] === "yes",
      },
    ];
  });
}
