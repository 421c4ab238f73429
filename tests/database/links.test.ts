import { beforeEach, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { CLIENT_ADDRESS_HEADER } from "@/lib/http/request";
import { LOCALES } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import { channelCodes } from "@/lib/sharing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { CapturingTransport, tokenIn } from "@/tests/support/capturing-transport";
import { ask, drain, joins, opens, signs } from "@/tests/support/sharing";

useDatabase();
const transport = new CapturingTransport();
const EMAIL = "zarghuna@example.org";
/** What mail programs take along, as a browser then asks for it. */
const BEHIND = [".", ",", ")", "%3E", "%DB%94"];

beforeEach(async () => {
  await drain(transport);
  await database().$executeRaw`DELETE FROM signature`;
  await database().$executeRaw`DELETE FROM suppression`;
  transport.sent.length = 0;
});

describe("a mailed link with extra characters", () => {
  test.each(BEHIND)("confirms with %s", async (behind) => {
    await signs({ email: EMAIL });
    await drain(transport);
    const token = tokenIn(transport.last(EMAIL).text, "confirm");
    const path = `/en/confirm/${token}${behind}`;
    const page = await ask(
      "app/(public)/[locale]/confirm/[token]/route.tsx",
      { locale: "en", token: token + behind },
      path,
    );
    const [, shown = ""] = /name="token" value="([^"]*)"/.exec(await page.text()) ?? [];
    expect(shown).toBe(token);
    const confirmed = await ask("app/api/confirm/route.ts", {}, "/api/confirm", {
      method: "POST",
      headers: { accept: "text/html" },
      body: new URLSearchParams({ token: token + decodeURIComponent(behind) }),
    });
    expect(confirmed.status).toBe(303);
  });

  test.each(BEHIND)("opens the signer's own page and unsubscribes with %s", async (behind) => {
    const token = (await joins(transport, { email: EMAIL })) + behind;
    const own = await ask(
      "app/(public)/[locale]/signature/[token]/route.tsx",
      { locale: "en", token },
      `/en/signature/${token}`,
    );
    expect([own.status, (await own.text()).includes(EMAIL)]).toEqual([200, true]);
    const [, unsubscribing = ""] =
      /\/api\/unsubscribe\/([\w-]{43})/.exec(JSON.stringify(transport.last(EMAIL))) ?? [];
    const before = await database().token.count({ where: { purpose: "unsubscribe" } });
    expect(before).toBeGreaterThan(0);
    const page = await ask(
      "app/api/unsubscribe/[token]/route.tsx",
      { token: unsubscribing + behind },
      `/api/unsubscribe/${unsubscribing}${behind}`,
    );
    expect(await page.text()).toContain(`/api/unsubscribe/${unsubscribing}"`);
  });

  test("counts as a share link, even in capitals", async () => {
    const code = (await channelCodes(CAMPAIGN_SLUG, 1))?.sms ?? "";
    for (const part of [`${code}.`, `${code}%DB%94`, code.toUpperCase()])
      expect((await opens(part)).headers.get("location")).toBe(`/ur/${CAMPAIGN_SLUG}?ref=${code}`);
  });
});

describe("an address with its language in another spelling", () => {
  const moved = async (file: string, parameters: Record<string, string>, path: string) => {
    const answer = await ask(file, parameters, path);
    return [answer.status, answer.headers.get("location")];
  };

  test("redirects with 308 to the usual spelling, with path and query kept", async () => {
    expect(await moved("app/(public)/[locale]/route.tsx", { locale: "UR" }, "/UR")).toEqual([308, "/ur"]);
    expect(
      await moved(
        "app/(public)/[locale]/[campaign]/route.tsx",
        { locale: "fa-af", campaign: CAMPAIGN_SLUG },
        `/fa-af/${CAMPAIGN_SLUG}?ref=bcdfgh22&x=%2F`,
      ),
    ).toEqual([308, `/fa-AF/${CAMPAIGN_SLUG}?ref=bcdfgh22&x=%2F`]);
    expect(
      await moved(
        "app/(public)/[locale]/confirm/[token]/route.tsx",
        { locale: "EN", token: "a" },
        "/EN/confirm/a",
      ),
    ).toEqual([308, "/en/confirm/a"]);
    expect(await moved("app/(public)/[...path]/route.ts", { path: "" }, "/Ps//evil.example/x")).toEqual([
      308,
      "/ps//evil.example/x",
    ]);
  });

  test("is 404 for a language that the site does not have", async () => {
    for (const locale of ["de", "fa", "english"])
      expect(await moved("app/(public)/[locale]/route.tsx", { locale }, `/${locale}`)).toEqual([404, null]);
  });
});

