import { describe, expect, test } from "vitest";
import { outlineOf, textIn, withText } from "@/lib/document";

const document = (front: string) => `---\n${front}---\n\n## Why\n\nBecause.\n`;

describe("the outline of a campaign's files", () => {
  test("names its languages in their order, and the titles that there are", () => {
    const files = new Map([
      ["campaign.yaml", "slug: a\nlanguages: [ur, en, xx, en]\n"],
      ["ur.md", document("title: روکو\nsummary: |\n  …\n")],
      ["en.md", document("summary:\n")],
    ]);
    const { languages, titles } = outlineOf(files);
    expect(languages).toEqual(["ur", "en"]);
    expect([...titles]).toEqual([["ur", "روکو"]]);
  });

  test.each([
    ["no file", new Map<string, string>()],
    ["settings that are no YAML", new Map([["campaign.yaml", "languages: [en\n  - : x"]])],
    ["a list of something else", new Map([["campaign.yaml", "languages: { en: 1 }"]])],
  ])("is empty for %s", (_, files) => {
    expect(outlineOf(files).titles.size).toBe(0);
  });

  test("has the title of a document that is cut off or wrong further down", () => {
    expect(textIn("---\ntitle: Stop it\nsummary: |\n  Som", "title")).toBe("Stop it");
    expect(textIn(document("title: Stop it\nshare: [\n"), "title")).toBe("Stop it");
    expect(textIn("no front matter", "title")).toBeNull();
  });
});

describe("a text above a document", () => {
  const before = document("# keep this\ntitle: Stop it # and this\nsummary: |\n  Some\n\n  more\n");

  test("is added below the others, changed in its place, and taken away again", () => {
    const added = withText(before, "outcome", "We won.\n\nThanks: all.");
    expect(added).toBe(
      document(
        "# keep this\ntitle: Stop it # and this\nsummary: |\n  Some\n\n  more\noutcome: |\n  We won.\n\n  Thanks: all.\n",
      ),
    );
    expect(textIn(added, "outcome")).toBe("We won.\n\nThanks: all.");
    const changed = withText(added, "outcome", "We lost.");
    expect(textIn(changed, "outcome")).toBe("We lost.");
    expect(withText(changed, "outcome", null)).toBe(before);
  });

  test.each(["outcome: We won\n", 'outcome: "We won"\n', "outcome: >-\n  We\n  won\n", "outcome:\n"])(
    "takes the place of one written as %j, wherever it stands",
    (written) => {
      const changed = withText(document(`title: A\n${written}summary: B\n`), "outcome", "New");
      expect(changed).toBe(document("title: A\noutcome: |\n  New\nsummary: B\n"));
    },
  );

  test.each(["Stop: now", "2030", "#free", "- a", "“Quoted” 'words'", "yes", "[x]"])(
    "is read as it was written: %s",
    (title) => {
      expect(textIn(withText(before, "title", title), "title")).toBe(title);
    },
  );

  test("keeps the line ends of a document", () => {
    const windows = before.replaceAll("\n", "\r\n");
    const changed = withText(windows, "outcome", "One\n\nTwo");
    expect(changed.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(withText(changed, "outcome", null)).toBe(windows);
  });

  test.each(["no front matter", "---\n- a list\n---\n", "---\n{ title: A }\n---\n", "---\na: [\n---\n"])(
    "is not written where it would break the rest: %j",
    (broken) => {
      expect(withText(broken, "outcome", "New")).toBe(broken);
    },
  );
});
