import { expect, test, vi } from "vitest";
import { batching } from "@/lib/db/batching";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";

type Item = { key: string; value: number };

/** Statements that end when the test says so. */
function database({ fails = () => null }: { fails?: (items: readonly Item[]) => Error | null } = {}) {
  const statements: { items: readonly Item[]; end(): void }[] = [];
  const ask = batching<Item, number>({
    run: (items) =>
      new Promise((resolve, reject) => {
        statements.push({
          items,
          end() {
            const failure = fails(items);
            if (failure) reject(failure);
            else resolve(items.map(({ value }) => value * 10));
          },
        });
      }),
    keyOf: ({ key }) => key,
    isHopeless: (error) => error instanceof Error && error.message === "out of reach",
  });
  const valuesOf = (place: number) => statements[place]?.items.map(({ value }) => value);
  return { ask, statements, valuesOf };
}

const turn = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

test("what comes alone goes at once; what comes while two statements are under way shares the next", async () => {
  const { ask, statements, valuesOf } = database();
  const outcomes = [ask({ key: "a", value: 1 })];
  await turn();
  outcomes.push(ask({ key: "b", value: 2 }));
  await turn();
  for (const value of [3, 4, 5]) outcomes.push(ask({ key: `c${value}`, value }));
  await turn();
  expect([valuesOf(0), valuesOf(1), valuesOf(2)]).toEqual([[1], [2], undefined]);
  statements[0]?.end();
  await turn();
  expect(valuesOf(2)).toEqual([3, 4, 5]);
  statements[2]?.end();
  statements[1]?.end();
  expect(await Promise.all(outcomes)).toEqual([10, 20, 30, 40, 50]);
});

test("two of one key never share a statement, and what came between them is not held up", async () => {
  const { ask, statements, valuesOf } = database();
  const outcomes = [1, 2, 3].map((value) => ask({ key: value === 2 ? "other" : "same", value }));
  await turn();
  expect(valuesOf(0)).toEqual([1, 2]);
  statements[0]?.end();
  await turn();
  expect(valuesOf(1)).toEqual([3]);
  statements[1]?.end();
  expect(await Promise.all(outcomes)).toEqual([10, 20, 30]);
});

test("a statement takes a hundred along, and no more", async () => {
  const { ask, statements, valuesOf } = database();
  const outcomes = Array.from({ length: 130 }, (_, value) => ask({ key: String(value), value }));
  await turn();
  expect(valuesOf(0)).toHaveLength(100);
  statements[0]?.end();
  await turn();
  expect(valuesOf(1)).toHaveLength(30);
  statements[1]?.end();
  expect(await Promise.all(outcomes)).toHaveLength(130);
});

test("one item that cannot be written does not spoil those beside it", async () => {
  const { ask, statements } = database({
    fails: (items) => (items.some(({ value }) => value === 2) ? new Error("broken") : null),
  });
  const outcomes = Promise.allSettled([1, 2, 3].map((value) => ask({ key: String(value), value })));
  for (let place = 0; place < 4; place++) {
    await turn();
    statements[place]?.end();
  }
  expect((await outcomes).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});

test("when the database is out of reach, all that waits is told so at once, and nothing is tried again", async () => {
  const { ask, statements } = database({ fails: () => new Error("out of reach") });
  const outcomes = Promise.allSettled([1, 2, 3].map((value) => ask({ key: "same", value })));
  await turn();
  statements[0]?.end();
  expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(statements).toHaveLength(1);
});

test("what waits for a hanging database is told so within two seconds, as a database out of reach", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const { ask, statements } = database();
    for (const value of [1, 2]) {
      void ask({ key: String(value), value });
      await turn();
    }
    expect(statements).toHaveLength(2);
    const refused = expect(ask({ key: "3", value: 3 })).rejects.toSatisfy(isDatabaseUnavailable);
    await vi.advanceTimersByTimeAsync(2_000);
    await refused;
    statements[0]?.end();
    await turn();
    expect(statements).toHaveLength(2);
  } finally {
    vi.useRealTimers();
  }
});
