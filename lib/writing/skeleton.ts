import { untranslated } from "@/lib/document";

/**
 * Returns a document that is still to be translated: the structure of the original, with `…` for each part. What
 * is missing is shown in the first language.
 */
export function skeletonOf(original: string): string {
  return untranslated(original) || "---\ntitle: …\n---\n";
}
