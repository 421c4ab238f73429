import { expect, test } from "vitest";
import { readGoals } from "@/lib/sharing/milestones";
import { ORIGINS_MAX, readOrigins } from "@/lib/sharing/origins";

test("sites are read one a line, as origins with HTTPS or of this machine, and what is none is named", () => {
  expect(readOrigins("https://news.example\r\n\n https://other.example/ \nhttps://news.example")).toEqual({
    ok: true,
    origins: ["https://news.example", "https://other.example"],
  });
  expect(readOrigins("http://localhost:8080").ok).toBe(true);
  expect(
    readOrigins("https://news.example/page\nnews.example\nhttp://news.example\njavascript:alert(1)"),
  ).toEqual({
    ok: false,
    mistakes: [
      { typed: "https://news.example/page", kind: "no-origin" },
      { typed: "news.example", kind: "no-origin" },
      { typed: "http://news.example", kind: "not-https" },
      { typed: "javascript:alert(1)", kind: "no-origin" },
    ],
  });
  const many = Array.from({ length: ORIGINS_MAX + 1 }, (_, index) => `https://n${index}.example`);
  expect(readOrigins(many.join("\n"))).toMatchObject({ ok: false, mistakes: [{ kind: "too-many" }] });
});

test("goals are read with digits in groups, sorted, each once; what is no number is named", () => {
  expect(readGoals("10,000", "50 000\n25'000;25000")).toEqual({
    ok: true,
    goals: { goal: 10_000, nextGoals: [25_000, 50_000] },
  });
  expect(readGoals("0", "")).toEqual({ ok: false, mistake: { kind: "goal" } });
  expect(readGoals("ten", "")).toEqual({ ok: false, mistake: { kind: "goal" } });
  expect(readGoals("10", "20\nmany")).toEqual({ ok: false, mistake: { kind: "next-goal", typed: "many" } });
  expect(readGoals("99999999999", "")).toEqual({ ok: false, mistake: { kind: "goal" } });
});
