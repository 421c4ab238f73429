import fc from "fast-check";
import type { CampaignFiles } from "@/lib/document";
import { LOCALES, type Locale } from "@/lib/i18n/locales";

const SETTINGS = `slug: made-up
goal: 100
languages: [${LOCALES.join(", ")}]
`;

const SOURCES = `- { key: K1, publisher: A paper, title: A report, date: "2026-10-01", url: "https://example.org/report" }
- { key: K2, publisher: An office, title: A letter, url: "https://example.org/letter" }
`;

/** The shortest document that has every text a document needs, marked with its language. */
export function minimalDocument(locale: Locale): string {
  return `---
title: A made-up campaign (${locale})
summary: |
  Something is wrong (${locale}).[^K1]
share: |
  Please sign (${locale}):
---

:::call{to="The minister (${locale})"}
Put it right (${locale}).
:::

## What is wrong (${locale})

It goes on (${locale}).[^K2]
`;
}

/**
 * Returns the files of a small campaign without faults, in every language of the site.
 * @param overrides other files by path; null leaves a file out.
 */
export function campaignFiles(overrides: Readonly<Record<string, string | null>> = {}): CampaignFiles {
  const files: Record<string, string | null> = {
    "campaign.yaml": SETTINGS,
    "sources.yaml": SOURCES,
    ...Object.fromEntries(LOCALES.map((locale) => [`${locale}.md`, minimalDocument(locale)])),
    ...overrides,
  };
  return new Map(
    Object.entries(files).flatMap(([path, text]) => (text === null ? [] : [[path, text] as const])),
  );
}

/** The files of that campaign in English only, with another text below its front matter and call. */
export function campaignOf(body: string): CampaignFiles {
  const files = { "campaign.yaml": SETTINGS.replace(/\[.*\]/, "[en]"), "sources.yaml": SOURCES };
  const [top = ""] = minimalDocument("en").split("\n## ");
  return new Map(Object.entries({ ...files, "en.md": `${top}\n${body}` }));
}

const word = fc.oneof(
  fc.constantFrom(
    "people",
    "return",
    "2025",
    "1,495,851",
    "Note:word",
    "10:30",
    "پاکستان",
    "۲۰۲۶",
    "don’t",
    "A&B",
    "1.5",
    "(IOM)",
    "x-y",
    "5%",
    "::",
    "e@x",
  ),
  fc.stringMatching(/^[a-z]{1,8}$/),
);
const words = fc.array(word, { minLength: 1, maxLength: 2 }).map((each) => `W ${each.join(" ")} w`);
const note = fc.constantFrom("[^K1]", "[^K2]", "[^K1][^K2]", "[^k1]");
const marked = fc.oneof(
  { weight: 4, arbitrary: words },
  words.map((text) => `*${text}*`),
  words.map((text) => `**${text}**`),
  words.map((text) => `**${text} *and* more**`),
  words.map((text) => `[${text}](https://example.org/a?b=c)`),
  words.map((text) => `[${text}](mailto:a@example.org)`),
  words.map((text) => `:advice[${text}.]`),
  words.map((text) => `:period[${text}]`),
);
const sentence = fc
  .tuple(words, fc.array(marked, { maxLength: 2 }), note, fc.constantFrom(".", "?", "۔", "؟"))
  .map(([first, more, source, stop]) => `${[first, ...more].join(" ")}${stop}${source}`);
const paragraph = fc
  .tuple(fc.array(sentence, { minLength: 1, maxLength: 2 }), fc.constantFrom(" ", "\n"))
  .map(([sentences, between]) => sentences.join(between));
const points = fc
  .tuple(fc.array(paragraph, { minLength: 1, maxLength: 2 }), fc.constantFrom("-", "*", "1."))
  .map(([items, mark]) => items.map((item) => `${mark} ${item.replaceAll("\n", "\n   ")}`).join("\n"));
