import type { PageVariant } from "@/lib/http/page-cache";
import { readShareCode } from "@/lib/sharing";

/** Stands for the share code in the page that is rendered once for all of them. It can be no code itself, nor a word. */
export const REFERENCE_PLACEHOLDER = "REFERENCE-PLACEHOLDER";

/** The share code that a reader came through, by `?ref=`; null when there is none of the one shape. */
export function referenceOf(request: Request): string | null {
  return readShareCode(new URL(request.url).searchParams.get("ref") ?? "");
}

/**
 * The campaign page for readers who came through a short link. The code takes the placeholder's place in the form and in
 * the links to the other languages, so that it is kept with no cookie and no script.
 */
export function referenceVariant(code: string): PageVariant {
  return { name: code, fill: (markup) => markup.replaceAll(REFERENCE_PLACEHOLDER, code) };
}
