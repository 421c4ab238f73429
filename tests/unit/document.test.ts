import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Block, type CampaignFiles, type Inline, readCampaign, type Text } from "@/lib/document";
import { LOCALES } from "@/lib/i18n/locales";
import { anyDocument, campaignFiles, campaignOf, minimalDocument } from "@/tests/support/campaign-files";

function contentOf(files: CampaignFiles) {
  const read = readCampaign(files);
  if (!read.ok)
    throw new Error(read.faults.map(({ file, line, message }) => `${file}:${line}: ${message}`).join("\n"));
  return read.content;
}

/** The document that a text becomes, in English. */
function documentOf(body: string) {
  const document = contentOf(campaignOf(body)).documents.get("en");
  if (!document) throw new Error("no English document");
  return document;
}

const blocksOf = (body: string) => documentOf(`## A title\n\n${body}`).sections[0]?.blocks ?? [];

function faultsOf(files: CampaignFiles, pictures?: ReadonlySet<string>): string[] {
  const read = readCampaign(files, pictures);
  return read.ok ? [] : read.faults.map(({ file, line, message }) => `${file}:${line}: ${message}`);
}

function filesIn(folder: string): CampaignFiles {
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(`${folder}/${name}`, "utf8")]));
}

/** The line of `en.md` in which the text of `campaignOf` begins. */
const BODY_LINE = 13;

const text = (words: string): Inline => ({ kind: "text", text: words });
const K1: Inline = { kind: "reference", source: "K1" };

describe("a campaign's files", () => {
  test("are read, in every language of the site", () => {
    const { settings, sources, documents } = contentOf(campaignFiles());
    expect(settings).toMatchObject({
      slug: "made-up",
      goal: 100,
      languages: LOCALES,
      targets: [],
      colours: null,
    });
    expect([...sources.keys()]).toEqual(["K1", "K2"]);
    expect([...documents.keys()]).toEqual(LOCALES);
    expect(documents.get("ur")).toEqual({
      locale: "ur",
      title: "A made-up campaign (ur)",
      summary: [text("Something is wrong (ur)."), K1],
      call: { to: "The minister (ur)", lead: [], demand: "Put it right (ur).", points: [] },
      sections: [
        {
          title: "What is wrong (ur)",
          blocks: [
            { kind: "paragraph", text: [text("It goes on (ur)."), { kind: "reference", source: "K2" }] },
          ],
        },
      ],
      asOf: null,
      aboutSources: null,
      share: { text: "Please sign (ur):", subject: "A made-up campaign (ur)", channels: {} },
      outcome: null,
      references: ["K1", "K2"],
      untranslated: new Set(),
    });
  });

  test.each(["campaigns/pakistan-stop-expulsions", "tests/support/campaigns/clean-water-for-all"])(
    "of %s are free of faults, with nothing untranslated",
    (folder) => {
      const { documents } = contentOf(filesIn(folder));
      expect([...documents.values()].map(({ locale, untranslated }) => [locale, [...untranslated]])).toEqual(
        LOCALES.map((locale) => [locale, []]),
      );
    },
  );

  test("may end their lines as Windows does, and begin with a byte order mark", () => {
    const plain = contentOf(campaignFiles());
    const windows = new Map(
      [...campaignFiles()].map(([path, written]) => [path, `\uFEFF${written.replaceAll("\n", "\r\n")}`]),
    );
    expect(contentOf(windows).documents).toEqual(plain.documents);
  });

  test("may list the sources by their keys, with a year alone as a date", () => {
    const sources =
      "K1: { publisher: A, title: { en: B, ur: C }, date: 2023, url: https://example.org/ }\nK2: { publisher: A, title: B, url: https://example.org/, caveat: { en: Doubtful } }\n";
    const read = contentOf(campaignFiles({ "sources.yaml": sources }));
    expect([...read.sources.values()]).toMatchObject([
      { key: "K1", titles: { en: "B", ur: "C" }, date: "2023", caveats: {} },
      { key: "K2", titles: { en: "B" }, date: null, caveats: { en: "Doubtful" } },
    ]);
  });
});

