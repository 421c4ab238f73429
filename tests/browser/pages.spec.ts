import { expect, test } from "@playwright/test";
import { LOCALES } from "@/lib/i18n/locales";
import { expectNoViolations } from "@/tests/support/accessibility";
import { CAMPAIGN } from "@/tests/support/browser";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";

const PAGES = {
  campaign: CAMPAIGN,
  thanks: `${CAMPAIGN}/thanks`,
  confirmed: `${CAMPAIGN}/thanks?confirmed`,
  confirm: `/en/confirm/${"A".repeat(43)}`,
  lost: "/en/signature",
  privacy: "/en/privacy",
  embed: `/embed/${CAMPAIGN_SLUG}`,
  unsubscribe: `/api/unsubscribe/${"A".repeat(43)}`,
  missing: "/en/no-such-campaign",
};

for (const [name, path] of Object.entries(PAGES)) {
  test(`has only our own scripts, no cookies, nothing external and no policy violations: ${name}`, async ({
    page,
    context,
    baseURL,
  }) => {
    const foreign: string[] = [];
    const refused: string[] = [];
    page.on("request", (request) => {
      if (!request.url().startsWith(baseURL ?? "")) foreign.push(request.url());
    });
    page.on("console", (message) => {
      if (/Content Security Policy/i.test(message.text())) refused.push(message.text());
    });
    const answer = await page.goto(path);
    expect(answer?.status()).toBe(name === "missing" ? 404 : 200);
    expect(answer?.headers()["content-security-policy"]).toContain("default-src 'none'");
    expect(answer?.headers()["content-security-policy"]).not.toContain("unsafe-inline");
    await expect(page.locator("h1, form").first()).toBeVisible();
    // The enhancement comes by address and hash; nothing is written into the page, and nothing of the framework's comes.
    for (const script of await page.locator("script:not([type='application/ld+json'])").all()) {
      await expect(script).toHaveAttribute("src", /^\/(?:enhance\/|embed\/height\.js$)/);
      await expect(script).toHaveAttribute("integrity", /^sha256-/);
    }
    expect(await context.cookies()).toEqual([]);
    expect(foreign).toEqual([]);
    expect(refused).toEqual([]);
  });
}

for (const locale of LOCALES) {
  test.describe(`in ${locale}`, () => {
    test.use({ locale });
    test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, "axe is a script");

    for (const [name, path] of Object.entries(PAGES)) {
      test(`has no accessibility faults, light or dark: ${name}`, async ({ page }) => {
        await page.goto(path.replace(/^\/en\//, `/${locale}/`));
        await expectNoViolations(page);
      });
    }

    test("has no accessibility faults in a form with every error, light or dark", async ({ page }) => {
      await page.goto(CAMPAIGN.replace("/en/", `/${locale}/`));
      await page.locator("form[action$='/signatures'] button[type=submit]").click();
      await expect(page.locator("#errors li")).toHaveCount(4);
      await expectNoViolations(page);
    });

    // 320 px is what a screen of 1280 px leaves at 400 % (WCAG 2.2, 1.4.10).
    test("never scrolls sideways at 400 % zoom", async ({ page }) => {
      await page.setViewportSize({ width: 320, height: 640 });
      await page.goto(CAMPAIGN.replace("/en/", `/${locale}/`));
      const excess = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(excess).toBeLessThanOrEqual(0);
    });
  });
}

test("links every claim on the page to its source", async ({ page }) => {
  await page.goto(CAMPAIGN);
  const references = page.locator("main sup a[href^='#']");
  expect(await references.count()).toBeGreaterThan(20);
  for (const href of new Set(
    await references.evaluateAll((links) => links.map((link) => link.getAttribute("href"))),
  )) {
    await expect(page.locator(href ?? "")).toHaveCount(1);
  }
});

test("prints no heading above links that are left out", async ({ page }) => {
  await page.goto(CAMPAIGN);
  const share = page.locator("section", { has: page.locator("nav.share") });
  await expect(share.locator("h2")).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(share.locator("h2")).toBeHidden();
});

test("says that no organisation is configured, and asks not to be indexed", async ({ page }) => {
  await page.goto(CAMPAIGN);
  await expect(page.getByText(/not run or endorsed by Amnesty International/i).first()).toBeVisible();
  await expect(page.locator("meta[name=robots]")).toHaveAttribute("content", /noindex/);
});

test("answers 404 for an unknown language, in the reader's own", async ({ request }) => {
  const answer = await request.get(`/xx/${CAMPAIGN_SLUG}`, { headers: { "accept-language": "ps" } });
  expect(answer.status()).toBe(404);
  expect(await answer.text()).toContain('lang="ps"');
});
