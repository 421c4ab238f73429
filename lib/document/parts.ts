import { type DraftPart, readDraft } from "./draft";
import { footnotesIn } from "./markdown";
import { attributeText } from "./structure";
import type { Part } from "./types";

/** Far more than any document cites. */
const SOURCES_MAX = 2_000;

/** What came of writing a text into a document. */
export type Replaced =
  | { kind: "replaced"; markdown: string }
  | { kind: "unknown-part" }
  /** The text would not stay one part, such as a paragraph with an empty line or a heading in it. */
  | { kind: "unfit" };

/** Returns the translatable parts of a document in their order; none if it cannot be parsed. */
export function partsOf(markdown: string): readonly Part[] {
  return draftParts(markdown).map(({ key, markdown: text, start, end, line }) => ({
    key,
    markdown: text,
    start,
    end,
    line,
  }));
}

/**
 * Writes another text in the place of a part. Everything else stays as it is, to the byte.
 * @param key the part's, from `partsOf`.
 * @param text Markdown. A text that has one line only, such as a title, is joined to one.
 */
export function replacePart(markdown: string, key: string, text: string): Replaced {
  const parts = draftParts(markdown);
  const part = parts.find((each) => each.key === key);
  if (!part) return { kind: "unknown-part" };
  const wanted = asRead(part, text);
  if (wanted === part.markdown) return { kind: "replaced", markdown };
  for (const written of writings(markdown, part, wanted)) {
    const replaced = markdown.slice(0, part.start) + written + markdown.slice(part.end);
    const after = draftParts(replaced);
    const same =
      after.length === parts.length &&
      after.every(
        (each, at) =>
          each.key === parts[at]?.key && each.markdown === (each.key === key ? wanted : parts[at]?.markdown),
      );
    if (same) return { kind: "replaced", markdown: replaced };
  }
  return { kind: "unfit" };
}

function draftParts(markdown: string): DraftPart[] {
  try {
    const sources = [...footnotesIn(markdown)].slice(0, SOURCES_MAX);
    const draft = readDraft(markdown, { sources, locale: null, whole: false }, () => {});
    return [...(draft?.parts.values() ?? [])].sort((one, other) => one.start - other.start);
  } catch {
    // Text that is nested without end overflows the parsers.
    return [];
  }
}

/** A text as `partsOf` will give it back. */
function asRead({ slot }: DraftPart, text: string): string {
  const trimmed = text.replace(/\r\n?/g, "\n").trim();
  return slot.kind === "line" || slot.kind === "attribute" ? trimmed.replace(/\s+/g, " ") : trimmed;
}

/** The ways to write a text into a file, the nicest first. */
function writings(markdown: string, { slot, end }: DraftPart, text: string): string[] {
  const newline = markdown.includes("\r\n") ? "\r\n" : "\n";
  const indented = (indent: number) =>
    text
      .split("\n")
      .map((line, at) => (at === 0 || line === "" ? line : " ".repeat(indent) + line))
      .join(newline);
  switch (slot.kind) {
    case "text":
    case "block":
      return [indented(slot.indent)];
    case "line":
      return [text];
    case "attribute":
      return [attributeText(text)];
    case "scalar": {
      const quoted = JSON.stringify(text);
      if (!text.includes("\n")) return slot.plain ? [text, quoted] : [quoted];
      const alone = /^[ \t]*(?:\r?\n|$)/.test(markdown.slice(end));
      return alone ? [`|${newline}${" ".repeat(slot.indent)}${indented(slot.indent)}`, quoted] : [quoted];
    }
  }
}
