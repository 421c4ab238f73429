import { expect, test } from "@playwright/test";
import { Client } from "pg";
import { SIGNATURES_PER_NETWORK_PER_MINUTE } from "@/lib/abuse/limits";
import { PETITION, someone } from "@/tests/support/browser";
import { onServer } from "@/tests/support/postgres";

test.skip(({ javaScriptEnabled }) => javaScriptEnabled !== false, "once is enough: no browser takes part");

const HTML = { accept: "text/html" };
const JSON_ONLY = { accept: "application/json" };
const typed = () => ({ ...someone("Khalida Popal"), country: "AF", consent: "yes", locale: "en" });

const testDatabase = () => process.env.TEST_DATABASE_URL ?? "";

test.describe("too many signatures from one network", () => {
  test.afterAll(async () => {
    const client = new Client({ connectionString: testDatabase() });
    await client.connect();
    await client.query("DELETE FROM network_minute");
    await client.end();
  });

  test("are answered 429 with Retry-After, and what was typed is kept", async ({ request }) => {
    const sign = () =>
      request.post(`${PETITION}/signatures`, { form: typed(), headers: HTML, maxRedirects: 0 });
    let answer = await sign();
    // A minute may end in between, and the count begins anew: twice the limit is enough at all times.
    for (let sent = 1; sent <= 2 * SIGNATURES_PER_NETWORK_PER_MINUTE && answer.status() === 303; sent++)
      answer = await sign();
    expect(answer.status()).toBe(429);
    expect(Number(answer.headers()["retry-after"])).toBeGreaterThan(0);
    expect(await answer.text()).toContain('value="Khalida Popal"');

    const data = await request.post(`${PETITION}/signatures`, { data: typed(), headers: JSON_ONLY });
    expect([data.status(), await data.json()]).toEqual([429, { error: "rate_limited" }]);
  });
});

test.describe("while the database is out of reach", () => {
  const name = () => new URL(testDatabase()).pathname.slice(1);
  test.beforeAll(() =>
    onServer(testDatabase(), async (server) => {
      await server.query(`ALTER DATABASE "${name()}" WITH ALLOW_CONNECTIONS false`);
      await server.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [
        name(),
      ]);
    }),
  );
  test.afterAll(() =>
    onServer(testDatabase(), (server) =>
      server.query(`ALTER DATABASE "${name()}" WITH ALLOW_CONNECTIONS true`),
    ),
  );

  test("signing is answered 503 with Retry-After, and what was typed is kept", async ({ request }) => {
    const answer = await request.post(`${PETITION}/signatures`, { form: typed(), headers: HTML });
    expect(answer.status()).toBe(503);
    expect(Number(answer.headers()["retry-after"])).toBeGreaterThan(0);
    expect(await answer.text()).toContain('value="Khalida Popal"');
    const data = await request.post(`${PETITION}/signatures`, { data: typed(), headers: JSON_ONLY });
    expect([data.status(), await data.json()]).toEqual([503, { error: "unavailable" }]);
  });

  test("the page stays readable, and only readiness says no", async ({ request }) => {
    expect((await request.get("/ps/pakistan-stop-expulsions")).status()).toBe(200);
    expect((await request.get("/api/health/live")).status()).toBe(200);
    expect((await request.get("/api/health/ready")).status()).toBe(503);
  });
});
