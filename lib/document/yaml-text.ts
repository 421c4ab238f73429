import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from "yaml";
import type { Report } from "./faults";

/** A file of YAML, or the front matter of a document, with the place of everything in it. */
export type YamlText = {
  /** As plain JavaScript, for a schema. */
  value: unknown;
  root: Node | null;
  /** The line of what stands at a path; if nothing does, that of the nearest thing around it. */
  lineOf(path: readonly PropertyKey[]): number;
  lineAt(offset: number): number;
};

/** Longer than any text on one line. The parser takes seconds for a line of brackets in brackets. */
const LINE_MAX_CHARACTERS = 10_000;

/**
 * Parses YAML. References between its parts are refused: they can make a small file huge.
 * @returns null if it was refused.
 */
export function parseYaml(text: string, report: Report): YamlText | null {
  const long = text.split("\n").findIndex((line) => line.length > LINE_MAX_CHARACTERS);
  if (long >= 0) {
    report(
      long + 1,
      `this line has more than ${LINE_MAX_CHARACTERS.toLocaleString("en")} characters: divide it`,
    );
    return null;
  }
  const lines = new LineCounter();
  // Its own check for repeated keys takes quadratic time.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    stringKeys: true,
    logLevel: "silent",
  });
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line);
  let refused = false;
  const refuse = (offset: number, message: string) => {
    refused = true;
    report(lineAt(offset), message);
  };
  // Further errors mostly follow from the first.
  const [error] = document.errors;
  if (error) {
    refuse(
      error.pos[0],
      `this is not YAML (${error.message}): check the quotes and how far lines are indented`,
    );
    return null;
  }
  visit(document, {
    Alias: (_, node) =>
      refuse(startOf(node), "references such as *name are not used here: write the text again"),
    Node: (_, node) => {
      if ("anchor" in node && node.anchor !== undefined)
        refuse(startOf(node), "marks such as &name are not used here: remove it, or put the text in quotes");
      if (node.tag?.startsWith("!"))
        refuse(startOf(node), "tags such as !name are not used here: remove it, or put the text in quotes");
    },
    Map: (_, map) => {
      const keys = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (keys.has(key.value))
          refuse(startOf(key), `${String(key.value)} is given twice: keep one of them`);
        keys.add(key.value);
      }
    },
  });
  if (refused) return null;
  const root = document.contents;
  return {
    value: document.toJS({ maxAliasCount: 0 }),
    root,
    lineAt,
    lineOf: (path) => lineAt(offsetOf(root, path)),
  };
}

const startOf = (node: { range?: readonly number[] | null | undefined }): number => node.range?.[0] ?? 0;

function offsetOf(root: Node | null, path: readonly PropertyKey[]): number {
  let node: unknown = root;
  let offset = root ? startOf(root) : 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
      if (!pair) break;
      if (isScalar(pair.key)) offset = startOf(pair.key);
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)];
      if (!isMap(item) && !isSeq(item) && !isScalar(item)) break;
      offset = startOf(item);
      node = item;
    } else break;
  }
  return offset;
}