describe("the text of a document", () => {
  test("has the blocks that the format names", () => {
    const blocks = blocksOf(`:period[Summer of 2026]

A *b* **c** [d](https://example.org/).[^K1]

1. One.[^K1]
2. Two.[^k2]

:::question{title="Who &quot;pays&quot;?"}
They do.[^K1] :advice[Ask *them*.]
:::

:::timeline
- 2026-02 An event.[^K1]
- 2026 Another.[^K2]
:::

:::quotation{by='Ann'}
We wait.[^K1]
:::

:::picture{name="gate.jpg" alternative="A gate"}
:::

:::figure{data="returns" title="Returns" type="bars"}
All of them.

| Where | How many | Who counted |
| --- | --: | --- |
| A gate | 1,234,567 | IOM[^K1] |
| Another | ۱٬۲۳۴[^K2] | IOM |
:::`);
    expect(blocks).toEqual([
      { kind: "paragraph", text: [{ kind: "period", children: [text("Summer of 2026")] }] },
      {
        kind: "paragraph",
        text: [
          text("A "),
          { kind: "emphasis", children: [text("b")] },
          text(" "),
          { kind: "strong", children: [text("c")] },
          text(" "),
          { kind: "link", href: "https://example.org/", children: [text("d")] },
          text("."),
          K1,
        ],
      },
      {
        kind: "points",
        ordered: true,
        items: [
          [text("One."), K1],
          [text("Two."), { kind: "reference", source: "K2" }],
        ],
      },
      {
        kind: "question",
        title: 'Who "pays"?',
        blocks: [
          {
            kind: "paragraph",
            text: [
              text("They do."),
              K1,
              text(" "),
              {
                kind: "advice",
                children: [text("Ask "), { kind: "emphasis", children: [text("them")] }, text(".")],
              },
            ],
          },
        ],
      },
      {
        kind: "timeline",
        events: [
          { date: "2026-02", text: [text("An event."), K1] },
          { date: "2026", text: [text("Another."), { kind: "reference", source: "K2" }] },
        ],
      },
      { kind: "quotation", by: "Ann", text: [text("We wait."), K1] },
      { kind: "picture", name: "gate.jpg", alternative: "A gate", caption: [] },
      {
        kind: "figure",
        data: "returns",
        type: "bars",
        title: "Returns",
        caption: [text("All of them.")],
        headings: ["Where", "How many", "Who counted"],
        rows: [
          { at: "A gate", value: 1_234_567, by: "IOM", sources: ["K1"] },
          { at: "Another", value: 1_234, by: "IOM", sources: ["K2"] },
        ],
      },
    ]);
  });

  test("may stand before the first heading", () => {
    expect(documentOf("First.[^K1]\n\n## Then\n\nSecond.[^K1]").sections.map(({ title }) => title)).toEqual([
      null,
      "Then",
    ]);
  });

  test.each([
    "Note:word and at 10:30, a::b",
    "::line that looks like a block",
    "خبر:متن",
    "https://example.org/a:b",
    "1.5 & 2 < 3 > 1",
  ])("keeps %s as text", (words) => {
    expect(blocksOf(`${words}[^K1]`)).toEqual([{ kind: "paragraph", text: [text(words), K1] }]);
  });

  test("lets a footnote follow what looks like a mark", () => {
    expect(blocksOf("It began at 10:30[^K1][^K2]")).toEqual([
      { kind: "paragraph", text: [text("It began at 10:30"), K1, { kind: "reference", source: "K2" }] },
    ]);
  });

  test("numbers sources by their first reference", () => {
    const { references } = documentOf("One.[^K2] Two.[^K1] Three.[^K2]");
    // The summary comes first, with K1.
    expect(references).toEqual(["K1", "K2"]);
  });

  test("is the contract's example", () => {
    const example = `---
title: Stop forcing Afghans back to danger
summary: |
  Pakistan is expelling Afghans, stage by stage.[^K11] Amnesty International has asked it to stop.[^K36]
share: |
  Please sign:
---
:::call{to="The Prime Minister of Pakistan"}
Halt forced returns to Afghanistan now.
1. Stop the expulsions.[^K36]
:::
## What is happening
:period[October 2023 to March 2024]

In October 2023 Pakistan told people without papers to leave.[^K1]
:::figure{data="returns"}
:::
:::question{title="Will my name be public?"}
No, unless you tick the box. :advice[If showing your name could harm you, leave it out.]
:::
:::timeline
- 2023-10-03 The deadline is set.[^K1]
:::
`;
    const rest = `:::figure{data="returns" title="Returns"}
| By | Returned | Counted by |
| --- | --- | --- |
| 2023-11-14 | 327,000 | OCHA[^K1] |
:::
`;
    const files = new Map(campaignFiles({ ur: null }));
    const sources = ["K1", "K11", "K36"].map(
      (key) => `- { key: ${key}, publisher: A, title: B, url: https://example.org/ }`,
    );
    const own = new Map([
      ["campaign.yaml", "slug: x\ngoal: 1\nlanguages: [en]\n"],
      ["sources.yaml", sources.join("\n")],
      ["en.md", example.replace("tick the box. ", "tick the box.[^K1] ") + rest],
    ]);
    expect(files.size).toBeGreaterThan(own.size);
    expect(
      contentOf(own)
        .documents.get("en")
        ?.sections[0]?.blocks.map(({ kind }) => kind),
    ).toEqual(["paragraph", "paragraph", "figure", "question", "timeline", "figure"]);
  });
});

