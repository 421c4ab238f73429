import { createHmac } from "node:crypto";
import { expect, test } from "@playwright/test";
import { TEST_WEBHOOK_SECRET } from "@/scripts/support/browser-stack";
import { CAMPAIGN, PETITION, someone } from "@/tests/support/browser";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";

const good = (name = "Zarghuna Kargar") => ({
  ...someone(name),
  country: "AF",
  consent: "yes",
  locale: "en",
});
const JSON_ONLY = { accept: "application/json" };
const HTML = { accept: "text/html" };

test.skip(({ javaScriptEnabled }) => javaScriptEnabled !== false, "once is enough: no browser takes part");

test("answers a form post with 303 to the thanks page, and data with 202", async ({ request }) => {
  const form = await request.post(`${PETITION}/signatures`, { form: good(), headers: HTML, maxRedirects: 0 });
  expect(form.status()).toBe(303);
  expect(form.headers().location).toBe(`${CAMPAIGN}/thanks`);
  const multipart = await request.post(`${PETITION}/signatures`, {
    multipart: good(),
    headers: HTML,
    maxRedirects: 0,
  });
  expect(multipart.status()).toBe(303);
  const data = await request.post(`${PETITION}/signatures`, { data: good(), headers: JSON_ONLY });
  expect(data.status()).toBe(202);
  expect(await data.json()).toEqual({ status: "pending" });
});

test("answers a repeated signature word for word the same", async ({ request }) => {
  const data = good();
  const first = await request.post(`${PETITION}/signatures`, { data, headers: JSON_ONLY });
  const second = await request.post(`${PETITION}/signatures`, { data, headers: JSON_ONLY });
  expect([second.status(), await second.text()]).toEqual([first.status(), await first.text()]);
});

test("answers invalid data with 422 and a message for each field", async ({ request }) => {
  const answer = await request.post(`${PETITION}/signatures`, { data: { locale: "en" }, headers: JSON_ONLY });
  expect(answer.status()).toBe(422);
  const { errors } = (await answer.json()) as { errors: Record<string, string[]> };
  expect(Object.keys(errors)).toEqual(["name", "email", "country", "consent"]);
  for (const [message] of Object.values(errors)) expect(message?.length).toBeGreaterThan(10);
});

test("refuses an unknown campaign, a body too large, a wrong type and malformed data", async ({
  request,
}) => {
  const post = (path: string, options: object) => request.post(path, { headers: JSON_ONLY, ...options });
  const unknown = await post("/api/petitions/no-such/signatures", { data: good() });
  expect([unknown.status(), await unknown.json()]).toEqual([404, { error: "not_found" }]);
  expect((await post("/api/petitions/no-such/signatures", { data: {} })).status()).toBe(404);
  expect(
    (await post(`${PETITION}/signatures`, { data: { ...good(), name: "x".repeat(17_000) } })).status(),
  ).toBe(413);
  const text = { ...JSON_ONLY, "content-type": "text/plain" };
  expect((await request.post(`${PETITION}/signatures`, { data: "hello", headers: text })).status()).toBe(415);
  const broken = { ...JSON_ONLY, "content-type": "application/json" };
  expect(
    (await request.post(`${PETITION}/signatures`, { data: Buffer.from("{"), headers: broken })).status(),
  ).toBe(400);
  const boundary = { ...HTML, "content-type": "multipart/form-data; boundary=x" };
  expect(
    (await request.post(`${PETITION}/signatures`, { data: Buffer.from("--y"), headers: boundary })).status(),
  ).toBe(400);
});

test("redirects a reload of a refused form back to it", async ({ request }) => {
  const reload = await request.get(`${PETITION}/signatures`, {
    headers: { ...HTML, "accept-language": "ps" },
    maxRedirects: 0,
  });
  expect([reload.status(), reload.headers().location]).toEqual([303, `/ps/${CAMPAIGN_SLUG}#sign`]);
});

test("answers an unknown address with data below /api, else with a page in its language, even if it cannot be decoded", async ({
  request,
}) => {
  const api = await request.get("/api/no-such");
  expect([api.status(), await api.json()]).toEqual([404, { error: "not_found" }]);
  const page = await request.get("/ur/no/such", { headers: HTML });
  expect([page.status(), await page.text()]).toEqual([404, expect.stringContaining('<html lang="ur"')]);
  expect((await request.get("/en/%ff")).status()).toBe(404);
});

for (const [headers, status] of [
  [{}, 202],
  [{ origin: "SELF" }, 202],
  [{ "sec-fetch-site": "same-origin" }, 202],
  [{ "sec-fetch-site": "none" }, 202],
  [{ origin: "https://evil.example" }, 403],
  [{ origin: "null" }, 403],
  [{ origin: "SELF.evil.example" }, 403],
  [{ "sec-fetch-site": "cross-site" }, 403],
  [{ "sec-fetch-site": "same-site" }, 403],
] as const) {
  test(`answers a post with ${JSON.stringify(headers)} with ${status}`, async ({ request, baseURL }) => {
    const sent = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace("SELF", baseURL ?? "")]),
    );
    const answer = await request.post(`${PETITION}/signatures`, {
      data: good(),
      headers: { ...JSON_ONLY, ...sent },
    });
    expect(answer.status()).toBe(status);
  });
}

