import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { partsOf, readCampaign } from "@/lib/document";
import {
  lengthOf,
  listSources,
  NO_SOURCE,
  nextKey,
  partFields,
  readSourceFields,
  settingsForm,
  skeletonOf,
  sourceFields,
  usesOf,
  withChangedSource,
  withoutSource,
  withParts,
  withSettings,
  withSource,
} from "@/lib/writing";
import { campaignFiles, minimalDocument } from "@/tests/support/campaign-files";

const shipped = (path: string) => readFileSync(`campaigns/pakistan-stop-expulsions/${path}`, "utf8");
const document = minimalDocument("en");

describe("a document in parts", () => {
  test("has a field with a plain name for each part", () => {
    expect(partFields(document).map(({ label, section }) => [label, section])).toEqual([
      ["Title", null],
      ["Summary", null],
      ["Text beside a shared link", null],
      ["Whom the call addresses", null],
      ["The demand", null],
      ["Section 1: heading", 1],
      ["Section 1, paragraph 1", 1],
    ]);
  });

  test("names no two fields alike in the shipped campaign", () => {
    const labels = partFields(shipped("en.md")).map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
    expect(labels).toEqual(
      expect.arrayContaining(["Point 2", "Section 1: heading", "Section 1, paragraph 1"]),
    );
  });

  test("is saved as it was when nothing was typed, whatever line ends a browser sends", () => {
    for (const text of [document, document.replaceAll("\n", "\r\n"), shipped("ur.md")]) {
      const typed = Object.fromEntries(
        partFields(text).map(({ name, text: part }) => [name, part.replaceAll("\n", "\r\n")]),
      );
      expect(withParts(text, typed)).toEqual({ ok: true, document: text });
    }
  });

  test("changes the parts that were typed, and no other byte", () => {
    const saved = withParts(document, {
      "part.title": "Another title",
      "part.call.demand": "Stop it.",
      form: "x",
    });
    expect(saved).toEqual({
      ok: true,
      document: document
        .replace("A made-up campaign (en)", "Another title")
        .replace("Put it right (en).", "Stop it."),
    });
  });

  test.each([
    ["part.sections.1.paragraph.1", "One.\n\nTwo.", "one paragraph"],
    ["part.sections.1.title", "  ", "cannot be empty"],
    ["part.sections.9.title", "More", "no longer in the text"],
  ])("says by field what cannot be saved: %s", (field, text, why) => {
    const saved = withParts(document, { [field]: text });
    expect(saved).toEqual({ ok: false, mistakes: [{ field, text: expect.stringContaining(why) }] });
  });
});

describe("the length of a document", () => {
  test("counts words, not marks, sources or addresses", () => {
    const text = document.replace(
      "It goes on (en).[^K2]",
      "See [this page](https://example.org/a-b-c), :advice[do so].[^K2]",
    );
    const words = lengthOf(text, "en").words;
    expect(words).toBe(
      lengthOf(document, "en").words -
        "It goes on en".split(" ").length +
        "See this page do so".split(" ").length,
    );
    expect(lengthOf("", "en")).toEqual({ words: 0, minutes: 0 });
  });
});