describe("a form in a sandboxed frame without an origin", () => {
  const post = (accept: string, fields: Record<string, string>, origin = "null", client = "203.0.113.7") =>
    ask(
      "app/api/petitions/[slug]/signatures/route.tsx",
      { slug: CAMPAIGN_SLUG },
      `/api/petitions/${CAMPAIGN_SLUG}/signatures`,
      {
        method: "POST",
        headers: { accept, origin, "sec-fetch-site": "cross-site", [CLIENT_ADDRESS_HEADER]: client },
        body: new URLSearchParams({ email: EMAIL, country: "AF", consent: "yes", ...fields }),
      },
    );

  test.each(LOCALES)(
    "comes back as typed, to be sent from our own page, and stores nothing, in %s",
    async (locale) => {
      const answer = await post("text/html", { name: "زرغونه کرګر", locale, updates: "yes" });
      const page = await answer.text();
      expect(answer.status).toBe(403);
      for (const shown of ["زرغونه کرګر", EMAIL, `action="/api/petitions/${CAMPAIGN_SLUG}/signatures"`])
        expect(page).toContain(shown);
      expect(page).toContain(messagesFor(locale).form.notices.sandboxed.title);
      expect(page.match(/<input[^>]* checked/g)).toHaveLength(2);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(await database().signature.count()).toBe(0);
    },
  );

  test("is accepted the second time, from the network it was given back to", async () => {
    const typed = { name: "Zarghuna Kargar", locale: "en" };
    const page = await (await post("text/html", typed)).text();
    const [, permit = ""] = /name="permit" value="([^"]*)"/.exec(page) ?? [];
    for (const [stolen, client] of [
      [permit, "198.51.100.7"],
      [`9${permit}`, "203.0.113.7"],
      ["", "203.0.113.7"],
    ] as const)
      expect((await post("text/html", { ...typed, permit: stolen }, "null", client)).status).toBe(403);
    const foreign = await post("text/html", { ...typed, permit }, "https://evil.example");
    expect(foreign.status).toBe(403);
    expect(await database().signature.count()).toBe(0);
    const mistaken = await post("text/html", { ...typed, permit, country: "" });
    expect([mistaken.status, (await mistaken.text()).includes('name="permit"')]).toEqual([422, true]);
    const taken = await post("text/html", { ...typed, permit });
    expect([taken.status, taken.headers.get("location")]).toEqual([303, `/en/${CAMPAIGN_SLUG}/thanks`]);
    // A browser shows neither in the tab of a sandboxed frame otherwise.
    for (const answer of [mistaken, taken])
      expect(answer.headers.get("cross-origin-opener-policy")).toBe("unsafe-none");
    expect(await database().signature.count()).toBe(1);
  });

  test("is refused to a program, and so is a form from another site's page", async () => {
    const refused = await post("application/json", { name: "Zarghuna Kargar", locale: "en" });
    expect([refused.status, await refused.json()]).toEqual([403, { error: "forbidden" }]);
    const foreign = await post(
      "text/html",
      { name: "Zarghuna Kargar", locale: "en" },
      "https://evil.example",
    );
    expect([foreign.status, (await foreign.text()).includes("Zarghuna Kargar")]).toEqual([403, false]);
    expect(await database().signature.count()).toBe(0);
  });
});
