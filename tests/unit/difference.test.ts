import fc from "fast-check";
import { expect, test } from "vitest";
import { differenceOf } from "@/lib/editing/difference";
import { mergeText } from "@/lib/editing/merge";

test.each([
  ["en", "Dig wells now.", "Dig deep wells now.", ["deep "]],
  ["ur", "کنویں ابھی کھودیں۔", "گہرے کنویں ابھی کھودیں۔", ["گہرے "]],
  ["ps", "څاګانې اوس وکنئ.", "څاګانې ژر وکنئ.", ["ژر"]],
] as const)("a difference in %s is told by whole words", (locale, before, after, added) => {
  const pieces = differenceOf(before, after, locale);
  expect(pieces.flatMap(({ kind, text }) => (kind === "added" ? [text] : []))).toEqual(added);
});

const words = fc
  .array(fc.constantFrom("well", "کنواں", " ", ". ", "\n", "é", "👩‍👩‍👧"), { maxLength: 30 })
  .map((parts) => parts.join(""));

test("the pieces of a difference make up both texts", () => {
  fc.assert(
    fc.property(words, words, (before, after) => {
      const pieces = differenceOf(before, after, "en");
      const without = (kind: string) =>
        pieces.flatMap((piece) => (piece.kind === kind ? [] : [piece.text])).join("");
      expect([without("added"), without("removed")]).toEqual([before, after]);
    }),
  );
});

const lines = fc
  .array(fc.constantFrom("one", "two", "three", ""), { maxLength: 8 })
  .map((all) => all.join("\n"));

test("an edit of what nobody else changed is taken as it is", () => {
  fc.assert(
    fc.property(lines, lines, (was, now) => {
      expect(mergeText({ was, now }, was)).toEqual({ ok: true, text: now });
      expect(mergeText({ was, now: was }, now)).toEqual({ ok: true, text: now });
    }),
  );
});

test("edits of different lines are both kept, in either order", () => {
  fc.assert(
    fc.property(fc.nat(9), fc.nat(9), (first, second) => {
      fc.pre(Math.abs(first - second) > 1);
      const base = Array.from({ length: 10 }, (_, at) => `line ${at}`);
      const was = base.join("\n");
      const mine = base.with(first, "mine").join("\n");
      const theirs = base.with(second, "theirs").join("\n");
      const both = base.with(first, "mine").with(second, "theirs").join("\n");
      expect(mergeText({ was, now: mine }, theirs)).toEqual({ ok: true, text: both });
      expect(mergeText({ was, now: theirs }, mine)).toEqual({ ok: true, text: both });
    }),
  );
});

test("line ends are those of the text that is there", () => {
  expect(mergeText({ was: "a\nb", now: "a\nc" }, "a\r\nb")).toEqual({ ok: true, text: "a\r\nc" });
  expect(mergeText({ was: "a\r\nb", now: "a\r\nc" }, "a\nb")).toEqual({ ok: true, text: "a\nc" });
});
