import { afterAll, describe, expect, test } from "vitest";
import { GET as sheet } from "@/app/(public)/[locale]/[campaign]/sheet.pdf/route";
import { pictureFile, sheetFile } from "@/lib/drawing";
import { DrawingQueue } from "@/lib/drawing/queue";
import { isDrawingQueueFull } from "@/lib/drawing/queue-full";
import { perProcess } from "@/lib/per-process";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";

/** More than are drawn at once and may wait. */
const MANY = 6;

useDatabase();
// Like the site's own, but smaller: each sheet takes a second of a processor.
const queue = new DrawingQueue({ threads: 1, waitingMax: 3 });
perProcess("drawing/queue", () => queue);
afterAll(() => queue.close());

let codes = 0;
/** Anybody can have as many codes as they like: each is another sheet. */
const newSheet = () => sheetFile("en", CAMPAIGN_SLUG, `https://petition.example/s/code${codes++}`);
const requestSheet = () =>
  sheet(new Request(`http://localhost/en/${CAMPAIGN_SLUG}/sheet.pdf`), {
    params: Promise.resolve({ locale: "en", campaign: CAMPAIGN_SLUG }),
  });

describe("S14: an attacker who requests print sheets with ever new codes", () => {
  test("does not slow down other requests", async () => {
    let drawn = false;
    const drawing = newSheet().finally(() => {
      drawn = true;
    });
    let turns = 0;
    while (!drawn) {
      await new Promise((resolve) => setImmediate(resolve));
      turns += 1;
    }
    expect((await drawing)?.subarray(0, 4).toString()).toBe("%PDF");
    // Each is a chance for other requests. Drawn on this thread, a sheet leaves a handful.
    expect(turns).toBeGreaterThan(500);
  });

  test("fills a bounded queue, then gets 503 with Retry-After until there is room", async () => {
    const asked = Array.from({ length: MANY }, () => newSheet().catch((error: unknown) => error));
    const told = await requestSheet();
    expect(told.status).toBe(503);
    expect(Number(told.headers.get("retry-after"))).toBeGreaterThan(0);
    const outcomes = await Promise.all(asked);
    const refused = outcomes.filter(isDrawingQueueFull);
    expect(refused.length).toBeGreaterThan(0);
    expect(outcomes.filter((outcome) => outcome instanceof Buffer)).toHaveLength(MANY - refused.length);
    expect((await requestSheet()).status).toBe(200);
  });

  test("does not delay the preview picture of a shared link", async () => {
    const order: string[] = [];
    const sheets = Array.from({ length: MANY }, () =>
      newSheet().then(
        () => order.push("sheet"),
        () => {},
      ),
    );
    const picture = pictureFile("en", CAMPAIGN_SLUG, "preview").then(() => order.push("picture"));
    await Promise.all([...sheets, picture]);
    expect(order.indexOf("picture")).toBeLessThan(order.lastIndexOf("sheet"));
  });
});
