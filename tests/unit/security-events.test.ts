import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { noteSecurityEvent, SECURITY_EVENTS, securityEventTotals } from "@/lib/observability/security-events";

let lines: { event: string; kind: string; attempts: number; request?: number }[] = [];

beforeEach(() => {
  lines = [];
  vi.useFakeTimers();
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    lines.push(JSON.parse(String(text)));
    return true;
  });
});
afterEach(() => {
  vi.runAllTimers();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const total = (kind: string) => securityEventTotals().find((noted) => noted.kind === kind)?.total ?? 0;

test("an attempt is told at once; of a flood, a line a minute says how many there were, and every one is counted", () => {
  const before = total("forged-notice");
  for (let sent = 0; sent < 10_000; sent += 1) noteSecurityEvent("forged-notice");
  expect(lines.map(({ kind, attempts }) => [kind, attempts])).toEqual([["forged-notice", 1]]);
  vi.advanceTimersByTime(60_000);
  expect(lines.map(({ attempts }) => attempts)).toEqual([1, 9_999]);
  vi.advanceTimersByTime(600_000);
  expect(lines).toHaveLength(2);
  noteSecurityEvent("forged-notice");
  expect(lines.map(({ attempts }) => attempts)).toEqual([1, 9_999, 1]);
  expect(total("forged-notice") - before).toBe(10_001);
});

test("kinds do not keep each other from being told", () => {
  noteSecurityEvent("trap-filled");
  noteSecurityEvent("foreign-post");
  expect(lines.map(({ event, kind }) => [event, kind])).toEqual([
    ["attempt", "trap-filled"],
    ["attempt", "foreign-post"],
  ]);
});

test("every kind is in the inventory, and no other", async () => {
  const [, section = ""] = (await readFile("docs/protection.md", "utf8")).split("\n## Security events\n");
  const named = [...(section.split("\n## ")[0] ?? "").matchAll(/^\| `([a-z-]+)`/gm)].map(([, kind]) => kind);
  expect(named.sort()).toEqual([...SECURITY_EVENTS].sort());
});
