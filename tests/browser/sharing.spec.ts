import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type APIRequestContext, expect, type Page, test } from "@playwright/test";
import { Client } from "pg";
import {
  CAMPAIGN,
  confirmedCount,
  confirmPathIn,
  mailTo,
  PETITION,
  signAs,
  someone,
} from "@/tests/support/browser";

const SLUG = "pakistan-stop-expulsions";
const PREVIEW_FETCHERS = [
  "WhatsApp/2.23.20.0",
  "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
  "TelegramBot (like TwitterBot)",
  "Twitterbot/1.0",
];
/** What the strictest of them, WhatsApp, reads of a page before it gives up, in bytes. */
const PREVIEW_BYTES = 300 * 1024;

async function rows<Row>(statement: string, values: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: process.env.TEST_DATABASE_URL ?? "" });
  await client.connect();
  try {
    return (await client.query(statement, values)).rows as Row[];
  } finally {
    await client.end();
  }
}

/** Signs and confirms without a browser, and returns the path of the signer's own page. */
async function joined(request: APIRequestContext, signer: { name: string; email: string }): Promise<string> {
  const data = { ...signer, country: "AF", consent: "yes", locale: "en" };
  await request.post(`${PETITION}/signatures`, { data });
  const path = confirmPathIn(await mailTo(request, signer.email));
  await request.post("/api/confirm", { form: { token: path.split("/").at(-1) ?? "" } });
  return ownPageOf(request, signer.email);
}

async function ownPageOf(request: APIRequestContext, email: string): Promise<string> {
  let path: string | undefined;
  await expect
    .poll(async () => {
      path = /\/[\w-]+\/signature\/[\w-]{43}/.exec((await mailTo(request, email)).text)?.[0];
      return path;
    })
    .toBeDefined();
  return path ?? "";
}

async function codeOn(page: Page): Promise<string> {
  const text = await page.locator("bdi", { hasText: "/s/" }).textContent();
  return text?.split("/s/")[1] ?? "";
}

test.describe("the form on another site", () => {
  let other: Server;
  let origin: string;
  test.beforeAll(async ({ baseURL }) => {
    other = createServer((request, response) => {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(
        request.url === "/script"
          ? `<!doctype html><title>A news site</title><body><p>News</p><script src="${baseURL}/embed.js" data-campaign="${SLUG}" data-locale="en" async></script>`
          : `<!doctype html><title>A news site</title><iframe src="${baseURL}/embed/${SLUG}?locale=en" title="Petition" width="640" height="900"></iframe>`,
      );
    });
    // Another site than localhost: not the same host under another port.
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  });
  test.afterAll(() => new Promise<void>((resolve) => void other.close(() => resolve())));

  async function signFramed(page: Page, signer: { name: string; email: string }): Promise<void> {
    const form = page.frameLocator("iframe");
    await form.locator("[name=name]").fill(signer.name);
    await form.locator("[name=email]").fill(signer.email);
    await form.locator("select[name=country]").selectOption("AF");
    await form.locator("[name=consent]").check();
    const [answer] = await Promise.all([
      page.waitForEvent("popup"),
      form.locator("form[action$='/signatures'] button[type=submit]").click(),
    ]);
    await expect(answer).toHaveURL(new RegExp(`${CAMPAIGN}/thanks$`));
  }

  test("takes a signature and notes the site, with a plain frame", async ({ page, request }) => {
    const signer = someone("Zarghuna Kargar");
    await page.goto(`${origin}/plain`);
    await signFramed(page, signer);
    await mailTo(request, signer.email);
    expect(await newestOrigin()).toBe(origin);
    expect(await page.context().cookies()).toEqual([]);
  });

  test("gets its height from a script of at most 1 KB, and takes a signature", async ({
    page,
    request,
    javaScriptEnabled,
  }) => {
    test.skip(javaScriptEnabled === false, "a script needs JavaScript");
    expect((await (await request.get("/embed.js")).body()).length).toBeLessThanOrEqual(1024);
    const signer = someone("Laila Haidari");
    await page.goto(`${origin}/script`);
    const frame = page.locator("iframe");
    await expect(frame).not.toHaveAttribute("height", "900");
    const inner = await page
      .frameLocator("iframe")
      .locator("html")
      .evaluate((html) => (html as HTMLElement).offsetHeight);
    expect(Number(await frame.getAttribute("height"))).toBe(inner);
    await signFramed(page, signer);
    expect(await newestOrigin()).toBe(origin);
  });

  test("may be framed and posted only by the sites that a campaign names", async ({ request }) => {
    const framedBy = async () => (await request.get(`/embed/${SLUG}`)).headers()["content-security-policy"];
    const post = (from: string) =>
      request.post(`${PETITION}/signatures`, {
        form: { ...someone("Soraya Tarzi"), country: "AF", consent: "yes", locale: "en" },
        headers: { origin: from, accept: "text/html" },
        maxRedirects: 0,
      });
    expect(await framedBy()).toContain("frame-ancestors *");
    expect((await post("https://news.example")).status()).toBe(403);
    await rows("UPDATE campaign SET allowed_origins = $1", [["https://news.example"]]);
    try {
      expect(await framedBy()).toContain("frame-ancestors https://news.example");
      expect((await post("https://news.example")).status()).toBe(303);
      expect(await newestOrigin()).toBe("https://news.example");
      expect((await post("https://other.example")).status()).toBe(403);
    } finally {
      await rows("UPDATE campaign SET allowed_origins = NULL");
    }
  });

  async function newestOrigin(): Promise<string | null | undefined> {
    const [newest] = await rows<{ origin: string | null }>(
      "SELECT origin FROM signature ORDER BY signed_at DESC LIMIT 1",
    );
    return newest?.origin;
  }
});

