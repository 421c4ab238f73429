import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  marksOf,
  partsOf,
  readCampaign,
  translatedParts,
  untranslated,
  withTranslation,
} from "@/lib/document";

const FOLDERS = ["campaigns/pakistan-stop-expulsions", "tests/support/campaigns/clean-water-for-all"];
const read = (folder: string, file: string) => readFileSync(`${folder}/${file}`, "utf8");
const FILES = ["campaign.yaml", "sources.yaml", "en.md", "ur.md", "fa-AF.md", "ps.md"];
const LOCALES = ["ur", "fa-AF", "ps"];
const texts = (parts: ReturnType<typeof translatedParts>) =>
  new Map(
    parts.flatMap(({ key, translation }) => (translation === null ? [] : [[key, translation] as const])),
  );

describe.each(FOLDERS)("%s", (folder) => {
  const original = read(folder, "en.md");

  test.each(LOCALES)("lacks no part in %s, and nothing changes if nothing is translated", (locale) => {
    const own = read(folder, `${locale}.md`);
    const parts = translatedParts(original, own);
    expect(parts.filter(({ translation, needed }) => needed && translation === null)).toEqual([]);
    expect(parts.map(({ key }) => key)).toEqual(partsOf(original).map(({ key }) => key));
    expect(withTranslation(original, own, new Map())).toEqual({ ok: true, markdown: own, unfit: [] });
    expect(withTranslation(original, own, texts(parts))).toEqual({ ok: true, markdown: own, unfit: [] });
  });

  test.each(LOCALES)("is written anew in %s part by part, in any order, and means the same", (locale) => {
    const own = translatedParts(original, read(folder, `${locale}.md`));
    const all = [...texts(own)];
    fc.assert(
      fc.property(fc.shuffledSubarray(all), (chosen) => {
        const half = Math.floor(chosen.length / 2);
        const first = withTranslation(original, "", new Map(chosen.slice(0, half)));
        const second = first.ok
          ? withTranslation(original, first.markdown, new Map(chosen.slice(half)))
          : first;
        expect(second.ok && second.unfit).toEqual([]);
        const parts = translatedParts(original, second.ok ? second.markdown : "");
        const expected = new Map(chosen);
        for (const { key, translation, needed } of parts)
          if (needed || expected.has(key))
            expect([key, translation]).toEqual([key, expected.get(key) ?? null]);
      }),
      { numRuns: 6 },
    );
  });

  test("takes a language of which nothing is translated as unfinished, without a fault", () => {
    const files = new Map(FILES.map((file) => [file, read(folder, file)]));
    files.set("ps.md", untranslated(original));
    files.set("campaign.yaml", `${files.get("campaign.yaml")}\nunfinished: [ps]\n`);
    const campaign = readCampaign(files);
    expect(campaign.ok ? [] : campaign.faults).toEqual([]);
    if (campaign.ok)
      expect(campaign.content.documents.get("ps")?.title).toBe(campaign.content.documents.get("en")?.title);
  });
});

test("parts that are gone in the middle keep the others where they are", () => {
  const original =
    '---\ntitle: T\nsummary: S[^a]\nshare: H\n---\n\n:::call{to="P"}\nDo it\n\nLead\n\n- one\n- two\n:::\n\n## One\n\nA\n\nB\n\n- x\n- y\n\n## Two\n\n:::timeline\n- 2023 p\n- 2024 q\n:::\n';
  const own = "---\ntitle: t\n---\n\n## eins\n\na\n\n- X\n\n## zwei\n\n:::timeline\n- 2024 Q\n:::\n";
  const done = withTranslation(
    original,
    own,
    new Map([
      ["sections.1.points.1.2", "Y"],
      ["call.points.2", "zwei"],
    ]),
  );
  expect(done.ok && texts(translatedParts(original, done.markdown))).toEqual(
    new Map([
      ["title", "t"],
      ["call.points.2", "zwei"],
      ["sections.1.title", "eins"],
      ["sections.1.paragraph.1", "a"],
      ["sections.1.points.1.1", "X"],
      ["sections.1.points.1.2", "Y"],
      ["sections.2.title", "zwei"],
      ["sections.2.timeline.1.2", "Q"],
    ]),
  );
});

test("marks are footnotes, links, directives and placeholders, with their places", () => {
  const text = "At 10:30[^K1] see [the *report*](https://example.org/a) :advice[call {count}] \\[^no][^K2]";
  expect(
    marksOf(text).map(({ name, pieces }) => [
      name,
      ...pieces.map(({ start, end }) => text.slice(start, end)),
    ]),
  ).toEqual([
    ["[^K1]", "[^K1]"],
    ["https://example.org/a", "[", "](https://example.org/a)"],
    [":advice[…]", ":advice[", "]"],
    ["{count}", "{count}"],
    ["[^K2]", "[^K2]"],
  ]);
});
