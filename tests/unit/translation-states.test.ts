import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type HashedPart, type Origin, originsOf, stateOf } from "@/lib/translations/states";

const origin = (part: string, original: string, translation: string, reviewed = false): Origin => ({
  part,
  original,
  originalHash: original,
  translationHash: translation,
  changedAt: null,
  changedBy: null,
  reviewedAt: reviewed ? new Date(0) : null,
  reviewedBy: reviewed ? "Reviewer" : null,
});
const part = (key: string, originalHash: string, translationHash: string | null): HashedPart => ({
  key,
  originalHash,
  translationHash,
});
const statesOf = (parts: HashedPart[], known: Origin[]) => {
  const origins = originsOf(parts, known);
  return parts.map((each) => stateOf(each, origins.get(each.key)));
};

describe("the state of a part", () => {
  test("is missing, draft, outdated or reviewed", () => {
    expect(
      statesOf(
        [
          part("a", "A", null),
          part("b", "B", "b"),
          part("c", "C2", "c"),
          part("d", "D", "d"),
          part("e", "E", "e"),
        ],
        [origin("b", "B", "b"), origin("c", "C", "c", true), origin("d", "D", "d", true)],
      ),
    ).toEqual(["missing", "draft", "outdated", "reviewed", "draft"]);
  });

  test("is a draft once its text is another one, whoever changed it", () => {
    expect(statesOf([part("a", "A", "a2")], [origin("a", "A", "a", true)])).toEqual(["draft"]);
  });

  test("holds for one of two equal texts only as long as its own original is the same", () => {
    expect(
      statesOf(
        [part("a", "A", "same"), part("b", "B2", "same")],
        [origin("a", "A", "same", true), origin("b", "B", "same", true)],
      ),
    ).toEqual(["reviewed", "outdated"]);
  });
});

test("marks follow the text when parts are inserted, removed or moved", () => {
  const texts = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(texts, fc.func(fc.boolean()), fc.func(fc.nat()), (before, reviewed, order) => {
      const known = before.map((text, at) => origin(`p.${at}`, `original ${text}`, text, reviewed(text)));
      const after = [...before, "NEW"].sort((one, other) => order(one) - order(other));
      const parts = after.map((text, at) => part(`p.${at}`, `original ${text}`, text));
      expect(statesOf(parts, known)).toEqual(
        after.map((text) => (text !== "NEW" && reviewed(text) ? "reviewed" : "draft")),
      );
    }),
  );
});

test("what is known of a text is used once", () => {
  const hashes = fc.constantFrom("x", "y", "z");
  fc.assert(
    fc.property(
      fc.array(fc.tuple(hashes, hashes), { maxLength: 8 }),
      fc.array(fc.tuple(hashes, hashes), { maxLength: 8 }),
      (some, others) => {
        const known = some.map(([original, text], at) => origin(`k${at}`, original, text));
        const parts = others.map(([original, text], at) => part(`k${at}`, original, text));
        const found = [...originsOf(parts, known)];
        expect(new Set(found.map(([, each]) => each)).size).toBe(found.length);
        for (const [key, each] of found)
          expect(each.translationHash).toBe(parts.find((one) => one.key === key)?.translationHash);
      },
    ),
  );
});
