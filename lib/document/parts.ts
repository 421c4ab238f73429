import { type Draft, type DraftPart, readDraft } from "./draft";
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
    const replaced = spliced(markdown, [{ part, written }]);
    if (says(replaced, parts, new Map([[key, wanted]]))) return { kind: "replaced", markdown: replaced };
  }
  return { kind: "unfit" };
}

/**
 * Writes several texts in the place of parts, as `replacePart` does.
 * @returns the document with those that fit, and the keys of those that do not or that it has no part for.
 */
export function replaceParts(
  markdown: string,
  texts: ReadonlyMap<string, string>,
): { markdown: string; unfit: readonly string[] } {
  const parts = draftParts(markdown);
  const edits = parts.flatMap((part) => {
    const text = texts.get(part.key);
    const wanted = text === undefined ? part.markdown : asRead(part, text);
    const [written] = wanted === part.markdown ? [] : writings(markdown, part, wanted);
    return written === undefined ? [] : [{ part, wanted, written }];
  });
  // Nearly always the nicest way to write each of them holds for all of them, and the text is parsed once.
  const together = spliced(markdown, edits);
  const unknown = [...texts.keys()].filter((key) => !parts.some((part) => part.key === key));
  if (says(together, parts, new Map(edits.map(({ part, wanted }) => [part.key, wanted]))))
    return { markdown: together, unfit: unknown };
  const unfit = [...unknown];
  let written = markdown;
  for (const { part, wanted } of edits) {
    const replaced = replacePart(written, part.key, wanted);
    if (replaced.kind === "replaced") written = replaced.markdown;
    else unfit.push(part.key);
  }
  return { markdown: written, unfit };
}

/** Puts texts in the place of parts, which are in their order. */
function spliced(markdown: string, edits: readonly { part: DraftPart; written: string }[]): string {
  return edits.reduceRight(
    (text, { part, written }) => text.slice(0, part.start) + written + text.slice(part.end),
    markdown,
  );
}

/** Whether a document has the same parts as before, with other texts in the place of some. */
function says(markdown: string, parts: readonly DraftPart[], wanted: ReadonlyMap<string, string>): boolean {
  const after = draftParts(markdown);
  return (
    after.length === parts.length &&
    after.every((each, at) => {
      const before = parts[at];
      return each.key === before?.key && each.markdown === (wanted.get(each.key) ?? before.markdown);
    })
  );
}

function draftParts(markdown: string): DraftPart[] {
  return [...(draftOf(markdown)?.parts.values() ?? [])].sort((one, other) => one.start - other.start);
}

/** Recently parsed drafts, by their text. A change of a document parses the same text several times. */
const lastRead = new Map<string, Draft | null>();
const LAST_READ_MAX = 12;

/** Reads a document however faulty its texts are; null if it cannot be parsed. */
export function draftOf(markdown: string): Draft | null {
  const known = lastRead.get(markdown);
  const draft = known === undefined ? readAnew(markdown) : known;
  lastRead.delete(markdown);
  lastRead.set(markdown, draft);
  for (const oldest of lastRead.keys()) {
    if (lastRead.size <= LAST_READ_MAX) break;
    lastRead.delete(oldest);
  }
  return draft;
}

function readAnew(markdown: string): Draft | null {
  try {
    const sources = [...footnotesIn(markdown)].slice(0, SOURCES_MAX);
    return readDraft(markdown, { sources, locale: null, whole: false }, () => {});
  } catch {
    // Text that is nested without end overflows the parsers.
    return null;
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
