import { afterEach, expect, test, vi } from "vitest";
import { logConsoleErrors } from "@/lib/log";

const printed = console.error;
afterEach(() => {
  console.error = printed;
  vi.restoreAllMocks();
});

test("what the framework prints of an error is logged without what somebody typed", () => {
  const lines: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((line) => lines.push(String(line)) > 0);
  logConsoleErrors();
  const error = Object.assign(new TypeError("invalid input: Laila Karimi"), {
    meta: { name: "Laila Karimi" },
  });
  console.error(error);
  console.error("⨯ unhandledRejection: ", error);
  console.error("Error: Laila Karimi");
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    expect(JSON.parse(line)).toMatchObject({ level: "error", event: "a library reported an error" });
    expect(line).not.toContain("Laila");
  }
  expect(lines[0]).toContain("TypeError");
});
