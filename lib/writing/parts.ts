import { partsOf, replacePart } from "@/lib/document";
import { partLabel, sectionOf } from "./labels";

/** Begins the name of a form field that holds a part of a document. */
const PREFIX = "part.";

/** A part of a document as a form shows it. */
export type PartField = {
  /** The form field's name. */
  name: string;
  label: string;
  text: string;
  /** The section it belongs to; null above the sections. */
  section: number | null;
};

/** Returns a document as fields of a form, in its order; none if it cannot be taken apart. */
export function partFields(document: string): PartField[] {
  return partsOf(document).map(({ key, markdown }) => ({
    name: `${PREFIX}${key}`,
    label: partLabel(key),
    text: markdown,
    section: sectionOf(key),
  }));
}

export type WithParts =
  | { ok: true; document: string }
  | { ok: false; mistakes: { field: string; text: string }[] };

/**
 * Writes the fields of a form into a document. Everything else stays as it is.
 * @param typed what the fields hold by name; others are ignored.
 */
export function withParts(document: string, typed: Readonly<Record<string, string>>): WithParts {
  const before = new Map(partsOf(document).map(({ key, markdown }) => [key, markdown]));
  const mistakes: { field: string; text: string }[] = [];
  let written = document;
  for (const [field, text] of Object.entries(typed)) {
    if (!field.startsWith(PREFIX)) continue;
    const key = field.slice(PREFIX.length);
    if (sameText(before.get(key), text)) continue;
    const replaced = replacePart(written, key, text);
    if (replaced.kind === "replaced") written = replaced.markdown;
    else mistakes.push({ field, text: `${partLabel(key)}: ${whyNot(replaced.kind, text)}` });
  }
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, document: written };
}

function whyNot(kind: "unknown-part" | "unfit", text: string): string {
  if (kind === "unknown-part")
    return "this part is no longer in the text. Copy what you wrote, and reload the page.";
  return text.trim() === ""
    ? "it cannot be empty here. To remove it, open “As text”."
    : "this field takes one paragraph, without a heading, a list or an empty line in it. To add one, open “As text”.";
}

/** Browsers send line ends as CR LF. */
function sameText(one: string | undefined, other: string): boolean {
  return one !== undefined && one.trim() === other.replaceAll("\r\n", "\n").trim();
}
