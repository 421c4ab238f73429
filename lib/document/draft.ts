import type { Locale } from "@/lib/i18n/locales";
import { isDate } from "./dates";
import type { Report } from "./faults";
import { readFrontMatter } from "./front-matter";
import { type Reading, readPlain, readText } from "./inline";
import {
  type ContainerNode,
  endOf,
  type HeadingNode,
  indentOf,
  type ListNode,
  lineOf,
  type MarkdownNode,
  type ParagraphNode,
  type PhrasingNode,
  parseMarkdown,
  startOf,
  type TableNode,
} from "./markdown";
import { unsourcedSentence } from "./statements";
import { type Fence, fencesOf } from "./structure";
import type { FigureType, Part, Text } from "./types";

/** How a part is written into its file. `indent` is that of its further lines. */
export type Slot =
  | { kind: "text"; indent: number }
  | { kind: "line" }
  | { kind: "attribute" }
  | { kind: "block"; indent: number }
  | { kind: "scalar"; plain: boolean; indent: number };

export type DraftPart = Part & { value: string | Text; slot: Slot };

export type DraftRow = { at: string; value: number; by: string; sources: readonly string[]; line: number };
export type DraftBlock = { key: string; line: number } & (
  | { kind: "paragraph" }
  | { kind: "points"; ordered: boolean; items: number }
  | { kind: "figure"; data: string; type: FigureType | null; rows: readonly DraftRow[] | null }
  | { kind: "question"; blocks: readonly DraftBlock[] }
  | { kind: "timeline"; events: readonly { date: string; line: number }[] }
  | { kind: "quotation" }
  | { kind: "picture"; name: string }
);
export type DraftSection = { key: string; line: number; titled: boolean; blocks: readonly DraftBlock[] };

/** A document as it is written: its blocks in their order, and their texts by key. */
export type Draft = {
  parts: ReadonlyMap<string, DraftPart>;
  call: { line: number; points: number; ordered: boolean } | null;
  sections: readonly DraftSection[];
  /** Line where the text begins. */
  line: number;
};

export type DraftOptions = {
  /** Sources that footnotes may lead to. */
  sources: Iterable<string>;
  /** The language by whose rules sentences end; null checks no sources. */
  locale: Locale | null;
  /** Whether it is an original, which lacks nothing. */
  whole: boolean;
};

/** Reads a document, and reports what is wrong with it alone. Returns null if it cannot be parsed. */
export function readDraft(text: string, options: DraftOptions, report: Report): Draft | null {
  const front = readFrontMatter(text, report);
  if (!front) return null;
  // Blanks keep every place that of the file.
  const markdown = text.slice(0, front.end).replace(/[^\r\n]/g, " ") + text.slice(front.end);
  const fences = fencesOf(markdown, report);
  if (!fences) return null;
  const keys = new Map([...options.sources].map((key) => [key.toLowerCase(), key]));
  const reader = new DocumentReader({ report, markdown, keys }, fences, options);
  reader.front(front.scalars);
  return reader.document(front.line);
}

/** How many first characters of a sentence are looked for in the file: few, since marks may follow. */
const FOUND_BY_CHARACTERS = 12;

const HOW_TO_SOURCE = "put a footnote such as [^K1] behind it, or one at the end of its paragraph";

class DocumentReader {
  readonly #parts = new Map<string, DraftPart>();

  constructor(
    readonly reading: Reading,
    readonly fences: readonly Fence[],
    readonly options: DraftOptions,
  ) {}