const date = fc
  .tuple(
    fc.integer({ min: 1900, max: 2100 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
    fc.integer({ min: 1, max: 3 }),
  )
  .map(([year, month, day, steps]) =>
    [`${year}`, `${month}`.padStart(2, "0"), `${day}`.padStart(2, "0")].slice(0, steps).join("-"),
  );
const attribute = fc.oneof(
  words,
  words.map((text) => `&quot;${text}&quot; & so`),
);
const row = fc
  .tuple(date, fc.nat(10_000_000), words, note)
  .map(([at, value, by, source]) => `| ${at} | ${value.toLocaleString("en")} | ${by}${source} |`);
const blocks = {
  paragraph,
  points,
  question: fc
    .tuple(attribute, fc.array(fc.oneof(paragraph, points), { minLength: 1, maxLength: 2 }))
    .map(([title, answer]) => `:::question{title="${title}"}\n${answer.join("\n\n")}\n:::`),
  timeline: fc
    .array(fc.tuple(date, paragraph), { minLength: 1, maxLength: 2 })
    .map(
      (events) =>
        `:::timeline\n${events.map(([at, text]) => `- ${at} ${text.replaceAll("\n", "\n  ")}`).join("\n")}\n:::`,
    ),
  quotation: fc.tuple(attribute, paragraph).map(([by, text]) => `::::quotation{by='${by}'}\n${text}\n::::`),
  picture: fc
    .tuple(attribute, fc.option(paragraph))
    .map(
      ([alternative, caption]) =>
        `:::picture{name="gate.jpg" alternative="${alternative}"}\n${caption ?? ""}\n:::`,
    ),
  figure: fc
    .tuple(
      attribute,
      fc.option(words),
      fc.array(row, { minLength: 1, maxLength: 2 }),
      fc.constantFrom("", ' type="bars"', ' type="number"'),
    )
    .map(
      ([title, caption, rows, type]) =>
        `:::figure{data="DATA" title="${title}"${type}}\n${caption ?? ""}\n\n| At | Count | By |\n| --- | --: | --- |\n${rows.join("\n")}\n:::`,
    ),
};
const section = fc
  .tuple(words, fc.array(fc.oneof(...Object.values(blocks)), { minLength: 1, maxLength: 2 }))
  .map(([title, body]) => `## ${title}\n\n${body.join("\n\n")}`);
/** Every block at least once, in some order. */
const everything = fc
  .tuple(fc.record(blocks), fc.array(section, { maxLength: 1 }))
  .map(([each, more]) => [Object.values(each).join("\n\n"), ...more]);
const blockScalar = (text: string) => `|\n  ${text.replaceAll("\n", "\n  ")}`;

/** Documents without faults that use every block, for `campaignOf`'s settings and sources. */
export const anyDocument: fc.Arbitrary<string> = fc
  .record({
    title: words,
    summary: paragraph,
    share: words,
    asOf: fc.option(words),
    outcome: fc.option(paragraph),
    to: attribute,
    demand: words,
    lead: fc.option(paragraph),
    points: fc.option(points),
    body: everything,
    crlf: fc.boolean(),
  })
  .map(({ title, summary, share, asOf, outcome, to, demand, lead, points: asked, body, crlf }) => {
    const top = [
      `title: ${JSON.stringify(title)}`,
      `summary: ${blockScalar(summary)}`,
      `share:\n  text: ${JSON.stringify(share)}\n  x: |-\n    ${share}`,
      ...(asOf === null ? [] : [`asOf: ${JSON.stringify(asOf)} # a comment`]),
      ...(outcome === null ? [] : [`outcome: ${blockScalar(outcome)}`]),
    ];
    const call = [
      `:::call{to="${to}"}`,
      demand,
      "",
      ...(lead === null ? [] : [lead, ""]),
      ...(asked === null ? [] : [asked]),
      ":::",
    ];
    let figures = 0;
    const text = `---\n${top.join("\n")}\n---\n${call.join("\n")}\n\n${body.join("\n\n")}\n`.replace(
      /DATA/g,
      () => {
        figures += 1;
        return `figure-${figures}`;
      },
    );
    return crlf ? text.replaceAll("\n", "\r\n") : text;
  });
