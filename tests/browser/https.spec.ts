import { expect, test } from "@playwright/test";
import { enrolled, signInAs } from "@/tests/support/admin";
import { CAMPAIGN, PETITION } from "@/tests/support/browser";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { startTlsSite, type TlsSite } from "@/tests/support/tls-site";

/** The least that Mozilla's Observatory may give (of 100, and points for more than it asks). */
const POINTS = 130;

test.use({ ignoreHTTPSErrors: true });
test.skip(({ javaScriptEnabled }) => javaScriptEnabled !== false, "once is enough: no script takes part");

let site: TlsSite;
test.beforeAll(async () => {
  test.setTimeout(180_000);
  site = await startTlsSite();
});
test.afterAll(() => site?.stop());

for (const [address, status] of [
  [CAMPAIGN, 200],
  ["/admin/sign-in", 200],
  ["/en/no-such-page", 404],
] as const)
  test(`scores ${POINTS} points or more at ${address} in Mozilla's Observatory`, async () => {
    const told = await site.scoreOf(address);
    expect(told.status).toBe(status);
    expect(told.score, JSON.stringify(told.results)).toBeGreaterThanOrEqual(POINTS);
  });

test("binds the desk's cookies to this host and HTTPS, and gives each script and style its nonce", async ({
  page,
}) => {
  const account = await enrolled(page, "owner");
  await signInAs(page, account, `${site.origin}/admin/${CAMPAIGN_SLUG}`);
  await page.waitForURL(`${site.origin}/admin/${CAMPAIGN_SLUG}`);
  const cookies = (await page.context().cookies(site.origin)).filter(({ name }) => name.includes("admin"));
  expect(cookies.map(({ name }) => name)).toContain("__Host-admin.session-token");
  for (const cookie of cookies) {
    expect(cookie.name).toMatch(/^__Host-admin\./);
    expect(cookie).toMatchObject({ secure: true, httpOnly: true, sameSite: "Lax", path: "/" });
  }
  for (const part of [
    ...["", "/signatories", "/exports", "/settings", "/limits"].map((page) => `/${CAMPAIGN_SLUG}${page}`),
    "/settings/team",
    "/settings/audit",
  ]) {
    const answer = await page.goto(`${site.origin}/admin${part}`);
    expect(answer?.status(), part).toBe(200);
    const policy = answer?.headers()["content-security-policy"] ?? "";
    const [, nonce = ""] = /script-src 'nonce-([^']+)' 'strict-dynamic';/.exec(policy) ?? [];
    expect(nonce.length, part).toBeGreaterThan(20);
    const markup = (await answer?.text()) ?? "";
    for (const [tag] of markup.matchAll(/<(?:script|style)\b[^>]*>/g))
      expect(tag, part).toContain(`nonce="${nonce}"`);
    expect(markup, part).not.toMatch(/\son[a-z]+="/);
  }
});

for (const [method, address, status] of [
  ["GET", CAMPAIGN, 200],
  ["GET", `${CAMPAIGN}/thanks`, 200],
  ["GET", "/en/signature", 200],
  ["GET", "/en/confirm/no-such-token", 200],
  ["GET", `/embed/${CAMPAIGN_SLUG}`, 200],
  ["GET", PETITION, 200],
  ["GET", "/en/no-such-page", 404],
  ["GET", "/_next/static/no-such-file.js", 404],
  ["GET", "/api/confirm", 405],
  ["DELETE", CAMPAIGN, 405],
  ["POST", PETITION, 405],
  ["POST", `${PETITION}/signatures`, 415],
  // What shows mail without a password is for trials at home: with a database of the operator's own it does not exist.
  ["GET", "/dev/mailbox", 404],
  ["GET", "/dev/mailbox.json", 404],
] as const)
  test(`answers ${method} ${address} with ${status}, without cookies or software names`, async ({
    request,
  }) => {
    const answer = await request.fetch(`${site.origin}${address}`, {
      method,
      headers: { accept: address.startsWith("/api") ? "application/json" : "text/html" },
    });
    expect(answer.status()).toBe(status);
    const headers = answer.headers();
    expect(headers["strict-transport-security"]).toBe("max-age=63072000; includeSubDomains; preload");
    expect(headers).not.toHaveProperty("set-cookie");
    expect(
      Object.keys(headers).filter((name) => /^(?:server|via|x-powered-by|x-next.*|x-react.*)$/.test(name)),
    ).toEqual([]);
    expect(headers.vary ?? "").not.toMatch(/rsc|next/i);
  });
