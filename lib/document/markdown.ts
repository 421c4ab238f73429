import { directiveFromMarkdown } from "mdast-util-directive";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFootnoteFromMarkdown } from "mdast-util-gfm-footnote";
import { gfmTableFromMarkdown } from "mdast-util-gfm-table";
import { directive } from "micromark-extension-directive";
import { gfmFootnote } from "micromark-extension-gfm-footnote";
import { gfmTable } from "micromark-extension-gfm-table";

type Root = ReturnType<typeof fromMarkdown>;
export type MarkdownNode = Root["children"][number];
type OfType<Type extends MarkdownNode["type"]> = Extract<MarkdownNode, { type: Type }>;
export type ParagraphNode = OfType<"paragraph">;
export type ListNode = OfType<"list">;
export type TableNode = OfType<"table">;
export type ContainerNode = OfType<"containerDirective">;
export type HeadingNode = OfType<"heading">;
export type PhrasingNode = ParagraphNode["children"][number];

/** Blocks between fences and marks such as `:advice[…]`. A line `::name` is no block here: it stays text. */
const { text: textDirective, flow } = directive();
const directives = {
  ...(textDirective && { text: textDirective }),
  flow: Object.fromEntries(
    Object.entries(flow ?? {}).map(([code, constructs]) => [
      code,
      [constructs ?? []].flat().filter((construct) => construct.concrete),
    ]),
  ),
};
const OPTIONS = {
  extensions: [directives, gfmFootnote(), gfmTable()],
  mdastExtensions: [directiveFromMarkdown(), gfmFootnoteFromMarkdown(), gfmTableFromMarkdown()],
};

/**
 * Parses Markdown that `fencesOf` let through.
 * @param keys the sources that footnotes may lead to. A footnote is one only if it is defined, so their definitions
 * are put behind the text.
 */
export function parseMarkdown(text: string, keys: Iterable<string>): MarkdownNode[] {
  const used = new Set([...footnotesIn(text)].map((key) => key.toLowerCase()));
  const definitions = [...keys].filter((key) => used.has(key.toLowerCase())).map((key) => `[^${key}]: -\n\n`);
  const root = fromMarkdown(`${text}\n\n${definitions.join("")}`, OPTIONS);
  return root.children.filter((node) => startOf(node) < text.length);
}

/** Where a node begins in the text, in UTF-16 units. */
export function startOf(node: { position?: MarkdownNode["position"] }): number {
  return node.position?.start.offset ?? 0;
}

/** Where a node ends in the text, in UTF-16 units. */
export function endOf(node: { position?: MarkdownNode["position"] }): number {
  return node.position?.end.offset ?? 0;
}

export function lineOf(node: { position?: MarkdownNode["position"] }): number {
  return node.position?.start.line ?? 1;
}

/** How far a node is from the left edge. */
export function indentOf(node: { position?: MarkdownNode["position"] }): number {
  return (node.position?.start.column ?? 1) - 1;
}

/** The footnotes of a text, as they are written. */
export function footnotesIn(text: string): Set<string> {
  return new Set([...text.matchAll(/\[\^([^\]\s]{1,32})\]/g)].map(([, key = ""]) => key));
}
