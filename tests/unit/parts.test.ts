import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { partsOf, replacePart } from "@/lib/document";
import { anyDocument, minimalDocument } from "@/tests/support/campaign-files";

const SHIPPED = readFileSync("campaigns/pakistan-stop-expulsions/en.md", "utf8");

const markdownOf = (document: string, key: string) =>
  partsOf(document).find((part) => part.key === key)?.markdown;

describe("the parts of a document", () => {
  test("are its texts, by keys that are the same in every language", () => {
    expect(partsOf(minimalDocument("en")).map(({ key, markdown }) => [key, markdown])).toEqual([
      ["title", "A made-up campaign (en)"],
      ["summary", "Something is wrong (en).[^K1]"],
      ["share.text", "Please sign (en):"],
      ["call.to", "The minister (en)"],
      ["call.demand", "Put it right (en)."],
      ["sections.1.title", "What is wrong (en)"],
      ["sections.1.paragraph.1", "It goes on (en).[^K2]"],
    ]);
    expect(new Set(partsOf(SHIPPED).map(({ key }) => key))).toEqual(
      new Set(
        partsOf(readFileSync("campaigns/pakistan-stop-expulsions/ps.md", "utf8")).map(({ key }) => key),
      ),
    );
  });

  test("name their place in the file", () => {
    for (const { key, markdown, start, end, line } of partsOf(SHIPPED)) {
      expect([key, SHIPPED.slice(start, end).replace(/\n {2}/g, "\n")]).toEqual([key, markdown]);
      expect([key, SHIPPED.slice(0, start).split("\n").length]).toEqual([key, line]);
    }
  });

  test("are none in a file that is no document", () => {
    expect(partsOf("no front matter")).toEqual([]);
    expect(partsOf(`---\ntitle: ${"[".repeat(100_000)}\n---\n`)).toEqual([]);
  });
});

describe("replacing a part", () => {
  test("by itself changes nothing", () => {
    fc.assert(
      fc.property(anyDocument, fc.nat(), (document, at) => {
        const part = partsOf(document).at(at % partsOf(document).length);
        expect(replacePart(document, part?.key ?? "", part?.markdown ?? "")).toEqual({
          kind: "replaced",
          markdown: document,
        });
      }),
      { numRuns: 100 },
    );
  });

  test("by another text gives that text back, and leaves the others", () => {
    const texts = fc.constantFrom(
      "Something else.[^K9]",
      "نئی بات۔[^K1]",
      'It is "so": really & truly, it’s [a link](https://example.org).',
      "Two lines\nof one text.[^K1]",
      "yes",
      "12",
    );
    fc.assert(
      fc.property(anyDocument, texts, fc.nat(), (document, text, at) => {
        const parts = partsOf(document);
        const part = parts[at % parts.length];
        if (!part) throw new Error("a document without parts");
        const oneLine = part.key !== "title" && /title|\.to$|\.by$|alternative|headings|rows/.test(part.key);
        // Footnotes behind a cell are no part of its words.
        const wanted = oneLine ? text.replace("\n", " ").replaceAll(/\[\^.*?\]/g, "") : text;
        const replaced = replacePart(document, part.key, oneLine ? wanted : text);
        if (replaced.kind !== "replaced") throw new Error(`${part.key}: ${replaced.kind}`);
        expect(partsOf(replaced.markdown).map(({ key, markdown }) => [key, markdown])).toEqual(
          parts.map(({ key, markdown }) => [key, key === part.key ? wanted : markdown]),
        );
      }),
      { numRuns: 60 },
    );
  });

  test("leaves every other byte as it is", () => {
    const document = SHIPPED.replace("share:", "# for messages\nshare:");
    const part = partsOf(document).find(({ key }) => key === "sections.2.paragraph.2");
    if (!part) throw new Error("no such part");
    expect(replacePart(document, part.key, "Other words.[^K1]")).toEqual({
      kind: "replaced",
      markdown: `${document.slice(0, part.start)}Other words.[^K1]${document.slice(part.end)}`,
    });
  });

  test("keeps a text of the front matter indented, and quotes a title where YAML asks for it", () => {
    const longer = replacePart(SHIPPED, "summary", "One.[^K1]\n\nTwo.[^K2]");
    expect(longer).toMatchObject({
      markdown: expect.stringContaining("summary: |\n  One.[^K1]\n\n  Two.[^K2]\nshare:"),
    });
    expect(replacePart(SHIPPED, "title", "Stop: now # really")).toMatchObject({
      markdown: expect.stringContaining('title: "Stop: now # really"\n'),
    });
    expect(replacePart(SHIPPED, "title", "Two\nlines")).toMatchObject({
      markdown: expect.stringContaining("title: |\n  Two\n  lines\n"),
    });
  });

  test.each([
    ["an empty line", "One.[^K1]\n\nTwo.[^K1]"],
    ["a heading", "One.[^K1]\n## Two"],
    ["a list", "One.[^K1]\n- Two.[^K1]"],
    ["the end of a block", "One.[^K1]\n:::"],
    ["no words", " "],
  ])("is refused where the text has %s and would become another block", (_, text) => {
    expect(replacePart(SHIPPED, "sections.8.question.1.paragraph.1", text)).toEqual({ kind: "unfit" });
  });

  test("is refused for a part that is not there", () => {
    expect(replacePart(SHIPPED, "sections.99.title", "x")).toEqual({ kind: "unknown-part" });
    expect(markdownOf(SHIPPED, "sections.99.title")).toBeUndefined();
  });
});
