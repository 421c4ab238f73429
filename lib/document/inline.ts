import type { Report } from "./faults";
import { endOf, lineOf, type PhrasingNode, startOf } from "./markdown";
import type { Inline, Text } from "./types";

/** What the text of a paragraph is read with. */
export type Reading = {
  report: Report;
  /** The text that positions count in. */
  markdown: string;
  /** Keys of the sources by their small letters, since footnotes do not tell them from capitals. */
  keys: ReadonlyMap<string, string>;
};

/** Reads the text of a paragraph, list item or the like, and reports what cannot stand in it. */
export function readText(nodes: readonly PhrasingNode[], reading: Reading): Text {
  return joined(nodes.flatMap((node) => readInline(node, reading)));
}

/** Reads a text that has no marks, such as a title. Reports any that it has. */
export function readPlain(nodes: readonly PhrasingNode[], what: string, reading: Reading): string {
  return readText(nodes, reading)
    .map((inline) => {
      if (inline.kind === "text") return inline.text;
      const [first] = nodes;
      reading.report(
        first ? lineOf(first) : 1,
        inline.kind === "reference"
          ? `${what} needs no source: remove the footnote [^${inline.source}]`
          : `${what} is plain text: remove stars, links and other marks from it`,
      );
      return "";
    })
    .join("")
    .trim();
}

function readInline(node: PhrasingNode, reading: Reading): Inline[] {
  const refuse = (message: string): [] => {
    reading.report(lineOf(node), message);
    return [];
  };
  switch (node.type) {
    case "text":
      refuseUnknownNotes(node, reading);
      return [{ kind: "text", text: node.value.replace(/[ \t]*\r?\n[ \t]*/g, " ") }];
    case "break":
      return [{ kind: "text", text: " " }];
    case "emphasis":
    case "strong":
      return [{ kind: node.type, children: readText(node.children, reading) }];
    case "footnoteReference": {
      const source = reading.keys.get((node.label ?? node.identifier).toLowerCase());
      return source === undefined
        ? refuse(unknownSource(node.label ?? node.identifier))
        : [{ kind: "reference", source }];
    }
    case "link":
      if (!isAddress(node.url))
        return refuse(
          `a link leads to an address that begins with https:// or mailto:, and ${JSON.stringify(node.url)} does not`,
        );
      if (node.title) return refuse("a link has no title: remove what is in quotes behind its address");
      return [{ kind: "link", href: node.url, children: readText(node.children, reading) }];
    case "textDirective":
      return readDirective(node, reading, refuse);
    case "inlineCode":
      return refuse("text between ` signs is not possible: remove them");
    case "html":
      return refuse("HTML is not possible: write it in Markdown, or \\< for the sign itself");
    case "image":
    case "imageReference":
      return refuse(
        'a picture is a block of its own: :::picture{name="gate.jpg" alternative="What it shows"}',
      );
    case "linkReference":
      return refuse("a link is written with its address: [its text](https://…)");
    default:
      return refuse("this cannot stand in a text: write it as words");
  }
}

function readDirective(
  node: Extract<PhrasingNode, { type: "textDirective" }>,
  reading: Reading,
  refuse: (message: string) => [],
): Inline[] {
  const source = reading.markdown.slice(startOf(node), endOf(node));
  // `at 10:30` and `Note:word` only look like a mark, also before a footnote: `at 10:30[^K1]`.
  if (source === `:${node.name}`) return [{ kind: "text", text: source }];
  const [, note] = /^:[^[\]{]*\[\^([^\]]*)\]$/.exec(source) ?? [];
  if (note !== undefined) {
    const key = reading.keys.get(note.toLowerCase());
    if (key === undefined) return refuse(unknownSource(note));
    return [
      { kind: "text", text: `:${node.name}` },
      { kind: "reference", source: key },
    ];
  }
  if (node.name !== "advice" && node.name !== "period")
    return refuse(
      `:${node.name} is not known: use :advice[…] or :period[…], or write \\: for the sign itself`,
    );
  if (!source.endsWith("]")) return refuse(`:${node.name} takes no {…}: write :${node.name}[its text]`);
  if (node.children.length === 0)
    return refuse(`:${node.name}[] is empty: write its text between the brackets`);
  return [{ kind: node.name, children: readText(node.children, reading) }];
}

/** A footnote that is not in `sources.yaml` is text to the parser. */
function refuseUnknownNotes(
  node: Extract<PhrasingNode, { type: "text" }>,
  { markdown, keys, report }: Reading,
): void {
  const source = markdown.slice(startOf(node), endOf(node));
  for (const note of source.matchAll(/(?<!\\)\[\^([^\]\n]*)\]/g)) {
    const line = lineOf(node) + (source.slice(0, note.index).match(/\n/g)?.length ?? 0);
    const key = note[1] ?? "";
    report(
      line,
      keys.has(key.toLowerCase())
        ? `[^${key}] cannot stand here: put it directly behind a word or a full stop`
        : unknownSource(key),
    );
  }
  for (const leaf of source.matchAll(/(?<=^|\n)[ \t]*::([^\s:[{]+)[[{]/g)) {
    const line = lineOf(node) + (source.slice(0, leaf.index).match(/\n/g)?.length ?? 0);
    report(line, `::${leaf[1] ?? ""} is not known: blocks begin with three colons, such as :::timeline`);
  }
}

function unknownSource(key: string): string {
  return `[^${key}] leads to no source: add ${key || "it"} to sources.yaml, or correct the key`;
}

function isAddress(href: string): boolean {
  if (!/^(?:https:\/\/|mailto:)/i.test(href) || !URL.canParse(href)) return false;
  const { username, password } = new URL(href);
  return username === "" && password === "";
}

/** Joins texts that stand side by side. */
function joined(inlines: readonly Inline[]): Text {
  const text: Inline[] = [];
  for (const inline of inlines) {
    const last = text.at(-1);
    if (inline.kind === "text" && last?.kind === "text")
      text[text.length - 1] = { kind: "text", text: last.text + inline.text };
    else if (inline.kind !== "text" || inline.text !== "") text.push(inline);
  }
  return text;
}