  front(scalars: NonNullable<ReturnType<typeof readFrontMatter>>["scalars"]): void {
    for (const [key, { value, line, lineOf: lineIn, place }] of scalars) {
      if (key === "summary" || key === "outcome") {
        const text = this.#frontText(key, value, lineIn);
        if (text) this.#parts.set(key, { ...place, key, value: text });
      } else {
        if (/\[\^[^\]\n]*\]/.test(value))
          this.reading.report(line, `${key} needs no source: remove the footnote`);
        this.#parts.set(key, { ...place, key, value: value.replace(/\s+/g, " ").trim() });
      }
    }
    for (const [name, key] of [
      ["title", "title"],
      ["summary", "summary"],
      ["share", "share.text"],
    ] as const)
      if (!scalars.has(key)) this.#lacks(1, `${name} is missing at the top: write ${name}: and its text`);
  }

  /** Reads Markdown of the front matter: paragraphs only. */
  #frontText(key: string, value: string, lineIn: (line: number) => number): Text | null {
    const report: Report = (line, message) => this.reading.report(lineIn(line), message);
    const fences = fencesOf(value, report);
    if (!fences) return null;
    const reading = { ...this.reading, report, markdown: value };
    const nodes = parseMarkdown(value, this.reading.keys.values());
    const paragraphs = nodes.filter((node) => node.type === "paragraph");
    for (const node of nodes)
      if (node.type !== "paragraph")
        report(lineOf(node), `${key} has paragraphs only: take lists, headings and blocks out of it`);
    const text = this.#paragraphs(paragraphs, reading);
    this.#check(text, 1, value, report);
    return text;
  }

  document(line: number): Draft {
    const nodes = parseMarkdown(this.reading.markdown, this.reading.keys.values());
    let call: Draft["call"] = null;
    const sections: (DraftSection & { blocks: DraftBlock[] })[] = [];
    for (const node of nodes) {
      if (node.type === "heading") {
        const key = `sections.${sections.length + 1}`;
        sections.push({ key, line: lineOf(node), titled: true, blocks: [] });
        this.#heading(`${key}.title`, node);
        continue;
      }
      const fence = node.type === "containerDirective" ? this.#fenceOf(node) : undefined;
      if (node.type === "containerDirective" && fence?.name === "call") {
        if (call) this.#refuse(node, "there are two calls: keep one of them");
        else if (sections.length > 0) this.#refuse(node, "the call stands before all other text: move it up");
        else call = this.#call(node, fence);
        continue;
      }
      let section = sections.at(-1);
      if (!section) {
        section = { key: "sections.1", line: lineOf(node), titled: false, blocks: [] };
        sections.push(section);
      }
      const block = this.#block(node, section.key, section.blocks);
      if (block) section.blocks.push(block);
    }
    if (!call) this.#lacks(line, 'the call is missing: write :::call{to="…"}, the demand, and ::: below it');
    if (this.options.whole)
      for (const section of sections)
        if (section.blocks.length === 0)
          this.reading.report(
            section.line,
            "there is no text below this heading: write some, or remove the heading",
          );
    return { parts: this.#parts, call, sections, line };
  }

  #call(node: ContainerNode, fence: Fence): Draft["call"] {
    const line = lineOf(node);
    this.#attribute("call.to", fence, "to", 'the call does not say whom it addresses: write :::call{to="…"}');
    const [demand, ...rest] = node.children as MarkdownNode[];
    if (demand?.type !== "paragraph") {
      this.reading.report(line, "the call begins with its demand: write it as the first paragraph");
      return null;
    }
    this.#plain("call.demand", demand.children, "the demand", this.#slotOf(demand));
    const lead = this.#together(
      rest,
      "paragraph",
      "the paragraphs of a call stand together: put them before the list or behind it",
    );
    const lists = rest.filter((each) => each.type === "list");
    for (const each of rest)
      if (each.type !== "paragraph" && each.type !== "list") this.#refuseNode(each, "a call");
    if (lists[1]) this.#refuse(lists[1], "a call has one list: join the two");
    this.#text("call.lead", lead);
    const points = lists[0] ? this.#items("call.points", lists[0]) : 0;
    return { line, points, ordered: lists[0]?.ordered ?? false };
  }

  #block(node: MarkdownNode, parent: string, before: readonly DraftBlock[]): DraftBlock | null {
    const line = lineOf(node);
    const keyOf = (kind: DraftBlock["kind"]) =>
      `${parent}.${kind}.${before.filter((block) => block.kind === kind).length + 1}`;
    if (node.type === "paragraph") {
      const key = keyOf("paragraph");
      this.#text(key, [node]);
      return { kind: "paragraph", key, line };
    }
    if (node.type === "list") {
      const key = keyOf("points");
      return { kind: "points", key, line, ordered: node.ordered ?? false, items: this.#items(key, node) };
    }
    const fence = node.type === "containerDirective" ? this.#fenceOf(node) : undefined;
    if (node.type !== "containerDirective" || !fence) {
      this.#refuseNode(node, "a section");
      return null;
    }
    const children = node.children as MarkdownNode[];
    switch (fence.name) {
      case "figure":
        return this.#figure(keyOf("figure"), node, fence);
      case "question": {
        const key = keyOf("question");
        this.#attribute(
          `${key}.title`,
          fence,
          "title",
          'the question is missing: write :::question{title="…"}',
        );
        const blocks: DraftBlock[] = [];
        for (const child of children) {
          const block =
            child.type === "paragraph" || child.type === "list" ? this.#block(child, key, blocks) : null;
          if (block) blocks.push(block);
          else this.#refuseNode(child, "an answer");
        }
        if (this.options.whole && blocks.length === 0)
          this.#refuse(node, "the answer is missing: write it above the line :::");
        return { kind: "question", key, line, blocks };
      }
      case "timeline":
        return this.#timeline(keyOf("timeline"), node);
      case "quotation": {
        const key = keyOf("quotation");
        this.#attribute(
          `${key}.by`,
          fence,
          "by",
          'nobody is named for this quotation: write :::quotation{by="…"}',
        );
        this.#text(`${key}.text`, this.#onlyParagraphs(children, "a quotation"));
        if (this.options.whole && children.length === 0)
          this.#refuse(node, "the quotation is empty: write its words above the line :::");
        return { kind: "quotation", key, line };
      }
      case "picture": {
        const key = keyOf("picture");
        this.#attribute(
          `${key}.alternative`,
          fence,
          "alternative",
          'this picture has no words for people who do not see it: write alternative="What it shows"',
        );
        this.#text(`${key}.caption`, this.#onlyParagraphs(children, "a picture"));
        return { kind: "picture", key, line, name: fence.attributes.get("name")?.value.trim() ?? "" };
      }
      default:
        this.#refuseNode(node, "a section");
        return null;
    }
  }

  #figure(key: string, node: ContainerNode, fence: Fence): DraftBlock | null {
    const line = lineOf(node);
    const data = fence.attributes.get("data")?.value.trim() ?? "";
    const given = fence.attributes.get("type")?.value.trim();
    const type = FIGURE_TYPES.find((each) => each === given) ?? null;
    if (given !== undefined && type === null)
      this.#refuse(node, `${given} is no type of figure: use ${FIGURE_TYPES.join(", ")}`);
    if (fence.attributes.has("title"))
      this.#attribute(`${key}.title`, fence, "title", "the title is empty: write it, or remove it");
    const children = node.children as MarkdownNode[];
    const caption = this.#together(
      children,
      "paragraph",
      "the text of a figure stands together above its table",
    );
    const tables = children.filter((child) => child.type === "table");
    for (const child of children)
      if (child.type !== "paragraph" && child.type !== "table") this.#refuseNode(child, "a figure");
    const [table, second] = tables;
    if (second) this.#refuse(second, "a figure has one table: make a figure of the other, too");
    if (table && caption.some((each) => startOf(each) > startOf(table)))
      this.#refuse(table, "the text of a figure stands above its table: move it up");
    this.#text(`${key}.caption`, caption, { sourced: false });
    return {
      kind: "figure",
      key,
      line,
      data,
      type,
      rows: table ? this.#rows(key, table, type ?? "line") : null,
    };
  }

  #rows(key: string, table: TableNode, type: FigureType): DraftRow[] {
    const [headings, ...rows] = table.children;
    for (const row of table.children)
      if (row.children.length !== 3)
        this.#refuse(row, "a row has three columns: when or where, how many, and who counted");
    for (const [at, cell] of (headings?.children ?? []).entries()) {
      this.#plain(
        `${key}.headings.${at + 1}`,
        cell.children,
        "a heading of the table",
        { kind: "line" },
        lineOf(table),
      );
    }
    if (rows.length === 0) this.#refuse(table, "the table has no rows: write one for each count");
    return rows.map((row, index) => {
      const [at = "", count = "", by = ""] = [0, 1, 2].map((column) => {
        const cell = row.children[column];
        return cell ? this.#cell(cell.children) : "";
      });
      const value = numberIn(count);
      if (value === null)
        this.#refuse(row, `${JSON.stringify(count)} is no number: write digits, for example 1,495,851`);
      if (type === "line" && !isDate(at))
        this.#refuse(row, `${JSON.stringify(at)} is no date: write 2023-10-03, 2023-10 or 2023`);
      if (at === "" || by === "")
        this.#refuse(row, "a cell is empty: say when or where, how many, and who counted");
      const sources = row.children.flatMap((cell) => referencesIn(readText(cell.children, this.#silent)));
      if (sources.length === 0)
        this.#refuse(row, "this count has no source: put a footnote such as [^K1] behind it");
      const where = `${key}.rows.${index + 1}`;
      if (type !== "line") this.#cellPart(`${where}.at`, row.children[0]?.children ?? [], at);
      this.#cellPart(`${where}.by`, row.children[2]?.children ?? [], by);
      return { at, value: value ?? 0, by, sources: [...new Set(sources)], line: lineOf(row) };
    });
  }

  /** The words of a cell without its footnotes. */
  #cell(nodes: readonly PhrasingNode[]): string {
    return readPlain(
      nodes.filter((node) => node.type !== "footnoteReference"),
      "a cell of the table",
      this.reading,
    );
  }

  /** Footnotes behind a cell's words are no part of it: they are the same in every language. */
  #cellPart(key: string, nodes: readonly PhrasingNode[], value: string): void {
    const words = nodes.filter((node) => node.type !== "footnoteReference");
    const [first] = words;
    const last = words.at(-1);
    if (first && last && value !== "")
      this.#add(key, startOf(first), endOf(last), lineOf(first), value, { kind: "line" });
  }

  #timeline(key: string, node: ContainerNode): DraftBlock | null {
    const line = lineOf(node);
    const [list, ...others] = node.children as MarkdownNode[];
    for (const other of others) this.#refuseNode(other, "a timeline");
    if (list?.type !== "list") {
      if (list) this.#refuseNode(list, "a timeline");
      else if (this.options.whole)
        this.#refuse(
          node,
          "the timeline is empty: write its entries, such as - 2023-10-03 What happened.[^K1]",
        );
      return list ? null : { kind: "timeline", key, line, events: [] };
    }
    const events: { date: string; line: number }[] = [];
    for (const item of list.children) {
      const paragraph = this.#onlyParagraph(item);
      if (!paragraph) continue;
      const [first, ...rest] = paragraph.children;
      const words = first?.type === "text" ? first : undefined;
      const [opening = "", date = ""] = /^(\d[\d-]*)[ \t]+/.exec(words?.value ?? "") ?? [];
      if (!words || !isDate(date)) {
        this.#refuse(
          paragraph,
          "an entry begins with its date: - 2023-10-03 What happened.[^K1] (or 2023-10, or 2023)",
        );
        continue;
      }
      events.push({ date, line: lineOf(item) });
      const text = readText([{ ...words, value: words.value.slice(opening.length) }, ...rest], this.reading);
      this.#check(text, lineOf(paragraph), this.#written(paragraph));
      // The date has neither escapes nor entities, so it is as long in the file.
      const start = startOf(paragraph) + opening.length;
      this.#add(`${key}.${events.length}`, start, endOf(paragraph), lineOf(paragraph), text, {
        kind: "text",
        indent: indentOf(paragraph),
      });
    }
    return { kind: "timeline", key, line, events };
  }

  #items(key: string, list: ListNode): number {
    let count = 0;
    for (const item of list.children) {
      const paragraph = this.#onlyParagraph(item);
      if (!paragraph) continue;
      count += 1;
      this.#text(`${key}.${count}`, [paragraph]);
    }
    return count;
  }

  #onlyParagraph(item: ListNode["children"][number]): ParagraphNode | null {
    const [paragraph, ...others] = item.children as MarkdownNode[];
    if (paragraph?.type !== "paragraph") {
      if (paragraph) this.#refuseNode(paragraph, "a list");
      else this.#refuse(item, "this line of the list is empty: write its text, or remove it");
      return null;
    }
    for (const other of others)
      if (other.type === "list") this.#refuse(other, "a list in a list is not possible: make one list of it");
      else if (other.type === "paragraph")
        this.#refuse(other, "a line of a list has one paragraph: join the two");
      else this.#refuseNode(other, "a list");
    return paragraph;
  }

  #onlyParagraphs(nodes: readonly MarkdownNode[], where: string): ParagraphNode[] {
    for (const node of nodes) if (node.type !== "paragraph") this.#refuseNode(node, where);
    return nodes.filter((node) => node.type === "paragraph");
  }

  /** The paragraphs among some blocks, which may not have others between them. */
  #together(nodes: readonly MarkdownNode[], type: "paragraph", message: string): ParagraphNode[] {
    const found = nodes.filter((node) => node.type === type);
    const at = nodes.findIndex((node) => node.type === type);
    const apart = found.find((node, index) => nodes[at + index] !== node);
    if (apart) this.#refuse(apart, message);
    return found;
  }

  #heading(key: string, node: HeadingNode): void {
    if (node.depth !== 2 || !this.reading.markdown.startsWith("##", startOf(node))) {
      this.#refuse(
        node,
        this.reading.markdown.startsWith("#", startOf(node))
          ? "headings of a section begin with ##: write two signs"
          : "a line of --- or === below a text makes it a heading: put an empty line between them, or write ## before the heading",
      );
      return;
    }
    if (node.children.length === 0) {
      if (this.options.whole) this.#refuse(node, "the heading is empty: write its words behind ##");
      return;
    }
    this.#plain(key, node.children, "a heading", { kind: "line" }, lineOf(node));
  }

  #attribute(key: string, fence: Fence, name: string, missing: string): void {
    const attribute = fence.attributes.get(name);
    const value = attribute?.value.trim() ?? "";
    if (!attribute || value === "") this.#lacks(fence.line, missing);
    else
      this.#parts.set(key, {
        key,
        markdown: value,
        start: attribute.start,
        end: attribute.end,
        line: fence.line,
        value,
        slot: { kind: "attribute" },
      });
  }

  #text(key: string, paragraphs: readonly ParagraphNode[], { sourced = true } = {}): void {
    const [first] = paragraphs;
    const last = paragraphs.at(-1);
    if (!first || !last) return;
    const text = this.#paragraphs(paragraphs, this.reading);
    for (const paragraph of sourced ? paragraphs : [])
      this.#check(readText(paragraph.children, this.#silent), lineOf(paragraph), this.#written(paragraph));
    this.#add(key, startOf(first), endOf(last), lineOf(first), text, this.#slotOf(first));
  }

  #plain(
    key: string,
    nodes: readonly PhrasingNode[],
    what: string,
    slot: Slot,
    line = nodes[0] ? lineOf(nodes[0]) : 1,
  ): void {
    const [first] = nodes;
    const last = nodes.at(-1);
    const value = readPlain(nodes, what, this.reading);
    if (!first || !last || value === "") this.reading.report(line, `${what} is empty: write its words`);
    else this.#add(key, startOf(first), endOf(last), lineOf(first), value, slot);
  }

  /** Several paragraphs become one text: the pages set it as one. */
  #paragraphs(paragraphs: readonly ParagraphNode[], reading: Reading): Text {
    return paragraphs.flatMap((paragraph, index): Text => {
      const text = readText(paragraph.children, reading);
      return index === 0 ? text : [{ kind: "text", text: " " }, ...text];
    });
  }

  /** @param written the text as it is in the file, beginning in that line. */
  #check(text: Text, line: number, written: string, report = this.reading.report): void {
    if (this.options.locale === null) return;
    const sentence = unsourcedSentence(text, this.options.locale);
    if (sentence === null) return;
    const at = Math.max(0, written.replace(/\s/g, " ").indexOf(sentence.slice(0, FOUND_BY_CHARACTERS)));
    report(
      line + written.slice(0, at).split("\n").length - 1,
      `“${sentence}” has no source: ${HOW_TO_SOURCE}`,
    );
  }

  #written(paragraph: ParagraphNode): string {
    return this.reading.markdown.slice(startOf(paragraph), endOf(paragraph));
  }

  #slotOf(paragraph: ParagraphNode): Slot {
    return { kind: "text", indent: indentOf(paragraph) };
  }

  #add(key: string, start: number, end: number, line: number, value: string | Text, slot: Slot): void {
    const indent = slot.kind === "text" ? slot.indent : 0;
    const markdown = this.reading.markdown
      .slice(start, end)
      .replace(/\r\n/g, "\n")
      .replace(/\n([ \t]+)/g, (_, blanks: string) => `\n${blanks.slice(indent)}`);
    this.#parts.set(key, { key, markdown, start, end, line, value, slot });
  }

  /** Refuses an original that lacks something; a translation is compared with the original later. */
  #lacks(line: number, message: string): void {
    if (this.options.whole) this.reading.report(line, message);
  }

  #refuse(node: { position?: MarkdownNode["position"] }, message: string): void {
    this.reading.report(lineOf(node), message);
  }

  #refuseNode(node: MarkdownNode, where: string): void {
    this.#refuse(node, whyNot(node, where));
  }

  #fenceOf(node: ContainerNode): Fence | undefined {
    return this.fences.find((fence) => fence.line === lineOf(node));
  }

  get #silent(): Reading {
    return { ...this.reading, report: () => {} };
  }
}

