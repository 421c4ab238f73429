import type { Report } from "./faults";

// What can be told line by line, before the Markdown is parsed. The parser takes quadratic time or more for some
// texts, all of which are either wrong here anyway or have more marks in one paragraph than anybody writes.

/** A block between `:::name{…}` and `:::`. Its lines count from 1. */
export type Fence = { name: string; attributes: ReadonlyMap<string, Attribute>; line: number; end: number };

/** A value between quotes, with its place in the file. */
export type Attribute = { value: string; start: number; end: number };

/** The attributes that each block may have; those it cannot do without are marked. */
const BLOCKS: Readonly<Record<string, Readonly<Record<string, "needed" | "possible">>>> = {
  call: { to: "possible" },
  figure: { data: "needed", type: "possible", title: "possible" },
  question: { title: "possible" },
  timeline: {},
  quotation: { by: "possible" },
  picture: { name: "needed", alternative: "possible" },
};
const EXAMPLES: Readonly<Record<string, string>> = {
  call: ':::call{to="The Prime Minister"}',
  figure: ':::figure{data="returns" title="…"}',
  question: ':::question{title="Is it true?"}',
  timeline: ":::timeline",
  quotation: ':::quotation{by="Her name"}',
  picture: ':::picture{name="gate.jpg" alternative="What it shows"}',
};

/** Characters that begin or end something within a line, and how many of them one paragraph may have. */
const MARKS = /[[\]<{*_`|]/g;
const MARKS_MAX = 250;
/** How many the whole document may have: twice what a text of the greatest size needs for its footnotes. */
const DOCUMENT_MARKS_MAX = 12_000;
const PARAGRAPH_MAX_CHARACTERS = 10_000;

/** How many paragraphs, points, rows and headings a document may have. The parser takes about a millisecond for each. */
const PIECES_MAX = 2_000;

/** The first two lines of a table, in the form in which each further line is a row of its own. */
const TABLE_HEADINGS = /^ {0,3}\|(?:[^|\\`]*\|){3}[ \t]*$/;
const TABLE_DASHES = /^ {0,3}\|(?:[ \t]*:?-+:?[ \t]*\|){3}[ \t]*$/;

const CONTAINER = /[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t]|$))/y;
/** As far as a list in a list could be indented by mistake; more makes lists in lists in lists. */
const INDENT_MAX = 8;

/**
 * Finds the blocks of a text and refuses what the parser must not see.
 * @returns null if the text is not to be parsed.
 */
export function fencesOf(text: string, report: Report): Fence[] | null {
  const fences: Fence[] = [];
  let open: { fence: Fence; colons: number } | null = null;
  let refused = false;
  const refuse = (line: number, message: string) => {
    refused = true;
    report(line, message);
  };
  const paragraph = { line: 0, characters: 0, marks: 0 };
  const pieces = new Pieces();
  let marks = 0;
  let start = 0;
  let line = 0;
  for (const whole of text.split("\n")) {
    line += 1;
    const content = whole.endsWith("\r") ? whole.slice(0, -1) : whole;
    const containers = containersOf(content);
    if (containers.quoted)
      refuse(
        line,
        'a line that begins with > is no quotation here: use :::quotation{by="…"}, or write \\> for the sign',
      );
    else if (containers.depth > 1)
      refuse(
        line,
        "a list in a list is not possible: make one list of it, or write \\- or 1\\. for a dash or a number that opens no list",
      );
    else if (containers.depth === 1 && containers.indent >= INDENT_MAX)
      refuse(line, "this line of a list is indented too far: begin it at the left edge");
    if (/^ {0,3}\[[^\]]+\]:/.test(content))
      refuse(
        line,
        "notes and addresses are not written here: sources belong into sources.yaml, and a link is [its text](https://…)",
      );

    const starts = pieces.begins(content, containers.depth > 0);
    if (starts) Object.assign(paragraph, { line, characters: 0, marks: 0 });
    if (starts && pieces.count === PIECES_MAX + 1)
      refuse(
        line,
        `the document has more than ${PIECES_MAX.toLocaleString("en")} paragraphs, points and rows: shorten it`,
      );
    paragraph.characters += content.length;
    const found = content.match(MARKS)?.length ?? 0;
    paragraph.marks += found;
    if (marks <= DOCUMENT_MARKS_MAX && marks + found > DOCUMENT_MARKS_MAX)
      refuse(line, "up to this line the document has too many marks, such as footnotes and links: use fewer");
    marks += found;
    if (paragraph.characters > PARAGRAPH_MAX_CHARACTERS || paragraph.marks > MARKS_MAX) {
      refuse(paragraph.line, "this paragraph is too long: divide it by empty lines");
      Object.assign(paragraph, { characters: Number.NEGATIVE_INFINITY, marks: Number.NEGATIVE_INFINITY });
    }

    const [, indent = "", colons = "", rest = ""] = /^( {0,3})(:{3,})(.*)$/.exec(content) ?? [];
    if (colons !== "" && rest.trim() === "") {
      if (!open)
        refuse(line, "this ::: ends nothing: remove it, or begin a block above it, such as :::timeline");
      else if (colons.length < open.colons)
        refuse(
          line,
          `this does not end the block of line ${open.fence.line}, which begins with ${open.colons} colons: write as many here`,
        );
      else {
        open.fence.end = line;
        open = null;
      }
    } else if (colons !== "") {
      if (open)
        refuse(
          line,
          `a block cannot stand in another: end :::${open.fence.name} of line ${open.fence.line} by a line ::: first`,
        );
      const fence = fenceOf(rest, start + indent.length + colons.length, line, refuse);
      if (fence) {
        fences.push(fence);
        open = { fence, colons: colons.length };
      } else open ??= { fence: { name: "…", attributes: new Map(), line, end: 0 }, colons: colons.length };
    } else if (open && /^ {0,3}##(?:\s|$)/.test(content)) {
      refuse(
        open.fence.line,
        `:::${open.fence.name} does not end before the heading on line ${line}: write ::: on a line of its own`,
      );
      open = null;
    }
    start += whole.length + 1;
  }
  if (open)
    refuse(open.fence.line, `:::${open.fence.name} does not end: write ::: on a line of its own below it`);
  return refused ? null : fences;
}

