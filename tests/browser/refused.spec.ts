import { expect, test } from "@playwright/test";
import { type Challenge, solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import { limitNetworks, NO_LIMIT_IN_THE_WAY } from "@/scripts/support/browser-stack";
import { PETITION, someone } from "@/tests/support/browser";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { onServer } from "@/tests/support/postgres";

test.skip(({ javaScriptEnabled }) => javaScriptEnabled !== false, "once is enough: no browser takes part");

const HTML = { accept: "text/html" };
const JSON_ONLY = { accept: "application/json" };
const typed = () => ({ ...someone("Khalida Popal"), country: "AF", consent: "yes", locale: "en" });

const testDatabase = () => process.env.TEST_DATABASE_URL ?? "";

test.describe("too many signatures from one network", () => {
  test.beforeAll(() => limitNetworks({ perMinute: 5, perHour: 10 }));
  test.afterAll(() => limitNetworks(NO_LIMIT_IN_THE_WAY));

  test("are answered 429 with Retry-After and what was typed, until work is done", async ({ request }) => {
    const sign = () =>
      request.post(`${PETITION}/signatures`, { form: typed(), headers: HTML, maxRedirects: 0 });
    let answer = await sign();
    // More than the limit, since a minute may end in between.
    for (let sent = 1; sent <= 20 && answer.status() === 303; sent++) answer = await sign();
    expect(answer.status()).toBe(429);
    expect(Number(answer.headers()["retry-after"])).toBeGreaterThan(0);
    expect(await answer.text()).toContain('value="Khalida Popal"');

    const data = typed();
    const refused = await request.post(`${PETITION}/signatures`, { data, headers: JSON_ONLY });
    const { error, challenge } = (await refused.json()) as { error: string; challenge: Challenge };
    expect([refused.status(), error]).toEqual([429, "rate_limited"]);
    const proof = JSON.stringify({ challenge, solution: await solveChallenge({ challenge, deriveKey }) });
    const proved = await request.post(`${PETITION}/signatures`, {
      data: { ...data, proof },
      headers: JSON_ONLY,
    });
    expect([proved.status(), await proved.json()]).toEqual([202, { status: "pending" }]);
  });
});

test.describe("a database that is out of reach", () => {
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

  test("makes signing answer 503 with Retry-After, and keeps what was typed", async ({ request }) => {
    const answer = await request.post(`${PETITION}/signatures`, { form: typed(), headers: HTML });
    expect(answer.status()).toBe(503);
    expect(Number(answer.headers()["retry-after"])).toBeGreaterThan(0);
    expect(await answer.text()).toContain('value="Khalida Popal"');
    const data = await request.post(`${PETITION}/signatures`, { data: typed(), headers: JSON_ONLY });
    expect([data.status(), await data.json()]).toEqual([503, { error: "unavailable" }]);
  });

  test("leaves the page readable, and only readiness fails", async ({ request }) => {
    expect((await request.get(`/ps/${CAMPAIGN_SLUG}`)).status()).toBe(200);
    expect((await request.get("/api/health/live")).status()).toBe(200);
    expect((await request.get("/api/health/ready")).status()).toBe(503);
  });
});
