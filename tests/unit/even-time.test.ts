import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { inEvenTime, SPAN_MILLISECONDS } from "@/lib/http/even-time";

// Fake timers do not reach this module's.
vi.mock("node:timers/promises", () => ({
  setTimeout: (wait: number) => new Promise((resolve) => setTimeout(resolve, wait)),
}));

test.each([
  ["nothing", 0, 1],
  ["a little", 7, 1],
  ["more than a span", SPAN_MILLISECONDS + 7, 2],
])("work that takes %s is answered at the end of a span", async (_, milliseconds, spans) => {
  vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] });
  try {
    const outcomes = [
      inEvenTime(() => sleep(milliseconds).then(() => "done")),
      inEvenTime(() => sleep(milliseconds).then(() => Promise.reject(new Error("lost")))).catch(
        ({ message }: Error) => message,
      ),
    ];
    const settled = vi.fn();
    for (const outcome of outcomes) outcome.then(settled);
    await vi.advanceTimersByTimeAsync(spans * SPAN_MILLISECONDS - 1);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(await Promise.all(outcomes)).toEqual(["done", "lost"]);
  } finally {
    vi.useRealTimers();
  }
});
