import { endOf, footnotesIn, type PhrasingNode, parseMarkdown, startOf } from "./markdown";
import { fencesOf } from "./structure";

/**
 * What a translator must keep: a footnote, a link's address, `:advice[…]`, a placeholder such as `{count}`.
 * `pieces` are its places in the text, in UTF-16 units: one, or two with words between them.
 */
export type Mark = { name: string; pieces: readonly { start: number; end: number }[] };

type Node = { type: string; position?: PhrasingNode["position"]; children?: readonly Node[] };

/** Returns the marks of a part's Markdown in their order; none if it cannot be parsed. */
export function marksOf(text: string): readonly Mark[] {
  if (!fencesOf(text, () => {})) return [];
  const marks: Mark[] = [];
  const walk = (node: Node) => {
    const mark = markOf(node as PhrasingNode, text);
    if (mark) marks.push(mark);
    for (const child of node.children ?? []) walk(child);
  };
  for (const node of parseMarkdown(text, footnotesIn(text))) walk(node);
  const taken = marks.flatMap(({ pieces }) => pieces);
  for (const { index, 0: name } of text.matchAll(/\{[A-Za-z]\w*\}/g)) {
    const end = index + name.length;
    // What stands in an address is a part of it.
    if (!taken.some((piece) => piece.start < end && index < piece.end))
      marks.push({ name, pieces: [{ start: index, end }] });
  }
  return marks.sort((one, other) => (one.pieces[0]?.start ?? 0) - (other.pieces[0]?.start ?? 0));
}

function markOf(node: PhrasingNode, text: string): Mark | null {
  const [start, end] = [startOf(node), endOf(node)];
  if (node.type === "footnoteReference")
    return { name: `[^${node.label ?? node.identifier}]`, pieces: [{ start, end }] };
  if (node.type === "link") return { name: node.url, pieces: around(node, start, end) };
  if (node.type !== "textDirective") return null;
  if (node.name === "advice" || node.name === "period")
    return { name: `:${node.name}[…]`, pieces: around(node, start, end) };
  // `at 10:30[^K1]` is a time and a footnote.
  const note = /\[\^[^\]]*\]$/.exec(text.slice(start, end));
  return note && { name: note[0], pieces: [{ start: start + note.index, end }] };
}

/** What stands before and behind the words of a mark. */
function around({ children }: { children: readonly PhrasingNode[] }, start: number, end: number) {
  const [first] = children;
  const last = children.at(-1);
  if (!first || !last) return [{ start, end }];
  return [
    { start, end: startOf(first) },
    { start: endOf(last), end },
  ];
}