test.describe("the signer's own page", () => {
  test("is mailed after confirming; shows, corrects, shares and takes back", async ({ page, request }) => {
    const signer = someone("Malalai Joya");
    await signAs(page, signer);
    await page.goto(confirmPathIn(await mailTo(request, signer.email)));
    await page.locator("form[action='/api/confirm'] button").first().click();
    await expect(page).toHaveURL(`${CAMPAIGN}/thanks?confirmed`);
    const count = await confirmedCount(request);

    const answer = await page.goto(await ownPageOf(request, signer.email));
    expect(answer?.headers()["cache-control"]).toBe("no-store");
    expect(answer?.headers()["referrer-policy"]).toMatch(/same-origin|no-referrer/);
    await expect(page.locator("main")).toContainText(signer.email);
    await expect(page.locator("main")).toContainText("confirmed and counted");

    const correct = page.locator("form:has([name=action][value=correct])");
    await correct.locator("[name=name]").fill("M");
    await correct.locator("button").click();
    await expect(page.locator("#name-error")).toBeVisible();
    await correct.locator("[name=name]").fill("Malalai J.");
    await correct.locator("select[name=country]").selectOption("DE");
    await correct.locator("[name=publicName]").check();
    await correct.locator("button").click();
    await expect(page).toHaveURL(/\?saved$/);
    await expect(page.locator("table")).toContainText("Malalai J.");
    await expect(page.locator("table")).toContainText("Germany");

    const token = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    const held = await request.post("/api/signature", { form: { token, action: "download" } });
    expect(held.headers()["content-disposition"]).toContain("attachment");
    expect(await held.json()).toMatchObject({ name: "Malalai J.", email: signer.email, publicName: true });

    await page.locator("form:has([name=action][value=withdraw]) button").click();
    await expect(page.locator("h1")).toHaveText("Your signature is taken back");
    expect(await confirmedCount(request)).toBe(count - 1);
    const gone = await page.goto(`/en/signature/${token}`);
    expect(gone?.status()).toBe(410);
    await expect(page.locator("form[action='/api/signature/access']")).toBeVisible();
  });

  test("whose link was lost is mailed again, and the answer tells nobody anything", async ({
    page,
    request,
  }) => {
    const signer = someone("Nadia Anjuman");
    const lost = await joined(request, signer);
    for (const email of [signer.email, "stranger@example.org"]) {
      await page.goto("/en/signature");
      await page.locator("[name=email]").fill(email);
      await page.locator("form[action='/api/signature/access'] button").click();
      await expect(page).toHaveURL("/en/signature?sent");
      await expect(page.locator("h1")).toHaveText("Look in your email");
    }
    await expect
      .poll(async () => (await mailTo(request, signer.email)).subject)
      .toBe("The link to your signature");
    const found = await ownPageOf(request, signer.email);
    expect(found).not.toBe(lost);
    await page.goto(found);
    await page.locator("form:has([name=action][value=erase]) button").click();
    await expect(page.locator("h1")).toHaveText("Everything is deleted");
    const strangers = await request.get("/dev/mailbox.json?to=stranger%40example.org");
    expect(await strangers.json()).toEqual([]);
  });
});

