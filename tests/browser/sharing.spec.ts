import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type APIRequestContext, expect, type Page, test } from "@playwright/test";
import { messagesFor } from "@/lib/i18n/messages";
import { openDesk } from "@/tests/support/admin";
import {
  CAMPAIGN,
  confirmedCount,
  confirmPathIn,
  mailTo,
  PETITION,
  signAs,
  someone,
} from "@/tests/support/browser";
import { CAMPAIGN_SLUG as SLUG } from "@/tests/support/campaign";
import { rows } from "@/tests/support/database-rows";
import { Firefox, findFirefox } from "@/tests/support/firefox";

/** Programs that show previews: how they call themselves, and what they read at most of a page and of a picture, in bytes. */
const PREVIEW_FETCHERS = [
  { userAgent: "WhatsApp/2.23.20.0", page: 300 * 1024, picture: 300 * 1024 },
  {
    userAgent: "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    page: 512 * 1024,
    picture: 8 * 1024 * 1024,
  },
  { userAgent: "TelegramBot (like TwitterBot)", page: 300 * 1024, picture: 5 * 1024 * 1024 },
  { userAgent: "Twitterbot/1.0", page: 1024 * 1024, picture: 5 * 1024 * 1024 },
] as const;
const PHONE = "Mozilla/5.0 (Android 14; Mobile)";
/** The shortest of their patience, in milliseconds. */
const PREVIEW_PATIENCE_MS = 5_000;

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
      const sandbox = request.url === "/sandboxed" ? ' sandbox="allow-forms allow-popups"' : "";
      response.end(
        request.url === "/script"
          ? `<!doctype html><title>A news site</title><body><p>News</p><script src="${baseURL}/embed.js" data-campaign="${SLUG}" data-locale="en" async></script>`
          : `<!doctype html><title>A news site</title><iframe src="${baseURL}/embed/${SLUG}?locale=en" title="Petition" width="640" height="900"${sandbox}></iframe>`,
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

  test("accepts a signature in a plain frame, and does not record an unlisted site", async ({
    page,
    request,
  }) => {
    const signer = someone("Zarghuna Kargar");
    await page.goto(`${origin}/plain`);
    await signFramed(page, signer);
    await mailTo(request, signer.email);
    expect(await newestOrigin()).toBeNull();
    expect(await page.context().cookies()).toEqual([]);
  });

  test("returns what was typed when a sandbox hides its origin, and accepts it the second time", async ({
    page,
    request,
  }) => {
    const signer = someone("Zarghuna Kargar");
    await page.goto(`${origin}/sandboxed`);
    const form = page.frameLocator("iframe");
    await form.locator("[name=name]").fill(signer.name);
    await form.locator("[name=email]").fill(signer.email);
    await form.locator("[name=consent]").check();
    const [answer] = await Promise.all([
      page.waitForEvent("popup"),
      form.locator("form[action$='/signatures'] button[type=submit]").click(),
    ]);
    await expect(answer.locator("#errors h2")).toHaveText(messagesFor("en").form.notices.sandboxed.title);
    await expect(answer.locator("[name=name]")).toHaveValue(signer.name);
    await expect(answer.locator("[name=email]")).toHaveValue(signer.email);
    await expect(answer.locator("[name=consent]")).toBeChecked();
    const sendAgain = () => answer.locator("form[action$='/signatures'] button[type=submit]").click();
    await sendAgain();
    await expect(answer.locator("#country-error")).toBeVisible();
    await answer.locator("[name=country]").selectOption("AF");
    await sendAgain();
    await expect(answer).toHaveURL(new RegExp(`/en/${SLUG}/thanks$`));
    await expect(answer.locator("h1")).toBeVisible();
    confirmPathIn(await mailTo(request, signer.email));
  });

  test("gets its height from a script of at most 1 KB, and accepts a signature", async ({
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
    await rows("UPDATE campaign SET allowed_origins = $1", [[origin]]);
    try {
      await signFramed(page, signer);
      expect(await newestOrigin()).toBe(origin);
    } finally {
      await rows("UPDATE campaign SET allowed_origins = NULL");
    }
  });

  test("accepts a signature in Firefox, and shows administrators no site that brought one person", async ({
    page,
    request,
    baseURL,
    javaScriptEnabled,
  }) => {
    test.skip(javaScriptEnabled === false, "once is enough");
    const program = findFirefox();
    test.skip(program === null, "no Firefox on this machine (apt-get install firefox-esr)");
    test.setTimeout(90_000);
    const signer = someone("Khatera Amini");
    const firefox = await Firefox.start(program ?? "");
    try {
      await firefox.open(`${origin}/plain`);
      await firefox.run(
        `${baseURL}/embed/`,
        `const form = document.querySelector("form");
         form.elements.name.value = ${JSON.stringify(signer.name)};
         form.elements.email.value = ${JSON.stringify(signer.email)};
         form.elements.country.value = "AF";
         form.elements.consent.checked = true;
         form.querySelector("button[type=submit]").click();`,
      );
      await expect.poll(() => firefox.tabs()).toContainEqual(expect.stringMatching(`${CAMPAIGN}/thanks$`));
    } finally {
      await firefox.stop();
    }
    await mailTo(request, signer.email);
    await openDesk(page, "viewer", `/admin/${SLUG}/sharing`);
    await expect(page.locator("main")).toContainText("Too few people have signed on another site so far.");
    await expect(page.locator("main")).not.toContainText(origin);
  });

  test("may be framed and posted only by the sites that a campaign lists", async ({ request }) => {
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
  test("is mailed after confirming, and shows, corrects, shares and withdraws", async ({ page, request }) => {
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
    await correct.locator("[name=name]").fill("evil.de");
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

  test("is mailed again if its link was lost, with an answer that tells nobody anything", async ({
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

test("a chain of sharers leads one step further with each link, counts people but no fetchers, and identifies nobody", async ({
  page,
  request,
}) => {
  const first = await joined(request, someone("First Sharer"));
  await page.goto(first);
  await expect(page.locator("main")).toContainText(
    "Nobody can see who or how many people came through one link.",
  );
  const code = await codeOn(page);

  const visits = async () => {
    const [sum] = await rows<{ visits: number }>(
      "SELECT coalesce(sum(visits), 0)::int AS visits FROM share_sum WHERE kind = 'channel' AND key = 'link'",
    );
    return sum?.visits ?? 0;
  };
  const before = await visits();
  const follow = (userAgent: string, method = "GET", shared = code) =>
    request.fetch(`/s/${shared}`, { method, maxRedirects: 0, headers: { "user-agent": userAgent } });
  for (const { userAgent } of PREVIEW_FETCHERS) await follow(userAgent);
  await follow(PHONE, "HEAD");
  const led = await follow(PHONE);
  expect(led.status()).toBe(302);
  expect(led.headers()["set-cookie"]).toBeUndefined();
  expect(led.headers().location).toBe(`${CAMPAIGN}?ref=${code}`);
  expect((await follow(PHONE, "GET", "bcdfgh22")).headers().location).toBe(`${CAMPAIGN}?ref=bcdfgh22`);
  expect((await follow(PHONE, "GET", `${code.toUpperCase()}.`)).headers().location).toBe(
    `${CAMPAIGN}?ref=${code}`,
  );
  await expect.poll(visits).toBe(before + 2);

  const signer = someone("Second Sharer");
  await page.goto(`/s/${code}`);
  await expect(page.locator("form [name=ref]")).toHaveValue(code);
  await page.locator("[name=name]").fill(signer.name);
  await page.locator("[name=email]").fill(signer.email);
  await page.locator("select[name=country]").selectOption("AF");
  await page.locator("[name=consent]").check();
  await page.locator("form[action$='/signatures'] button[type=submit]").click();
  await expect(page).toHaveURL(`${CAMPAIGN}/thanks?ref=${code}`);
  const next = await codeOn(page);
  expect(next).toHaveLength(code.length);
  expect(next).not.toBe(code);
  await page.goto(confirmPathIn(await mailTo(request, signer.email)));
  await page.locator("form[action='/api/confirm'] button").first().click();
  await page.goto(await ownPageOf(request, signer.email));
  // What everybody passes on who signed.
  expect(await codeOn(page)).toBe(code);
  await openDesk(page, "viewer", `/admin/${SLUG}/sharing?code=${code}`);
  await expect(page.locator("main")).toContainText("Nobody can see what a single link brought.");
  await expect(page.locator("main")).not.toContainText(code);
});

test("an address in another spelling of its language redirects to the usual one", async ({ request }) => {
  for (const [asked, written] of [
    ["/EN", "/en"],
    [`/fa-af/${SLUG}?ref=bcdfgh22`, `/fa-AF/${SLUG}?ref=bcdfgh22`],
    ["/Ur/privacy", "/ur/privacy"],
    ["/EN/no/such/page", "/en/no/such/page"],
  ] as const) {
    const answer = await request.get(asked, { maxRedirects: 0 });
    expect([answer.status(), answer.headers().location], asked).toEqual([308, written]);
  }
  for (const unknown of ["/de", `/fa/${SLUG}`])
    expect((await request.get(unknown, { maxRedirects: 0 })).status(), unknown).toBe(404);
});

test.describe("the data for programs", () => {
  test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, "once is enough: no page is opened");

  test("gives preview fetchers title, text, picture and address in each language", async ({
    page,
    request,
    baseURL,
  }) => {
    const open = { en: "en_US", ur: "ur_PK", "fa-AF": "fa_AF", ps: "ps_AF" };
    for (const [locale, territory] of Object.entries(open))
      for (const fetcher of PREVIEW_FETCHERS) {
        const headers = { "user-agent": fetcher.userAgent, range: `bytes=0-${fetcher.page - 1}` };
        const answer = await request.get(`/${locale}/${SLUG}`, { headers, timeout: PREVIEW_PATIENCE_MS });
        expect(answer.ok()).toBe(true);
        const markup = (await answer.body()).subarray(0, fetcher.page).toString("utf8");
        // Read by a parser, never shown: no script of the page runs.
        const { meta, data } = await page.evaluate((source) => {
          const parsed = new DOMParser().parseFromString(source, "text/html");
          const pairs = [...parsed.querySelectorAll("head > meta[content]")].map((element) => [
            element.getAttribute("property") ?? element.getAttribute("name") ?? "",
            element.getAttribute("content") ?? "",
          ]);
          const script = parsed.querySelector("head > script[type='application/ld+json']");
          return { meta: pairs as [string, string][], data: script?.textContent ?? "" };
        }, markup);
        const all = (name: string) => meta.filter(([key]) => key === name).map(([, content]) => content);
        for (const key of ["og:title", "og:description", "og:site_name", "description"])
          expect(all(key), `${key} in ${locale}`).toEqual([expect.stringMatching(/\S{3}/)]);
        expect(all("og:url")).toEqual([`${baseURL}/${locale}/${SLUG}`]);
        expect([all("og:image:width"), all("og:image:height")]).toEqual([["1200"], ["630"]]);
        expect(all("twitter:card")).toEqual(["summary_large_image"]);
        expect(all("og:locale")).toEqual([territory]);
        expect(all("og:locale:alternate").toSorted()).toEqual(
          Object.values(open)
            .filter((other) => other !== territory)
            .toSorted(),
        );
        expect(JSON.parse(data)).toMatchObject({
          "@context": "https://schema.org",
          "@type": "WebPage",
          inLanguage: locale,
          url: `${baseURL}/${locale}/${SLUG}`,
          name: all("og:title")[0],
        });
        const [address = ""] = all("og:image");
        expect(address.startsWith(`${baseURL}/${locale}/${SLUG}/opengraph-image?`)).toBe(true);
        const picture = await request.get(address, {
          headers: { "user-agent": fetcher.userAgent },
          timeout: PREVIEW_PATIENCE_MS,
        });
        const png = await picture.body();
        expect(picture.headers()["content-type"]).toBe("image/png");
        expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1200, 630]);
        expect(png.byteLength).toBeLessThan(Math.min(fetcher.picture, 100_000));
      }
  });

  test("names its feed and its frame on the page, as oEmbed does", async ({ request, baseURL }) => {
    const { link = "" } = (await request.get(CAMPAIGN)).headers();
    const named = new Map(
      [...link.matchAll(/<([^>]+)>; rel="alternate"; type="([^"]+)"/g)].map(([, to, type]) => [type, to]),
    );
    expect(await (await request.get(named.get("application/json+oembed") ?? "")).json()).toMatchObject({
      type: "rich",
    });
    expect(named.get("application/atom+xml")).toBe(`${baseURL}${CAMPAIGN}/updates.atom`);
  });

  test("tags the figures and opens them to every site", async ({ request }) => {
    for (const address of [
      PETITION,
      `${PETITION}/countries`,
      `${PETITION}/badge.svg?locale=ur`,
      `${CAMPAIGN}/updates.atom`,
    ]) {
      const answer = await request.get(address);
      expect(answer.headers()["access-control-allow-origin"]).toBe("*");
      const again = await request.get(address, { headers: { "if-none-match": answer.headers().etag ?? "" } });
      expect(again.status(), address).toBe(304);
      expect(again.headers()["access-control-allow-origin"]).toBe("*");
    }
    expect(await (await request.get(`${PETITION}/badge.svg?locale=ur`)).text()).toContain("<svg");
  });

  test("answers oEmbed for the petition only, within the requested size", async ({ request, baseURL }) => {
    const ask = (address: string, rest = "") =>
      request.get(`/api/oembed?format=json&url=${encodeURIComponent(address)}${rest}`);
    const answer = await (await ask(`${baseURL}/ps/${SLUG}`, "&maxwidth=400")).json();
    expect(answer).toMatchObject({ version: "1.0", type: "rich", width: 400 });
    expect(answer.html).toContain(`src="${baseURL}/embed/${SLUG}?locale=ps"`);
    expect((await ask("https://other.example/ps/x")).status()).toBe(404);
    expect((await request.get(`/api/oembed?format=xml&url=${baseURL}/ps/${SLUG}`)).status()).toBe(501);
  });

  test("is an Atom feed with the latest first", async ({ request, baseURL }) => {
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