test("refuses a sign-in that is no form, without failing", async ({ request }) => {
  const post = async (type: string, data: Buffer) => {
    const headers = { ...JSON_ONLY, "content-type": type };
    return (await request.post("/api/auth/callback/credentials", { data, headers })).status();
  };
  expect(await post("application/json", Buffer.from("{"))).toBe(415);
  expect(await post("multipart/form-data; boundary=x", Buffer.from("--x"))).toBe(415);
  expect(await post("application/x-www-form-urlencoded", Buffer.alloc(1_000_000, "x"))).toBe(413);
  expect(await post("application/x-www-form-urlencoded", Buffer.from("email=%00&password=%ff"))).toBeLessThan(
    500,
  );
});

test("opens the public figures to every origin, cached for ten seconds", async ({ request }) => {
  const answer = await request.get(PETITION);
  expect(answer.headers()).toMatchObject({
    "access-control-allow-origin": "*",
    "cache-control": expect.stringContaining("public, max-age=10,"),
  });
  expect(Object.keys(await answer.json())).toEqual(["slug", "status", "count", "goal", "updatedAt"]);
  expect((await request.get("/api/petitions/no-such")).status()).toBe(404);
});

test("redirects the front address to the reader's language", async ({ request }) => {
  for (const [header, locale] of [
    ["ur-PK,ur;q=0.9,en;q=0.5", "ur"],
    ["prs", "fa-AF"],
    ["ps-AF", "ps"],
    ["de", "en"],
  ] as const) {
    const answer = await request.get("/", { headers: { "accept-language": header }, maxRedirects: 0 });
    expect(answer.status()).toBe(307);
    expect(answer.headers().location).toBe(`/${locale}/${CAMPAIGN_SLUG}`);
    const alone = await request.get(`/${locale}`, { maxRedirects: 0 });
    expect([alone.status(), alone.headers().location]).toEqual([307, answer.headers().location]);
  }
  expect((await request.get("/xx", { maxRedirects: 0 })).status()).toBe(404);
});

test("answers an unsupported method with 405 and the supported ones", async ({ request }) => {
  for (const [method, path, allow] of [
    ["PUT", CAMPAIGN, "GET, HEAD, OPTIONS"],
    ["POST", CAMPAIGN, "GET, HEAD, OPTIONS"],
    ["DELETE", `${PETITION}/signatures`, "GET, HEAD, OPTIONS, POST"],
    ["PROPFIND", "/admin/sign-out", "OPTIONS, POST"],
    ["GET", "/api/webhooks/resend", "OPTIONS, POST"],
  ] as const) {
    const answer = await request.fetch(path, { method });
    expect([method, path, answer.status(), answer.headers().allow]).toEqual([method, path, 405, allow]);
  }
  expect((await request.fetch("/no/such/page", { method: "PUT" })).status()).toBe(404);
});

test("reports its health as live and ready", async ({ request }) => {
  expect((await request.get("/api/health/live")).status()).toBe(200);
  expect((await request.get("/api/health/ready")).status()).toBe(200);
});

test("answers 304 for an unchanged page", async ({ request }) => {
  const first = await request.get(`/en/privacy`);
  const again = await request.get(`/en/privacy`, {
    headers: { "if-none-match": first.headers().etag ?? "" },
  });
  expect(again.status()).toBe(304);
});

test("accepts a signed webhook call, and refuses an unsigned one", async ({ request }) => {
  const body = JSON.stringify({ type: "email.delivered", data: { email_id: "x", to: ["a@example.org"] } });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(TEST_WEBHOOK_SECRET.slice("whsec_".length), "base64");
  const signature = createHmac("sha256", key).update(`msg_1.${timestamp}.${body}`).digest("base64");
  const headers = { "svix-id": "msg_1", "svix-timestamp": timestamp, "content-type": "application/json" };
  const send = (signed: string) =>
    request.post("/api/webhooks/resend", {
      data: Buffer.from(body),
      headers: { ...headers, "svix-signature": `v1,${signed}` },
    });
  const taken = await send(signature);
  expect([taken.status(), await taken.json()]).toEqual([200, { status: "noted" }]);
  const forged = await send(Buffer.alloc(32).toString("base64"));
  expect([forged.status(), await forged.json()]).toEqual([401, { error: "unauthorized" }]);
  const large = await request.post("/api/webhooks/resend", { data: Buffer.alloc(70_000), headers });
  expect(large.status()).toBe(413);
});

for (const path of [
  `/en/${CAMPAIGN_SLUG}`,
  `/api/petitions/${CAMPAIGN_SLUG}`,
  "/api/health/live",
  "/admin/sign-in",
  "/no-such-page",
]) {
  test(`tells browsers what they may do with ${path}`, async ({ request }) => {
    const headers = (await request.get(path)).headers();
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": expect.stringMatching(/^(same|cross)-origin$/),
      "permissions-policy": expect.stringContaining("camera=()"),
    });
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(headers["content-security-policy"]).not.toContain("unsafe");
    // The tests' site is on plain http, where this header means nothing.
    expect(headers["strict-transport-security"]).toBeUndefined();
    expect(headers["x-powered-by"]).toBeUndefined();
  });
}