test("a chain of three sharers: each link leads on, counts people and no fetchers, and shows its tree", async ({
  page,
  request,
}) => {
  const first = await joined(request, someone("First Sharer"));
  await page.goto(first);
  const code = await codeOn(page);

  const follow = (userAgent: string, method = "GET") =>
    request.fetch(`/s/${code}`, { method, maxRedirects: 0, headers: { "user-agent": userAgent } });
  for (const fetcher of PREVIEW_FETCHERS) await follow(fetcher);
  await follow("Mozilla/5.0 (Android 14; Mobile)", "HEAD");
  const led = await follow("Mozilla/5.0 (Android 14; Mobile)");
  expect(led.status()).toBe(302);
  expect(led.headers()["set-cookie"]).toBeUndefined();
  expect(led.headers().location).toBe(`${CAMPAIGN}?ref=${code}`);
  expect((await request.get("/s/nosuchcode", { maxRedirects: 0 })).headers().location).toBe(CAMPAIGN);

  async function signThrough(through: string, name: string): Promise<string> {
    const signer = someone(name);
    await page.goto(`/s/${through}`);
    await expect(page.locator("form [name=ref]")).toHaveValue(through);
    await page.locator("[name=name]").fill(signer.name);
    await page.locator("[name=email]").fill(signer.email);
    await page.locator("select[name=country]").selectOption("AF");
    await page.locator("[name=consent]").check();
    await page.locator("form[action$='/signatures'] button[type=submit]").click();
    await expect(page).toHaveURL(`${CAMPAIGN}/thanks`);
    await page.goto(confirmPathIn(await mailTo(request, signer.email)));
    await page.locator("form[action='/api/confirm'] button").first().click();
    await page.goto(await ownPageOf(request, signer.email));
    return codeOn(page);
  }
  await signThrough(await signThrough(code, "Second Sharer"), "Third Sharer");
  await page.goto(first);
  // The phone above, and the browser that signed.
  await expect(page.locator("main")).toContainText(
    "Opened: 2. Signed and confirmed through your link: 1. Together with everyone they brought: 2.",
  );
});

test.describe("what programs read", () => {
  test.skip(({ javaScriptEnabled }) => javaScriptEnabled !== false, "once is enough: no browser takes part");

  test("preview fetchers find title, text, picture and address in each language", async ({
    request,
    baseURL,
  }) => {
    for (const locale of ["en", "ur", "fa-AF", "ps"])
      for (const fetcher of PREVIEW_FETCHERS) {
        const answer = await request.get(`/${locale}/${SLUG}`, { headers: { "user-agent": fetcher } });
        const markup = (await answer.body()).subarray(0, PREVIEW_BYTES).toString("utf8");
        const meta = new Map(
          [...markup.matchAll(/<meta (?:property|name)="([^"]+)" content="([^"]*)"/g)].map(
            ([, key, value]) => [key, value],
          ),
        );
        for (const key of ["og:title", "og:description", "og:site_name", "description"])
          expect(meta.get(key), `${key} in ${locale}`).toBeTruthy();
        expect(meta.get("og:url")).toBe(`${baseURL}/${locale}/${SLUG}`);
        expect(meta.get("og:image")).toBe(`${baseURL}/${locale}/${SLUG}/opengraph-image`);
        expect([meta.get("og:image:width"), meta.get("og:image:height")]).toEqual(["1200", "630"]);
        expect(meta.get("twitter:card")).toBe("summary_large_image");
        const data = /<script type="application\/ld\+json">(.*?)<\/script>/.exec(markup)?.[1] ?? "";
        expect(JSON.parse(data)).toMatchObject({
          "@type": "WebPage",
          inLanguage: locale,
          name: expect.any(String),
        });
      }
  });

  test("figures have a tag and are open to every site", async ({ request }) => {
    for (const address of [PETITION, `${PETITION}/countries`, `${PETITION}/badge.svg?locale=ur`]) {
      const answer = await request.get(address);
      expect(answer.headers()["access-control-allow-origin"]).toBe("*");
      const again = await request.get(address, { headers: { "if-none-match": answer.headers().etag ?? "" } });
      expect(again.status(), address).toBe(304);
    }
    expect(await (await request.get(`${PETITION}/badge.svg?locale=ur`)).text()).toContain("<svg");
  });

  test("oEmbed answers for the petition alone, within the size that was asked for", async ({
    request,
    baseURL,
  }) => {
    const ask = (address: string, rest = "") =>
      request.get(`/api/oembed?format=json&url=${encodeURIComponent(address)}${rest}`);
    const answer = await (await ask(`${baseURL}/ps/${SLUG}`, "&maxwidth=400")).json();
    expect(answer).toMatchObject({ version: "1.0", type: "rich", width: 400 });
    expect(answer.html).toContain(`src="${baseURL}/embed/${SLUG}?locale=ps"`);
    expect((await ask("https://other.example/ps/x")).status()).toBe(404);
    expect((await request.get(`/api/oembed?format=xml&url=${baseURL}/ps/${SLUG}`)).status()).toBe(501);
  });

  test("the feed is Atom, with what happened last first", async ({ request, baseURL }) => {
    await rows(
      `INSERT INTO campaign_update (id, campaign_id, locale, title, text)
       SELECT gen_random_uuid(), id, 'en', 'News & more', 'Text <b>' FROM campaign`,
    );
    const answer = await request.get(`${CAMPAIGN}/updates.atom`);
    expect(answer.headers()["content-type"]).toContain("application/atom+xml");
    const feed = await answer.text();
    expect(feed).toContain(`<link rel="self" href="${baseURL}${CAMPAIGN}/updates.atom"/>`);
    expect(/<entry>.*?<\/entry>/.exec(feed)?.[0]).toContain("<title>News &amp; more</title>");
    expect(feed).toContain("<content>Text &lt;b&gt;</content>");
  });
});