/** Tells where a text begins that the parser takes in one go: a paragraph, a point, a heading or a row. */
class Pieces {
  count = 0;
  #last: "nothing" | "text" | "list" | "headings" | "table" = "nothing";

  /** @param marked whether the line begins with the mark of a list. */
  begins(line: string, marked: boolean): boolean {
    if (line.trim() === "") {
      this.#last = "nothing";
      return false;
    }
    const before = this.#last;
    if (/^ {0,3}(?::{3,}|#{1,6}(?:\s|$))/.test(line)) this.#last = "nothing";
    else if (before === "headings" && TABLE_DASHES.test(line)) this.#last = "table";
    else if (before === "nothing" && TABLE_HEADINGS.test(line)) this.#last = "headings";
    // A paragraph is ended by a list that begins with 1, not by one that goes on with 2.
    else if (marked && (before === "nothing" || before === "list" || /^\s*(?:[-*+]|1[.)])/.test(line)))
      this.#last = "list";
    else if (before === "table") this.#last = "table";
    else if (before === "nothing" || before === "headings") this.#last = "text";
    else return false;
    this.count += 1;
    return true;
  }
}

/** How many lists a line begins, whether it begins a quotation, and the column of the first mark. */
function containersOf(line: string): { depth: number; quoted: boolean; indent: number } {
  const indent = [...(/^[ \t]*/.exec(line)?.[0] ?? "")].reduce(
    (column, each) => (each === "\t" ? column + 4 - (column % 4) : column + 1),
    0,
  );
  let depth = 0;
  CONTAINER.lastIndex = 0;
  for (;;) {
    const mark = CONTAINER.exec(line);
    if (!mark) return { depth, quoted: false, indent };
    if (mark[0].endsWith(">")) return { depth, quoted: true, indent };
    depth += 1;
    if (depth > 1) {
      CONTAINER.lastIndex = 0;
      return { depth, quoted: false, indent };
    }
  }
}

function fenceOf(rest: string, start: number, line: number, refuse: Report): Fence | null {
  const [, name = "", between = "", braces = ""] = /^([^\s[{]+)([^{]*)(.*)$/.exec(rest.trimEnd()) ?? [];
  const possible = Object.hasOwn(BLOCKS, name) ? BLOCKS[name] : undefined;
  if (!possible) {
    refuse(
      line,
      /^\s/.test(rest)
        ? "the name of a block follows its colons at once: write :::call, without a space"
        : `:::${name} is no block: use ${Object.keys(BLOCKS).join(", ")}, or begin the line with another sign`,
    );
    return null;
  }
  const wrong = (what: string) => {
    refuse(line, `${what}: write it as ${EXAMPLES[name] ?? ""}`);
    return null;
  };
  if (between.trim() !== "" || (braces !== "" && between !== ""))
    return wrong(`:::${name} is followed by ${JSON.stringify(between.trim())}`);
  const attributes = attributesOf(braces, start + name.length);
  if (!attributes) return wrong(`what is between { and } of :::${name} cannot be read, or is given twice`);
  for (const each of attributes.keys())
    if (!Object.hasOwn(possible, each)) return wrong(`:::${name} has no ${each}`);
  for (const [each, need] of Object.entries(possible))
    if (need === "needed" && (attributes.get(each)?.value.trim() ?? "") === "")
      return wrong(`:::${name} lacks ${each}`);
  return { name, attributes, line, end: 0 };
}

/** Returns the attributes of `{a="…" b='…'}`, or null if it is something else. */
function attributesOf(braces: string, start: number): Map<string, Attribute> | null {
  const attributes = new Map<string, Attribute>();
  if (braces === "") return attributes;
  if (!braces.startsWith("{") || !braces.endsWith("}")) return null;
  const one = /[ \t]*([a-z]+)=(?:"([^"]*)"|'([^']*)')(?=[ \t}])/y;
  one.lastIndex = 1;
  for (;;) {
    const at = one.lastIndex;
    const found = one.exec(braces);
    if (!found) return braces.slice(at).trim() === "}" ? attributes : null;
    const [, name = "", double, single] = found;
    if (attributes.has(name)) return null;
    const raw = double ?? single ?? "";
    const end = start + one.lastIndex - 1;
    attributes.set(name, { value: decoded(raw), start: end - raw.length, end });
  }
}

/** Signs that cannot stand in quotes as they are. */
const ENTITIES = { "&quot;": '"', "&#39;": "'", "&lt;": "<", "&gt;": ">", "&amp;": "&" } as const;

function decoded(raw: string): string {
  return raw.replace(/&(?:quot|#39|lt|gt|amp);/g, (entity) => ENTITIES[entity as keyof typeof ENTITIES]);
}

/** Writes a value so that it can stand between quotes of either kind. */
export function attributeText(value: string): string {
  return value.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/'/g, "&#39;");
}
