import { describe, expect, test } from "vitest";
import { paragraphRuns } from "@/components/admin/versions/paragraphs";
import { differenceOf } from "@/lib/editing/difference";

const textOf = (paragraphs: ReturnType<typeof paragraphRuns>[number]["paragraphs"]) =>
  paragraphs.map(({ pieces }) => pieces.map(({ text }) => text).join(""));

describe("the paragraphs of two compared texts", () => {
  test("are grouped by whether something in them differs", () => {
    const runs = paragraphRuns(
      differenceOf("One.\n\nTwo.\n\nThree.\n\nFour.", "One.\n\nTwo!\n\nThree.\n\nFour.", "en"),
    );
    expect(runs.map(({ changed, paragraphs }) => [changed, textOf(paragraphs)])).toEqual([
      [false, ["One."]],
      [true, ["Two.!"]],
      [false, ["Three.", "Four."]],
    ]);
    expect(runs[1]?.paragraphs[0]?.pieces).toEqual([
      { kind: "same", text: "Two" },
      { kind: "removed", text: "." },
      { kind: "added", text: "!" },
    ]);
  });

  test("differ whole when one was added or removed", () => {
    const runs = paragraphRuns(differenceOf("One.\r\n\r\nThree.", "One.\r\n\r\nTwo.\r\n\r\nThree.", "en"));
    expect(
      runs
        .filter(({ changed }) => changed)
        .flatMap(({ paragraphs }) => textOf(paragraphs))
        .join(""),
    ).toContain("Two");
    expect(runs.filter(({ changed }) => !changed).length).toBeGreaterThan(0);
  });

  test("keep every word, whatever the texts are", () => {
    const [before, after] = ["a b\n\n\n c\nd\n\ne", "a  b\n\nc\nd e\n\n\n\n"];
    const words = (text: string) => text.match(/\S+/g) ?? [];
    const shown = paragraphRuns(differenceOf(before, after, "en")).flatMap(({ paragraphs }) =>
      paragraphs.flatMap(({ pieces }) => pieces),
    );
    const of = (kind: "added" | "removed") =>
      words(
        shown
          .flatMap((piece) => (piece.kind === "same" || piece.kind === kind ? [piece.text] : []))
          .join(" "),
      );
    expect([of("removed"), of("added")]).toEqual([words(before), words(after)]);
  });
});
