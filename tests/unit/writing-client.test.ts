import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { examplesOf, insertionOf } from "@/components/admin/writing/examples";
import { patched, patchesBetween } from "@/components/admin/writing/patches";
import { readCampaign } from "@/lib/document";
import { campaignOf } from "@/tests/support/campaign-files";

const lines = fc
  .array(fc.constantFrom("a", "b", "c", "", "دو", "a b"), { maxLength: 12 })
  .map((each) => each.join("\n"));

describe("patches", () => {
  test("turn one text into the other, in order and without overlap", () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const patches = patchesBetween(before, after);
        expect(patched(before, patches)).toBe(after);
        for (const [at, { from, to }] of patches.entries()) {
          expect(from).toBeLessThanOrEqual(to);
          expect(from).toBeGreaterThanOrEqual(patches[at - 1]?.to ?? 0);
        }
      }),
    );
  });

  test("touch nothing but what differs", () => {
    expect(patchesBetween("one\ntwo\nthree\n", "one\ntwo!\nthree\n")).toEqual([
      { from: 7, to: 7, insert: "!" },
    ]);
    expect(patchesBetween("same\n", "same\n")).toEqual([]);
  });
});

const EXAMPLES = examplesOf({ mark: "[^K1]", picture: "gate.jpg", data: "figure-1" });
const document = campaignOf("\n## First\n\nOne.[^K1]\n\nTwo.[^K1]\n").get("en.md") ?? "";
const faultsWith = (text: string) => {
  const read = readCampaign(new Map([...campaignOf(""), ["en.md", text]]), new Set(["gate.jpg"]));
  return read.ok ? [] : read.faults;
};
const put = (text: string, { from, to, insert }: { from: number; to: number; insert: string }) =>
  text.slice(0, from) + insert + text.slice(to);

describe("an inserted example", () => {
  test.each(EXAMPLES.map((example) => [example.label, example] as const))(
    "is correct wherever the cursor stands below the call: %s",
    (_, example) => {
      expect(faultsWith(document)).toEqual([]);
      // Right below a heading, another one would leave it without text.
      const headings = example.name === "heading" ? [] : ["## First"];
      const places = example.block
        ? ["One.", "Two.", ...headings, ""].map((words) =>
            words === "" ? document.length : document.indexOf(words) + 1,
          )
        : [document.indexOf("Two.")];
      for (const place of places) {
        const insertion = insertionOf(document, { from: place, to: place }, example);
        const after = put(document, insertion);
        expect([place, faultsWith(after)]).toEqual([place, []]);
        expect(after).toContain(example.text);
        expect(after.replace(example.text, "").replace(/\s+/g, "")).toBe(document.replace(/\s+/g, ""));
      }
    },
  );

  test("does not land in another block or in the texts at the top", () => {
    const [, question] = EXAMPLES;
    if (!question) throw new Error("no example");
    for (const words of ["Put it right", "title: "]) {
      const place = document.indexOf(words);
      const after = put(document, insertionOf(document, { from: place, to: place }, question));
      expect(after.indexOf(question.text)).toBeGreaterThan(
        document.indexOf(words === "title: " ? "share:" : "\n:::\n"),
      );
    }
  });

  test("is selected, so that typing replaces it", () => {
    const [heading] = EXAMPLES;
    if (!heading) throw new Error("no example");
    const place = document.indexOf("One.");
    const { from, insert, select } = insertionOf(document, { from: place, to: place }, heading);
    expect(insert.slice(select.from - from, select.to - from)).toBe(heading.text);
  });
});