describe("a statement", () => {
  test.each([
    ["One. Two.[^K1]", null],
    ["One.[^K1] Two.[^K2]", null],
    ["One.[^K1] Two.", "Two."],
    ["One. Two.[^K1] Three.", "One."],
    ["No source", "No source"],
    ["One[^K1].", null],
    [":advice[No source needed.]", null],
    [":period[2026]", null],
    ["One.[^K1] :advice[Be careful.]", null],
    ["One. :advice[Be careful.][^K1]", null],
    ["یہ ایک ہے۔[^K1] یہ دو ہے۔", "یہ دو ہے۔"],
    ["کیا؟[^K1] ہاں۔[^K2]", null],
    ["*All of it.* And more.", "All of it."],
  ])("%s", (words, unsourced) => {
    const faults = faultsOf(campaignOf(`## A title\n\n${words}\n`));
    expect(faults).toEqual(
      unsourced === null
        ? []
        : [
            `en.md:${BODY_LINE + 2}: “${unsourced}” has no source: put a footnote such as [^K1] behind it, or one at the end of its paragraph`,
          ],
    );
  });

  test.each([
    ["a point", "- One.[^K1]\n- Two.", 3],
    ["an answer", ':::question{title="A"}\nOne.\n:::', 3],
    ["an event", ":::timeline\n- 2026 One.\n:::", 3],
    ["a quotation", ':::quotation{by="A"}\nOne.\n:::', 3],
    ["the caption of a picture", ':::picture{name="a.jpg" alternative="A"}\nOne.\n:::', 3],
  ])("in %s needs a source", (_, body, below) => {
    expect(faultsOf(campaignOf(`## A title\n\n${body}\n`))).toEqual([
      expect.stringMatching(new RegExp(`^en\\.md:${BODY_LINE + below}: “(?:One|Two)\\.” has no source`)),
    ]);
  });

  test("in the summary, the outcome or the call needs a source", () => {
    const bare = minimalDocument("en")
      .replace("Something is wrong (en).[^K1]", "Fine.[^K1]\n  Something is wrong")
      .replace("share:", "outcome: |\n  We won\nshare:")
      .replace("right (en).\n", "right (en).\n\nIt is so\n\n- Do it\n");
    expect(faultsOf(campaignFiles({ "en.md": bare })).filter((fault) => fault.startsWith("en.md"))).toEqual([
      expect.stringContaining("en.md:5: “Something is wrong” has no source"),
      expect.stringContaining("en.md:7: “We won” has no source"),
      expect.stringContaining("en.md:15: “It is so” has no source"),
      expect.stringContaining("en.md:17: “Do it” has no source"),
    ]);
  });
});

