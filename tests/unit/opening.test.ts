import { expect, test, vi } from "vitest";
import { currentDataKeyId, seal } from "@/lib/db/encryption";
import { beginOpening, type Opening, type Sealed } from "@/lib/db/opening";

// A thread reads the keys from the environment; without them each would make one that passes.
vi.stubEnv("DATA_KEYS", `k1:${Buffer.alloc(32, 7).toString("base64")}`);

const TEXTS = ["Laila", "زرغونه", "", "two\nlines\tand a tab", "😀 outside the first plane", "last"];

function sealed(text: string, number: number): Sealed {
  const place = { table: "signature", column: "name", id: `id-${number}` } as const;
  return { value: seal(text, place), dataKeyId: currentDataKeyId(), place };
}

/** Whether some thread takes values by now; before, they are opened where they are asked for. */
function threadsAreReady(): boolean {
  const { openingThreads } = globalThis as { openingThreads?: { threads: { ready: boolean }[] } };
  return openingThreads?.threads.some(({ ready }) => ready) ?? false;
}

function untilThreadsAreReady(): Promise<void> {
  return vi.waitFor(() => expect(threadsAreReady()).toBe(true), { timeout: 20_000 });
}

async function openMany(opening: Opening): Promise<void> {
  const calls = Array.from({ length: 40 }, (_, call) =>
    TEXTS.slice(call % TEXTS.length).map((text) => `${text}${call}`),
  );
  const answers = await Promise.all(calls.map((texts) => opening.openAll(texts.map(sealed))));
  expect(answers).toEqual(calls);
}

test("values are opened in their order: here until a thread is ready, and there afterwards", async () => {
  const opening = beginOpening();
  try {
    expect(threadsAreReady()).toBe(false);
    await openMany(opening);
    await untilThreadsAreReady();
    await openMany(opening);
    expect(await opening.openAll([])).toEqual([]);
  } finally {
    opening.close();
  }
});

test("a value that was changed is told to whoever asked for it, and to nobody else", async () => {
  const opening = beginOpening();
  try {
    await untilThreadsAreReady();
    const changed = sealed("Laila", 1);
    changed.value.reverse();
    const [broken, whole] = await Promise.allSettled([
      opening.openAll([sealed("before", 0), changed]),
      opening.openAll([sealed("other", 2)]),
    ]);
    expect(broken.status).toBe("rejected");
    expect(whole).toEqual({ status: "fulfilled", value: ["other"] });
  } finally {
    opening.close();
  }
});

test("threads are shared, and end with the last who opens", async () => {
  const [first, second] = [beginOpening(), beginOpening()];
  await untilThreadsAreReady();
  first.close();
  first.close();
  expect(await second.openAll([sealed("still", 0)])).toEqual(["still"]);
  second.close();
  expect(threadsAreReady()).toBe(false);
});