describe("sources.yaml", () => {
  const file = shipped("sources.yaml");
  const keys = () => (listSources(file, "en") ?? []).map(({ key }) => key);
  const source = {
    ...NO_SOURCE,
    key: "K90",
    publisher: "A paper",
    titles: { en: "A report" },
    date: "2026",
    url: "https://example.org",
  };

  test("proposes the next number", () => {
    expect(nextKey(keys())).toMatch(/^K\d+$/);
    expect(keys()).not.toContain(nextKey(keys()));
    expect(nextKey([])).toBe("K1");
    expect(nextKey(["K2", "S", "K11b"])).toBe("K12");
  });

  test("gets a source, changes and loses it, and all else stays, comments included", () => {
    const added = withSource(file, source) ?? "";
    expect(listSources(added, "en")?.at(-1)).toEqual(source);
    expect(added.startsWith(file.split("\n- ")[0] ?? "?")).toBe(true);
    const changed =
      withChangedSource(
        added,
        { ...source, publisher: "Another", caveats: { ur: "شاید" }, date: "" },
        "en",
      ) ?? "";
    expect(listSources(changed, "en")?.at(-1)).toEqual({
      ...source,
      publisher: "Another",
      caveats: { ur: "شاید" },
      date: "",
    });
    const removed = withoutSource(changed, "K90") ?? "";
    expect(listSources(removed, "en")).toEqual(listSources(file, "en"));
    const read = readCampaign(
      new Map([
        ...campaignFiles(),
        ["sources.yaml", withSource(campaignFiles().get("sources.yaml") ?? "", source) ?? ""],
      ]),
    );
    expect(read).toMatchObject({ ok: true });
  });

  test("may be a mapping, or have comments only", () => {
    const mapping = "# By key.\nK1: { publisher: A, title: B, url: https://example.org }\n";
    expect(listSources(withSource(mapping, source) ?? "", "en")?.map(({ key }) => key)).toEqual([
      "K1",
      "K90",
    ]);
    expect(listSources(withSource("# None yet.\n", source) ?? "", "en")).toEqual([source]);
    expect(withSource("# None yet.\n", source)).toContain("# None yet.");
  });

  test("that cannot be read is not written", () => {
    for (const broken of ["- key: [", "just words", "a: b: c"]) {
      expect(listSources(broken, "en")).toBeNull();
      expect(withSource(broken, source)).toBeNull();
    }
  });

  test("says where a source is used, in any spelling of its mark", () => {
    const files = new Map([
      ["en.md", "One.\n\nTwo.[^k1] Three.[^K11]\n"],
      ["sources.yaml", "[^K1]"],
    ]);
    expect(usesOf(files, "K1")).toEqual([{ file: "en.md", line: 3 }]);
  });

  test("reads the fields of its form, and says what is wrong with which", () => {
    expect(readSourceFields("K90", sourceFields(source))).toEqual({ ok: true, source });
    const read = readSourceFields("K 9", {
      ...sourceFields(NO_SOURCE),
      date: "yesterday",
      url: "ftp://example.org",
    });
    expect(read.ok ? [] : read.mistakes.map(({ field }) => field)).toEqual([
      "key",
      "publisher",
      "title.en",
      "date",
      "url",
    ]);
  });
});

describe("campaign.yaml", () => {
  const file = shipped("campaign.yaml");

  test("changes where its form was changed, and keeps comments and all else", () => {
    const now =
      withSettings(file, {
        goal: "20000",
        "language.ps": "unfinished",
        "colour.main": "#8a1538",
        "colour.accent": "#0a5c36",
      }) ?? "";
    for (const comment of file.match(/#.*$/gm) ?? []) expect(now).toContain(comment);
    const files = new Map([
      ...["sources.yaml", "en.md", "ur.md", "fa-AF.md", "ps.md"].map(
        (path) => [path, shipped(path)] as const,
      ),
      ["campaign.yaml", now],
    ]);
    const read = readCampaign(files);
    expect(read.ok && read.content.settings).toMatchObject({
      goal: 20_000,
      unfinished: ["ps"],
      colours: { main: "#8a1538", accent: "#0a5c36" },
      targets: [{ key: "prime-minister" }],
    });
    expect(withSettings(now, { "language.ps": "yes", "colour.main": "", "colour.accent": "" })).not.toMatch(
      /unfinished|colours/,
    );
  });

  test("gets, changes and loses targets", () => {
    const two =
      withSettings(file, {
        "target.1.key": "minister",
        "target.1.name": "The minister",
        "target.1.role": "Minister",
        "target.1.country": "",
      }) ?? "";
    expect(settingsForm(two)).toMatchObject({
      targets: 2,
      fields: { "target.1.name": "The minister", "target.1.country": "" },
    });
    const one =
      withSettings(two, {
        "target.0.key": "",
        "target.0.name": "",
        "target.0.role": "",
        "target.0.country": "",
        "target.1.name": "She",
      }) ?? "";
    expect(settingsForm(one)).toMatchObject({ targets: 1, fields: { "target.0.name": "She" } });
    expect(
      settingsForm(withSettings(one, { "target.0.key": "", "target.0.name": "", "target.0.role": "" }) ?? "")
        ?.targets,
    ).toBe(0);
  });

  test("that cannot be read has no form", () => {
    for (const broken of ["a: [", "- a list", "words"]) {
      expect(settingsForm(broken)).toBeNull();
      expect(withSettings(broken, { goal: "1" })).toBeNull();
    }
  });
});

test("a language to be translated begins without faults", () => {
  const settings = `${campaignFiles().get("campaign.yaml")}unfinished: [ps]\n`;
  const read = readCampaign(campaignFiles({ "campaign.yaml": settings, "ps.md": skeletonOf(document) }));
  expect(read).toMatchObject({ ok: true });
  expect(new Set(partsOf(skeletonOf(document)).map(({ markdown }) => markdown))).toEqual(new Set(["…"]));
});
