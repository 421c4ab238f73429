import path from "node:path";
import { expect, test } from "vitest";
import { chooseTests } from "@/scripts/support/test-paths";

test("paths are sorted by what runs them, however they are written", () => {
  const here = "tests/unit/test-paths.test.ts";
  const outcome = chooseTests([
    "tests/browser/pages.spec.ts",
    `./${here}`,
    path.resolve("tests/database"),
    "tests/unit/form.test.ts",
  ]);
  expect(outcome).toEqual({
    ok: true,
    chosen: new Map([
      ["unit", [here, "tests/unit/form.test.ts"]],
      ["database", ["tests/database"]],
      ["browser", ["tests/browser/pages.spec.ts"]],
    ]),
  });
});

test.each([
  "tests/unit/none.test.ts",
  "lib/log.ts",
  "tests/support/browser.ts",
  "tests/unitary.ts",
  "../tests/unit",
])("%s is refused by name, with an example", (name) => {
  const outcome = chooseTests([name]);
  expect(outcome).toEqual({
    ok: false,
    problems: [
      expect.stringMatching(new RegExp(`^${name.replaceAll(".", "\\.")} is no test: .*for example `)),
    ],
  });
});