const FIGURE_TYPES: readonly FigureType[] = ["line", "bars", "map", "number"];

function whyNot(node: MarkdownNode, where: string): string {
  switch (node.type) {
    case "html":
      return "HTML is not possible: write it in Markdown";
    case "code":
      return "text in a box is not possible: begin the line at the left edge, without ` signs";
    case "thematicBreak":
      return "a line across the page is not possible: begin a section with ## instead";
    case "table":
      return 'a table stands in a figure: :::figure{data="returns" title="…"}';
    case "blockquote":
      return 'a line that begins with > is no quotation here: use :::quotation{by="…"}';
    case "heading":
      return `a heading cannot stand in ${where}: move it out`;
    case "list":
      return `a list cannot stand in ${where}: write it as text`;
    case "containerDirective":
      return `:::${node.name} cannot stand in ${where}: move it out`;
    default:
      return `this cannot stand in ${where}: write it as a paragraph`;
  }
}

export function referencesIn(text: Text): string[] {
  return text.flatMap((inline) => {
    if (inline.kind === "reference") return [inline.source];
    return inline.kind === "text" ? [] : referencesIn(inline.children);
  });
}

/** Reads a count as people write it: `1,495,851`, `1495851`, `۱٬۴۹۵٬۸۵۱`, `2.5`. */
function numberIn(text: string): number | null {
  const digits = text
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[\u06F0-\u06F9]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/(?<=\d)[,٬\u00A0\u202F](?=\d{3}(?!\d))/g, "")
    .replace("٫", ".");
  return /^\d{1,15}(?:\.\d{1,6})?$/.test(digits) ? Number(digits) : null;
}
