import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeEdit } from "@/lib/merge-edits";

const values = fc.record({ goal: fc.constantFrom("", "1", "2"), title: fc.constantFrom("", "a", "b") });

test("of two people who edit different fields, both keep what they wrote", () => {
  const was = { goal: "10", title: "Stop" };
  expect(mergeEdit({ was, now: { goal: "20", title: "Stop" } }, { goal: "10", title: "Halt" })).toEqual({
    ok: true,
    changes: { goal: "20" },
  });
});

test("two people who change one field differently both learn of it", () => {
  const was = { title: "Stop" };
  expect(mergeEdit({ was, now: { title: "Halt" } }, { title: "End" })).toEqual({
    ok: false,
    theirs: { title: "End" },
  });
});

test("nothing that somebody else saved is overwritten unseen, whatever is edited", () => {
  fc.assert(
    fc.property(values, values, values, (was, now, current) => {
      const merged = mergeEdit({ was, now }, current);
      const after = { ...current, ...(merged.ok ? merged.changes : {}) };
      for (const field of ["goal", "title"] as const) {
        const theirs = current[field] !== was[field];
        if (theirs) expect([current[field], merged.ok ? now[field] : null]).toContain(after[field]);
        if (theirs && merged.ok && now[field] !== current[field]) expect(after[field]).toBe(current[field]);
      }
    }),
  );
});
