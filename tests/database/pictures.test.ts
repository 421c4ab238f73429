import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { closeDatabase } from "@/lib/db/client";
import { pictureFile } from "@/lib/drawing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";

const base = useDatabase();

/** Longer than figures in pictures may be old. */
const A_MINUTE_MS = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function setCount(count: number): Promise<void> {
  await base.current().query(
    `INSERT INTO confirmed_count (campaign_id, shard, confirmed) SELECT id, 0, $1 FROM campaign
     ON CONFLICT (campaign_id, shard) DO UPDATE SET confirmed = $1`,
    [count],
  );
  vi.advanceTimersByTime(A_MINUTE_MS);
}

function preview(): Promise<Buffer | null> {
  return pictureFile("ps", CAMPAIGN_SLUG, "preview");
}

test("draws a picture again when the first two digits of its count change, and otherwise keeps it", async () => {
  await setCount(1_234);
  const [first, alongside] = await Promise.all([preview(), preview()]);
  expect(first).not.toBeNull();
  expect(alongside?.equals(first ?? Buffer.of())).toBe(true);
  await setCount(1_299);
  expect(await preview()).toBe(first);
  await setCount(1_300);
  expect((await preview())?.equals(first ?? Buffer.of())).toBe(false);
});

test("shows the last picture without the database, and still draws others", async () => {
  await setCount(5_000);
  const before = await preview();
  await base.current().stop();
  await closeDatabase();
  vi.advanceTimersByTime(A_MINUTE_MS);
  expect(await preview()).toBe(before);
  expect(await pictureFile("en", CAMPAIGN_SLUG, "square")).not.toBeNull();
});
