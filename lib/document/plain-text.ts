import type { Text } from "./types";

/** Returns the words of a text without marks and references. */
export function plainText(text: Text): string {
  return text
    .map((inline) => {
      if (inline.kind === "text") return inline.text;
      return inline.kind === "reference" ? "" : plainText(inline.children);
    })
    .join("")
    .replace(/\s+/g, " ")
    .trim();
}
