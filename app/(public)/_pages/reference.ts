import type { PageVariant } from "@/lib/http/page-cache";
import { readShareCode } from "@/lib/sharing";

/**
 * Placeholder for the share code in the page, which is rendered once for all codes. It is neither a valid
 * code nor a word.
 */
export const REFERENCE_PLACEHOLDER = "REFERENCE-PLACEHOLDER";

/** Returns the share code in `?ref=`, or null if it is missing or malformed. */
export function referenceOf(request: Request): string | null {
  return readShareCode(new URL(request.url).searchParams.get("ref") ?? "");
}

/**
 * Returns the variant of the campaign page for readers who came by a short link. The code replaces the
 * placeholder in the form and in the links to other languages, so it survives without cookies or scripts.
 */
export function referenceVariant(code: string): PageVariant {
  return { name: code, fill: (markup) => markup.replaceAll(REFERENCE_PLACEHOLDER, code) };
}
