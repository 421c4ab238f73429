import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { evenTime, SPANS_MILLISECONDS } from "@/lib/http/even-time";

// Fake timers do not reach this module's.
vi.mock("node:timers/promises", () => ({
  setTimeout: (wait: number) => new Promise((resolve) => setTimeout(resolve, wait)),
}));

const [SHORTEST, LONGER] = SPANS_MILLISECONDS;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  ["nothing", 0, 1],
  ["a little", 7, 1],
  ["more than a span", SHORTEST + 7, 2],
])("work that takes %s is answered at the end of a span", async (name, milliseconds, spans) => {
  const inEvenTime = evenTime(name);
  const outcomes = [
    inEvenTime(() => sleep(milliseconds).then(() => "done")),
    inEvenTime(() => sleep(milliseconds).then(() => Promise.reject(new Error("lost")))).catch(
      ({ message }: Error) => message,
    ),
  ];
  const settled = vi.fn();
  for (const outcome of outcomes) outcome.then(settled);
  await vi.advanceTimersByTimeAsync(spans * SHORTEST - 1);
  expect(settled).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(await Promise.all(outcomes)).toEqual(["done", "lost"]);
});

test("the span grows when work takes longer, and shrinks when it no longer does", async () => {
  const inEvenTime = evenTime("busy and quiet");
  const answeredAfter = async (milliseconds: number) => {
    const began = performance.now();
    const done = inEvenTime(() => sleep(milliseconds)).then(() => performance.now() - began);
    await vi.advanceTimersByTimeAsync(1_000);
    return done;
  };
  const settle = async (milliseconds: number) => {
    for (let turn = 0; turn < 400; turn += 1) await answeredAfter(milliseconds);
  };
  expect(await answeredAfter(7)).toBe(SHORTEST);
  await settle(SHORTEST + 7);
  // Both kinds of address now take one span, whether or not theirs would have fitted into the shortest.
  expect([await answeredAfter(7), await answeredAfter(SHORTEST + 7)]).toEqual([LONGER, LONGER]);
  await settle(7);
  expect(await answeredAfter(7)).toBe(SHORTEST);
});
