import { expect, test, vi } from "vitest";
import { SIGNING_LIMIT_MILLISECONDS, SIGNINGS_IN_FLIGHT, withinCapacity } from "@/lib/abuse/capacity";

test("what exceeds the limit is refused at once, and taken again when something ended, well or badly", async () => {
  const ends: { well(): void; badly(error: Error): void }[] = [];
  const started = Array.from({ length: SIGNINGS_IN_FLIGHT }, () =>
    withinCapacity(
      () =>
        new Promise<string>((resolve, reject) => ends.push({ well: () => resolve("done"), badly: reject })),
    ),
  );
  let ran = false;
  const surplus = async () => {
    ran = true;
    return "done";
  };
  expect(await withinCapacity(surplus)).toBeNull();
  expect(ran).toBe(false);

  ends[0]?.badly(new Error("lost"));
  await expect(started[0]).rejects.toThrow("lost");
  expect(await withinCapacity(surplus)).toBe("done");

  for (const { well } of ends) well();
  expect(await Promise.all(started.slice(1))).toEqual(Array(SIGNINGS_IN_FLIGHT - 1).fill("done"));
  expect(await withinCapacity(surplus)).toBe("done");
});

test("what takes too long is given up, and a fault of it later harms nobody", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  try {
    let fail: (error: Error) => void = () => {};
    const given = withinCapacity(() => new Promise((_, reject) => (fail = reject)));
    vi.advanceTimersByTime(SIGNING_LIMIT_MILLISECONDS);
    expect(await given).toBeNull();
    fail(new Error("too late"));
  } finally {
    vi.useRealTimers();
  }
});
