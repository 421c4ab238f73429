import { expect, test } from "@playwright/test";
import { Resvg } from "@resvg/resvg-js";
import jsqr from "jsqr";
import { LOCALES } from "@/lib/i18n/locales";
import { CAMPAIGN } from "@/tests/support/browser";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";

const FILES = {
  "opengraph-image": "image/png",
  "picture/square": "image/png",
  "picture/story": "image/png",
  "qr.svg": "image/svg+xml; charset=utf-8",
  "poster.pdf": "application/pdf",
  "sheet.pdf": "application/pdf",
};

for (const [name, type] of Object.entries(FILES)) {
  test(`has ${name} in every language, cached and not sent twice`, async ({ request }) => {
    for (const locale of LOCALES) {
      const address = `${CAMPAIGN.replace("/en/", `/${locale}/`)}/${name}`;
      const answer = await request.get(address);
      expect(answer.status()).toBe(200);
      expect(answer.headers()["content-type"]).toBe(type);
      expect(answer.headers()["cache-control"]).toMatch(
        /^public, .*s-maxage=\d+, stale-while-revalidate=\d+/,
      );
      expect(answer.headers()["content-disposition"]).toBeUndefined();
      const { etag = "" } = answer.headers();
      const again = await request.get(address, { headers: { "if-none-match": etag } });
      expect(again.status()).toBe(304);
      expect((await again.body()).byteLength).toBe(0);
    }
  });
}

test("saves a file under its own name with ?download", async ({ request }) => {
  const answer = await request.get(`${CAMPAIGN}/picture/square?download`);
  expect(answer.headers()["content-disposition"]).toBe(
    `attachment; filename="${CAMPAIGN_SLUG}-en-square.png"`,
  );
});

test("leads the QR code to the channel's short link, whatever else is requested", async ({
  request,
  baseURL,
}) => {
  const scanned = async (query: string) => {
    const svg = await (await request.get(`${CAMPAIGN}/qr.svg${query}`)).text();
    const image = new Resvg(svg).render();
    return jsqr(new Uint8ClampedArray(image.pixels), image.width, image.height)?.data;
  };
  const channel = (await scanned("")) ?? "";
  expect(channel).toMatch(new RegExp(`^${baseURL}/s/[a-z0-9]+$`));
  expect(await scanned("?ref=bcdfgh22")).toBe(channel);
  expect(await scanned("?ref=//elsewhere.example")).toBe(channel);
  const poster = await (await request.get(channel, { maxRedirects: 0 })).headers().location;
  expect(poster).toContain(`${CAMPAIGN}?ref=`);
});

test("names the picture as the page's preview", async ({ page, request }) => {
  await page.goto(CAMPAIGN);
  const named = await page.locator("meta[property='og:image']").getAttribute("content");
  const png = await (await request.get(new URL(named ?? "").pathname)).body();
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1200, 630]);
  expect(png.byteLength).toBeLessThan(100_000);
});

for (const path of [
  `${CAMPAIGN}/picture/round`,
  "/en/no-such-campaign/poster.pdf",
  `/de/${CAMPAIGN_SLUG}/qr.svg`,
]) {
  test(`answers 404 for ${path}`, async ({ request }) => {
    expect((await request.get(path)).status()).toBe(404);
  });
}

for (const path of ["/favicon.ico", "/apple-touch-icon.png"]) {
  test(`has ${path}, which browsers request by themselves`, async ({ request }) => {
    const answer = await request.get(path);
    expect(answer.status()).toBe(200);
    expect(answer.headers()["content-type"]).toMatch(/^image\//);
  });
}