describe("a text is refused, by its line, for", () => {
  test.each([
    ["an unknown source", "One.\nTwo.[^K9]", 1, "[^K9] leads to no source: add K9 to sources.yaml"],
    ["an unknown mark with a text", "A :foo[b].[^K1]", 0, ":foo is not known"],
    ["an unknown mark with settings", "A :foo{b=c}.[^K1]", 0, ":foo is not known"],
    ["an unknown block of one line", "::foo[b]\n\n[^K1]", 0, "::foo is not known"],
    ["an unknown block", ":::foo\nOne.[^K1]\n:::", 0, ":::foo is no block"],
    ["a block with an unknown setting", ':::timeline{a="b"}\n:::', 0, ":::timeline has no a"],
    ["a block with unreadable settings", ":::question{title=b}\n:::", 0, "cannot be read"],
    ["a block without its name", ':::picture{alternative="A"}\n:::', 0, ":::picture lacks name"],
    [
      "a picture without words for who does not see it",
      ':::picture{name="a.jpg"}\n:::',
      0,
      "no words for people who do not see it",
    ],
    [
      "a block in a block",
      ':::question{title="A"}\nA.[^K1]\n:::timeline\n- 2026 A.[^K1]\n:::\n:::',
      2,
      "a block cannot stand in another",
    ],
    ["a block in a list", "- :::timeline", 0, ":::timeline cannot stand in a list"],
    ["a block that does not end", ":::timeline\n- 2026 A.[^K1]", 0, ":::timeline does not end"],
    ["an end of no block", "A.[^K1]\n\n:::", 2, "this ::: ends nothing"],
    ["HTML", "A.[^K1]\n\n<div>\n\n</div>", 2, "HTML is not possible"],
    ["HTML in a sentence", "A <b>c</b>.[^K1]", 0, "HTML is not possible"],
    ["a remark in HTML", "<!-- a -->", 0, "HTML is not possible"],
    [
      "a picture in a sentence",
      "A ![b](https://example.org/a.jpg).[^K1]",
      0,
      "a picture is a block of its own",
    ],
    ["a box of code", "```\na\n```", 0, "text in a box is not possible"],
    ["indented code", "A.[^K1]\n\n    b", 2, "text in a box is not possible"],
    ["code in a sentence", "A `b`.[^K1]", 0, "between ` signs"],
    ["a heading of another depth", "A.[^K1]\n\n### B", 2, "begin with ##"],
    ["an underlined heading", "A\n---", 0, "a line of ---"],
    ["a heading with marks", "A.[^K1]\n\n## *B*\n\nC.[^K1]", 2, "a heading is plain text"],
    ["a heading with a source", "A.[^K1]\n\n## B[^K1]\n\nC.[^K1]", 2, "a heading needs no source"],
    ["an empty heading", "A.[^K1]\n\n##\n\nC.[^K1]", 2, "the heading is empty"],
    ["a heading without text", "A.[^K1]\n\n## B", 2, "there is no text below this heading"],
    ["a list in a list", "- A.[^K1]\n  - B.[^K1]", 1, "a list in a list"],
    ["a list in a list on one line", "- - A.[^K1]", 0, "a list in a list"],
    ["two paragraphs in a point", "- A.[^K1]\n\n  B.[^K1]", 2, "one paragraph"],
    ["a quotation by >", "> A.[^K1]", 0, "use :::quotation"],
    [
      "a table outside a figure",
      "| A | B | C |\n|---|---|---|\n| 1 | 2 | 3 |",
      0,
      "a table stands in a figure",
    ],
    ["a line across the page", "A.[^K1]\n\n***", 2, "a line across the page"],
    ["a link without encryption", "A [b](http://example.org/).[^K1]", 0, "https:// or mailto:"],
    ["a link that runs a script", "A [b](javascript:alert).[^K1]", 0, "https:// or mailto:"],
    ["a link within the site", "A [b](/en).[^K1]", 0, "https:// or mailto:"],
    [
      "a link by reference",
      "A [b][c].[^K1]\n\n[c]: https://example.org/",
      2,
      "a link is [its text](https://…)",
    ],
    ["a note of its own", "A.[^K1]\n\n[^K1]: Words", 2, "sources belong into sources.yaml"],
    ["an event without a date", ":::timeline\n- A.[^K1]\n:::", 1, "an entry begins with its date"],
    [
      "an event on a day that is none",
      ":::timeline\n- 2026-02-30 A.[^K1]\n:::",
      1,
      "an entry begins with its date",
    ],
    ["a second call", ':::call{to="B"}\nC\n:::', 0, "there are two calls"],
    ["a figure whose table is nowhere", ':::figure{data="a" title="A"}\n:::', 0, "no table says what a is"],
    [
      "a row without a source",
      ':::figure{data="a" title="A"}\n| A | B | C |\n|-|-|-|\n| 2026 | 2 | d |\n:::',
      3,
      "this count has no source",
    ],
    [
      "a row with a count that is none",
      ':::figure{data="a" title="A"}\n| A | B | C |\n|-|-|-|\n| 2026 | 1,2 | d[^K1] |\n:::',
      3,
      '"1,2" is no number',
    ],
    [
      "a row without a date",
      ':::figure{data="a" title="A"}\n| A | B | C |\n|-|-|-|\n| May | 1 | d[^K1] |\n:::',
      3,
      '"May" is no date',
    ],
    [
      "a table of two columns",
      ':::figure{data="a" title="A"}\n| A | B |\n|-|-|\n| 2026 | 1[^K1] |\n:::',
      1,
      "three columns",
    ],
    [
      "a figure of an unknown type",
      ':::figure{data="a" title="A" type="pie"}\n| A | B | C |\n|-|-|-|\n| 2026 | 1 | d[^K1] |\n:::',
      0,
      "pie is no type of figure",
    ],
    [
      "a figure without a title",
      ':::figure{data="a"}\n| A | B | C |\n|-|-|-|\n| 2026 | 1 | d[^K1] |\n:::',
      0,
      "has no title",
    ],
    ["a paragraph of too many marks", `${"*a_ ".repeat(200)}[^K1]`, 0, "too long"],
    ["a character that cannot be shown", "A.[^K1]\n\nB\0.[^K1]", 2, "cannot be shown (U+0000)"],
    ["a carriage return within a line", "A.[^K1]\n\nB\rC.[^K1]", 2, "cannot be shown (U+000D)"],
    ["half a character", "A.[^K1]\n\nB\uD800.[^K1]", 2, "cannot be shown (U+D800)"],
  ])("%s", (_, body, below, message) => {
    const faults = faultsOf(campaignOf(body));
    expect(faults).toContainEqual(expect.stringContaining(message));
    expect(faults.find((fault) => fault.includes(message))).toMatch(
      new RegExp(`^en\\.md:${BODY_LINE + below}: `),
    );
  });

  test.each([
    ["no front matter", "# A", 1, "begins with a line ---"],
    ["front matter that does not end", "---\ntitle: A\n", 1, "does not end"],
    ["YAML that is none", "---\ntitle: [A\n---\n", 3, "this is not YAML"],
    [
      "an unknown text at the top",
      minimalDocument("en").replace("share:", "slogan: A\nshare:"),
      5,
      "slogan is not known here",
    ],
    [
      "an unknown channel",
      minimalDocument("en").replace("share: |\n", "share:\n  text: A\n  fax: |\n  "),
      7,
      "fax is not known in share",
    ],
    [
      "a title that is a number",
      minimalDocument("en").replace(/title: .*/, "title: 2026"),
      2,
      "title must be a text",
    ],
    ["an empty title", minimalDocument("en").replace(/title: .*/, "title:"), 2, "title is empty"],
    [
      "a title given twice",
      minimalDocument("en").replace("share:", "title: A\nshare:"),
      5,
      "title is given twice",
    ],
    [
      "a text by reference",
      minimalDocument("en").replace(/title: .*/, "title: &a A"),
      2,
      "marks such as &name",
    ],
    ["no title", minimalDocument("en").replace(/title: .*\n/, ""), 1, "title is missing"],
    ["no text to share", minimalDocument("en").replace(/share: [^-]*---/, "---"), 1, "share is missing"],
    [
      "a source of a text to share",
      minimalDocument("en").replace("Please sign", "Please sign[^K1]"),
      5,
      "share.text needs no source",
    ],
    [
      "a list in the summary",
      minimalDocument("en").replace("Something", "- Something"),
      4,
      "summary has paragraphs only",
    ],
    [
      "an unknown source in the summary",
      minimalDocument("en").replace("[^K1]", "[^K7]"),
      4,
      "[^K7] leads to no source",
    ],
    ["no call", minimalDocument("en").replace(/:::call[^#]*/, ""), 7, "the call is missing"],
    ["a call that addresses nobody", minimalDocument("en").replace(/\{to=.*\}/, ""), 9, "whom it addresses"],
    [
      "a call without a demand",
      minimalDocument("en").replace("Put it right (en).\n", ""),
      9,
      "begins with its demand",
    ],
    [
      "a source of the demand",
      minimalDocument("en").replace("right (en).", "right.[^K1]"),
      10,
      "the demand needs no source",
    ],
  ])("%s", (_, written, line, message) => {
    expect(faultsOf(campaignFiles({ "en.md": written }))).toContainEqual(
      expect.stringMatching(new RegExp(`^en\\.md:${line}: .*${message.replace(/[[\]^&]/g, "\\$&")}`)),
    );
  });

  test("more bytes than a file may have, before it is parsed", () => {
    const [fault = ""] = faultsOf(campaignOf("ا".repeat(102_401)));
    expect(fault).toMatch(/^en\.md:1: this file is larger than 204,800 bytes/);
  });

  test("a picture that is not in the folder", () => {
    const files = campaignOf('## A\n\n:::picture{name="gate.jpg" alternative="A gate"}\n:::\n');
    expect(faultsOf(files, new Set(["gate.jpg"]))).toEqual([]);
    expect(faultsOf(files, new Set())).toEqual([
      expect.stringContaining(`en.md:${BODY_LINE + 2}: there is no picture gate.jpg`),
    ]);
  });
});

describe("campaign.yaml is refused, by its line, for", () => {
  const VALID = "slug: made-up\ngoal: 100\nlanguages: [en, ur, fa-AF, ps]\n";
  test.each([
    ["a slug with capitals", VALID.replace("made-up", "Made-Up"), 1, "slug must be"],
    ["a slug that is too long", VALID.replace("made-up", "a".repeat(101)), 1, "slug must be"],
    ["a slug of the desk", VALID.replace("made-up", "settings"), 1, "an address of the site itself"],
    ["a slug of a page", VALID.replace("made-up", "privacy"), 1, "an address of the site itself"],
    ["no slug", VALID.replace(/slug.*\n/, ""), 1, "slug is missing"],
    ["no goal", VALID.replace(/goal.*\n/, ""), 1, "goal is missing"],
    ["a goal of nothing", VALID.replace("100", "0"), 2, "goal must be a whole number"],
    ["a goal that is too high", VALID.replace("100", "100000001"), 2, "goal must be a whole number"],
    ["half a goal", VALID.replace("100", "1.5"), 2, "goal must be a whole number"],
    ["a goal in words", VALID.replace("100", "10,000"), 2, "goal must be a whole number"],
    ["no language", VALID.replace(/\[.*\]/, "[]"), 3, "at least one language"],
    [
      "a language that the site does not have",
      VALID.replace("ps]", "de]"),
      3,
      '"de", which is no language of this site',
    ],
    ["a language named twice", VALID.replace("ps]", "ur]"), 3, "names ur twice"],
    ["an unfinished original", `${VALID}unfinished: [en]\n`, 4, "cannot be unfinished"],
    [
      "an unfinished language it lacks",
      `${VALID.replace(", ps", "")}unfinished: [ps]\n`,
      4,
      "which is not in languages",
    ],
    ["an unknown setting", `${VALID}colour: red\n`, 4, "colour is not known"],
    [
      "an unknown setting of a setting",
      `${VALID}mail:\n  discreet: false\n  from: me\n`,
      6,
      "mail, from is not known",
    ],
    [
      "a target without a role",
      `${VALID}targets:\n  - { key: a, name: A, role: A }\n  - key: b\n    name: B\n`,
      6,
      "targets, entry 2, role is missing",
    ],
    [
      "a target of an unknown country",
      `${VALID}targets:\n  - { key: a, name: A, role: A, country: QQ }\n`,
      5,
      "the two letters of a country",
    ],
    [
      "a colour in words",
      `${VALID}colours: { main: red, accent: "#000000" }\n`,
      4,
      "colours, main must be a colour",
    ],
    [
      "a colour that white text vanishes on",
      `${VALID}colours:\n  main: "#777777"\n  accent: "#000000"\n`,
      5,
      "white text on #777777 has a contrast of 4.47:1",
    ],
    [
      "a trace",
      `${VALID}signing: { trace: offered }\n`,
      4,
      "cannot be offered yet, since that is not built: use off",
    ],
    [
      "signing without a name",
      `${VALID}signing: { name: off }\n`,
      4,
      "cannot be off yet, since that is not built: use required",
    ],
    [
      "discreet mail",
      `${VALID}mail: { discreet: true }\n`,
      4,
      "cannot be true yet, since that is not built: use false",
    ],
    ["YAML that is none", "slug: [", 1, "this is not YAML"],
    ["a list", "- a\n", 1, "the file must be a list of settings"],
    ["nothing", "", 1, "the file"],
  ])("%s", (_, written, line, message) => {
    const faults = faultsOf(campaignFiles({ "campaign.yaml": written }));
    expect(faults).toContainEqual(expect.stringContaining(message));
    expect(faults.find((fault) => fault.includes(message))).toMatch(new RegExp(`^campaign\\.yaml:${line}: `));
  });

  test("nothing in a colour that stands out just enough", () => {
    expect(
      faultsOf(
        campaignFiles({ "campaign.yaml": `${VALID}colours: { main: "#767676", accent: "#ffffff" }\n` }),
      ),
    ).toEqual([]);
  });
});

describe("sources.yaml is refused, by its line, for", () => {
  const K1 = "- { key: K1, publisher: A, title: B, url: https://example.org/ }\n";
  const K2 = "- key: K2\n  publisher: A\n  title: B\n  url: https://example.org/\n";
  test.each([
    [
      "an address that is none",
      K1 + K2.replace("https://example.org/", "example.org"),
      5,
      "url must be an address",
    ],
    [
      "an address that runs a script",
      K1 + K2.replace("https://example.org/", "javascript:alert"),
      5,
      "url must be an address",
    ],
    [
      "a source without a publisher",
      K1 + K2.replace("  publisher: A\n", ""),
      2,
      "entry 2, publisher is missing",
    ],
    ["a date that is none", `${K1}${K2}  date: 2023-13\n`, 6, "date must be a date"],
    ["an unknown setting", `${K1}${K2}  page: 3\n`, 6, "entry 2, page is not known"],
    ["a key with a space", K1 + K2.replace("K2", "K 2"), 2, "key must be"],
    ["a key given twice, in capitals or not", K1 + K2.replace("K2", "k1"), 2, "two sources have the key k1"],
    ["a title in an unknown language", K1 + K2.replace("title: B", "title: { de: B }"), 4, "title"],
  ])("%s", (_, written, line, message) => {
    const faults = faultsOf(campaignFiles({ "sources.yaml": written }));
    expect(faults.find((fault) => fault.includes(message))).toMatch(new RegExp(`^sources\\.yaml:${line}: `));
  });
});

describe("the files are refused", () => {
  test("if one is missing, or none of a campaign's", () => {
    expect(faultsOf(campaignFiles({ "sources.yaml": null }))).toEqual([
      expect.stringContaining("sources.yaml:1: sources.yaml is missing"),
    ]);
    expect(faultsOf(campaignFiles({ "ps.md": null }))).toEqual([
      expect.stringContaining("ps.md:1: ps.md is missing"),
    ]);
    expect(faultsOf(campaignFiles({ "de.md": "A" }))).toEqual([
      expect.stringContaining("de.md:1: its language is not in languages"),
    ]);
    expect(faultsOf(campaignFiles({ "notes.txt": "A" }))).toEqual([
      expect.stringContaining("notes.txt:1: this file is no part"),
    ]);
  });
});

describe("a translation", () => {
  const ENGLISH = `${minimalDocument("en")}
- One.[^K1]
- Two.[^K1]

:::timeline
- 2026-01 A.[^K1]
- 2026-02 B.[^K1]
:::

:::figure{data="wells" title="Wells"}
Where they ran dry.

| By | Wells | Counted by |
| --- | --- | --- |
| 2026 | 12 | a survey[^K1] |
:::

## More

:::question{title="Who?"}
They.[^K1]
:::
`;
  const URDU = ENGLISH.replaceAll("(en)", "(ur)");
  const two = (ur: string, settings = "") =>
    new Map([
      ...campaignFiles({ "fa-AF.md": null, "ps.md": null, "en.md": ENGLISH, "ur.md": ur }),
      ["campaign.yaml", `slug: made-up\ngoal: 100\nlanguages: [en, ur]\n${settings}`],
    ]);
  const lineOf = (needle: string) => URDU.slice(0, URDU.indexOf(needle)).split("\n").length;

  test("with the same parts is free of faults", () => {
    expect(faultsOf(two(URDU))).toEqual([]);
  });

  test.each([
    [
      "lacks a point",
      URDU.replace("- Two.[^K1]\n", ""),
      lineOf("- One"),
      "section 1, list 1, point 2 is missing",
    ],
    [
      "has one more point",
      URDU.replace("- Two.[^K1]", "- Two.[^K1]\n- Three.[^K1]"),
      lineOf("- Two") + 1,
      "en.md has no section 1, list 1, point 3",
    ],
    [
      "lacks an event",
      URDU.replace("- 2026-01 A.[^K1]\n", ""),
      lineOf(":::timeline"),
      "section 1, timeline 1, event 1 is missing",
    ],
    [
      "has an event of another date",
      URDU.replace("2026-02", "2026-03"),
      lineOf("- 2026-02"),
      "en.md has no event of 2026-03",
    ],
    [
      "has another kind of block",
      URDU.replace(/- One(.|\n)*?Two.\[\^K1\]/, "One.[^K1]"),
      lineOf("- One"),
      "en.md has no section 1, paragraph 2",
    ],
    ["lacks a section", URDU.slice(0, URDU.indexOf("## More")), lineOf("## What"), "section 2 is missing"],
    [
      "has one more section",
      `${URDU}\n## Even more\n\nA.[^K1]\n`,
      URDU.split("\n").length + 1,
      "en.md has no section 3",
    ],
    ["has no text to share", URDU.replace("share: |\n  Please sign (ur):", "asOf: A"), 1, "share is missing"],
    [
      "has a text that the first lacks",
      URDU.replace("share:", "asOf: Today\nshare:"),
      5,
      "en.md has no asOf",
    ],
    [
      "has its blocks in another order",
      URDU.replace(/(- One(?:.|\n)*?Two.\[\^K1\]\n)\n(:::timeline(?:.|\n)*?:::\n)/, "$2\n$1"),
      lineOf("- One") + 5,
      "section 1, list 1 stands elsewhere in en.md",
    ],
    ["has another count", URDU.replace("| 12 |", "| 13 |"), lineOf("| 2026 |"), "this row differs from line"],
    [
      "has another source of a count",
      URDU.replace("a survey[^K1]", "a survey[^K2]"),
      lineOf("| 2026 |"),
      "this row differs from line",
    ],
    [
      "has one more row",
      URDU.replace("a survey[^K1] |", "a survey[^K1] |\n| 2027 | 1 | b[^K1] |"),
      lineOf(":::figure"),
      "this table has 2 rows",
    ],
    ["shows other data", URDU.replace('data="wells"', 'data="rivers"'), lineOf(":::figure"), "shows rivers"],
    [
      "shows a figure of another type",
      URDU.replace('data="wells"', 'data="wells" type="number"'),
      lineOf(":::figure"),
      "of type number",
    ],
    [
      "lacks the caption of a figure",
      URDU.replace("Where they ran dry.\n\n", ""),
      lineOf(":::figure"),
      "section 1, figure 1, caption is missing",
    ],
    [
      "lacks a figure",
      URDU.replace(/:::figure(.|\n)*?\n:::\n/, ""),
      lineOf("## What"),
      "section 1, figure 1 is missing",
    ],
    [
      "lacks a question's answer",
      URDU.replace("They.[^K1]\n", ""),
      lineOf(":::question"),
      "section 2, question 1, paragraph 1 is missing",
    ],
  ])("that %s is refused at its line", (_, urdu, line, message) => {
    const faults = faultsOf(two(urdu));
    expect(faults).toContainEqual(expect.stringContaining(message));
    expect(faults.find((fault) => fault.includes(message))).toMatch(new RegExp(`^ur\\.md:${line}: `));
  });

  test("takes what it lacks from the first language, once it is unfinished", () => {
    const urdu = URDU.replace("- Two.[^K1]\n", "")
      .replace("- 2026-01 A.[^K1]\n", "")
      .replace("share: |\n  Please sign (ur):\n", "")
      .replace('title="Who?"', 'title="کون؟"');
    const document = contentOf(two(urdu, "unfinished: [ur]\n")).documents.get("ur");
    expect([...(document?.untranslated ?? [])].sort()).toEqual([
      "sections.1.points.1.2",
      "sections.1.timeline.1.1",
      "share.text",
    ]);
    expect(document?.share.text).toBe("Please sign (en):");
    expect(document?.sections[0]?.blocks[1]).toEqual({
      kind: "points",
      ordered: false,
      items: [
        [text("One."), K1],
        [text("Two."), K1],
      ],
    });
    expect(document?.sections[0]?.blocks[2]).toMatchObject({
      events: [{ date: "2026-01" }, { date: "2026-02" }],
    });
    expect(document?.sections[1]?.blocks[0]).toMatchObject({ title: "کون؟" });
  });

  test("may lack whole sections, the call and the text before the first heading while it is unfinished", () => {
    const english = ENGLISH.replace("## What is wrong (en)\n\n", "");
    const urdu = "---\ntitle: عنوان\n---\n\n## مزید\n";
    const files = new Map([...two(urdu, "unfinished: [ur]\n"), ["en.md", english]]);
    const { sections, call } = contentOf(files).documents.get("ur") ?? {};
    expect(sections?.map(({ title, blocks }) => [title, blocks.length])).toEqual([
      [null, 4],
      ["مزید", 1],
    ]);
    expect(call?.demand).toBe("Put it right (en).");
  });

  test("may leave out a figure's table, and has its own words where it gives it", () => {
    const [, table = ""] = /(\| By(?:.|\n)*?)\n:::/.exec(URDU) ?? [];
    const without = contentOf(two(URDU.replace(`\n\n${table}`, ""))).documents.get("ur");
    expect(without?.sections[0]?.blocks[3]).toMatchObject({
      headings: ["By", "Wells", "Counted by"],
      rows: [{ at: "2026", value: 12, by: "a survey", sources: ["K1"] }],
    });
    const own = contentOf(two(URDU.replace("Counted by", "شمار").replace("a survey", "سروے"))).documents.get(
      "ur",
    );
    expect(own?.sections[0]?.blocks[3]).toMatchObject({
      headings: ["By", "Wells", "شمار"],
      rows: [{ by: "سروے", sources: ["K1"] }],
    });
  });
});

const INLINES = ["text", "emphasis", "strong", "link", "reference", "advice", "period"];

function expectText(inlines: Text): void {
  for (const inline of inlines) {
    expect(INLINES).toContain(inline.kind);
    if (inline.kind === "link") expect(inline.href).toMatch(/^(?:https:\/\/|mailto:)/);
    if (inline.kind !== "text" && inline.kind !== "reference") expectText(inline.children);
  }
}

function textsOf(block: Block): readonly Text[] {
  switch (block.kind) {
    case "paragraph":
    case "quotation":
      return [block.text];
    case "points":
      return block.items;
    case "question":
      return block.blocks.flatMap(textsOf);
    case "timeline":
      return block.events.map((event) => event.text);
    case "figure":
    case "picture":
      return [block.caption];
    default:
      throw new Error(`a block of no kind: ${JSON.stringify(block satisfies never)}`);
  }
}

test("200 documents of every block are read, as nothing but the kinds of the tree", () => {
  fc.assert(
    fc.property(anyDocument, (written) => {
      const { documents } = contentOf(new Map([...campaignOf(""), ["en.md", written]]));
      const document = documents.get("en");
      expect(new Set(document?.sections.flatMap(({ blocks }) => blocks.map(({ kind }) => kind))).size).toBe(
        7,
      );
      for (const block of document?.sections.flatMap(({ blocks }) => blocks) ?? [])
        for (const each of textsOf(block)) expectText(each);
    }),
    { numRuns: 200 },
  );
}, 600_000);

describe("a hostile text of 200 KB", () => {
  const filled = (piece: string) => piece.repeat(Math.floor(199_000 / piece.length));
  const nested = (mark: string, blank: string) =>
    Array.from({ length: 600 }, (_, at) => `${blank.repeat(at)}${mark}a\n`).join("");
  const texts: [string, string][] = [
    ...[
      "[",
      "]",
      "![",
      "[^",
      ":",
      ":a[",
      ':a{b="',
      "*",
      "*a_ ",
      "`",
      "<!--",
      '<a b="',
      '[a](b "',
      "|",
      "> ",
      "- ",
      "a\n",
      "- a\n",
      "2. *a_\n",
      "a\n\n",
      ":::question\n",
      "[a]: b\n",
      "&",
      "\\",
      "a.[^K1]\n\n",
      " ",
      "\t",
    ].map((piece): [string, string] => [JSON.stringify(piece), filled(piece)]),
    ["lists that go deeper", nested("- ", " ")],
    ["quotations that go deeper", nested("> ", "> ")],
    ["paragraphs of as many marks as may be", filled(`${'[a](b "'.repeat(50)}${"x".repeat(3_000)}\n\n`)],
  ];
  test.each(texts)("is answered in good time: %s", (_, body) => {
    const started = process.cpuUsage();
    readCampaign(campaignOf(body));
    // Without bounds, some of these take minutes or hours.
    expect(process.cpuUsage(started).user).toBeLessThan(20_000_000);
  });

  test.each(["[", "{", "- ", "a: ", "? ", "&a ", "- *a\n", '"', "|\n", ","])(
    "is answered in good time as YAML: %j",
    (piece) => {
      const started = process.cpuUsage();
      for (const file of ["campaign.yaml", "sources.yaml"])
        expect(faultsOf(campaignFiles({ [file]: filled(piece) }))).not.toEqual([]);
      expect(faultsOf(campaignFiles({ "en.md": `---\n${filled(piece)}\n---\n` }))).not.toEqual([]);
      expect(process.cpuUsage(started).user).toBeLessThan(20_000_000);
    },
  );
});
