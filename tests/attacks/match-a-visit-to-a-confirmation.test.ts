import { once } from "node:events";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { thanksPages } from "@/app/(public)/_pages/thanks";
import { GET as picture } from "@/app/(public)/[locale]/[campaign]/opengraph-image/route";
import { GET as page } from "@/app/(public)/[locale]/[campaign]/route";
import { GET as thanks } from "@/app/(public)/[locale]/[campaign]/thanks/route";
import { GET as feed } from "@/app/(public)/[locale]/[campaign]/updates.atom/route";
import { GET as embed } from "@/app/(public)/embed/[slug]/route";
import { POST as confirmation } from "@/app/api/confirm/route";
import { GET as badge } from "@/app/api/petitions/[slug]/badge.svg/route";
import { GET as countries } from "@/app/api/petitions/[slug]/countries/route";
import { GET as figures } from "@/app/api/petitions/[slug]/route";
import { database } from "@/lib/db/client";
import { publishCounts } from "@/lib/disclosure";
import { renewPictures } from "@/lib/drawing";
import { publicPages } from "@/lib/http/public-pages";
import { LOCALES } from "@/lib/i18n/locales";
import { advanceGoals, channelCodes, milestonesOf } from "@/lib/sharing";
import { setGoals } from "@/lib/sharing/milestones";
import { withdraw } from "@/lib/signatories";
import { campaignFigures, confirm, refreshCountryFigures } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { joinsFrom, signsFrom } from "@/tests/support/networks";

const held = useDatabase("in-steps");

/** Pages rendered so far. The renderer is the real one. */
const rendered = vi.hoisted(() => ({ pages: 0 }));
vi.mock("react-dom/server", async (original) => {
  const real = await original<typeof import("react-dom/server")>();
  const renderToStaticMarkup: typeof real.renderToStaticMarkup = (...page) => {
    rendered.pages += 1;
    return real.renderToStaticMarkup(...page);
  };
  return { ...real, renderToStaticMarkup };
});

const params = Promise.resolve({ locale: "en", campaign: CAMPAIGN_SLUG, slug: CAMPAIGN_SLUG });
const OUTLETS = { figures, countries, badge, page, thanks, feed, picture, embed };

/** Whatever an observer can ask for, with its headers, as the next reader gets it after the worker's turn. */
async function everythingPublic(): Promise<Record<string, unknown>> {
  await publishCounts();
  await advanceGoals();
  await refreshCountryFigures();
  publicPages.forget();
  await renewPictures();
  const seen = Object.entries(OUTLETS).map(async ([name, outlet]) => {
    const answer = await outlet(new Request(`http://localhost:3000/${name}`), { params });
    return [name, [...answer.headers], await answer.text()] as const;
  });
  return Object.fromEntries((await Promise.all(seen)).map(([name, ...rest]) => [name, rest]));
}

const count = async () => (await campaignFigures(CAMPAIGN_SLUG))?.count ?? Number.NaN;
/** Lets a step that waits for more changes be due now. */
const waitedLongEnough = () =>
  database().$executeRaw`UPDATE published_count SET due_at = now() WHERE due_at IS NOT NULL`;

/** Has a step published, so that nothing is pending any more. @returns tokens of the own pages of its signers. */
async function settled(): Promise<string[]> {
  const tokens: string[] = [];
  for (let network = 100; network < 105; network++) tokens.push(await joinsFrom(network));
  await publishCounts();
  await waitedLongEnough();
  await publishCounts();
  return tokens;
}

beforeAll(async () => {
  await setGoals(CAMPAIGN_SLUG, { goal: 8, nextGoals: [1_000] });
});
beforeEach(async () => {
  await database().$executeRaw`DELETE FROM signature`;
  await database().$executeRaw`DELETE FROM confirmed_count`;
  await database().$executeRaw`DELETE FROM published_count`;
});

describe("S9: a network observer who watches the public figures", () => {
  test("sees nothing change on any page, feed, picture or file when the suspect confirms", async () => {
    await settled();
    const before = await everythingPublic();
    const suspect = await signsFrom(1);
    expect(await everythingPublic()).toEqual(before);
    await confirm(suspect.confirmToken);
    expect(await everythingPublic()).toEqual(before);
  });

  test("sees nothing change when the suspect withdraws", async () => {
    const [token = ""] = await settled();
    const before = await everythingPublic();
    await withdraw(token);
    expect(await everythingPublic()).toEqual(before);
  });

  test("sees nothing change after a confirmation and a withdrawal together", async () => {
    const [token = ""] = await settled();
    const before = await everythingPublic();
    await joinsFrom(1);
    await withdraw(token);
    expect(await everythingPublic()).toEqual(before);
  });

  test("is told only the hour of a step, and the same hour everywhere", async () => {
    await settled();
    const { updatedAt } = (await campaignFigures(CAMPAIGN_SLUG)) ?? {};
    expect(updatedAt).toMatch(/T\d\d:00:00\.000Z$/);
    const seen = JSON.stringify(await everythingPublic());
    const times = seen.match(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?/g) ?? [];
    expect(times.filter((time) => !/T\d\d:00:00/.test(time))).toEqual([]);
    expect(seen.toLowerCase()).not.toContain("last-modified");
  });

  test("sees no page rendered again because somebody confirmed", async () => {
    await settled();
    const listener = new Client({ connectionString: held.current().url });
    await listener.connect();
    const heard: unknown[] = [];
    listener.on("notification", (notice) => heard.push(notice));
    await listener.query("LISTEN public_pages");
    const { confirmToken } = await signsFrom(1);
    const pressed = await confirmation(
      new Request("http://localhost:3000/api/confirm", {
        method: "POST",
        headers: { origin: "http://localhost:3000" },
        body: new URLSearchParams({ token: confirmToken }),
      }),
    );
    expect([pressed.status, pressed.headers.get("location")]).toEqual([
      303,
      `/en/${CAMPAIGN_SLUG}/thanks?confirmed`,
    ]);
    await listener.query("SELECT 1");
    expect(heard).toEqual([]);
    // The step itself is heard of, or pages would go on showing the old count.
    const announced = once(listener, "notification");
    await settled();
    await announced;
    await listener.end();
  });

  test("cannot reveal the third change by adding two from one network", async () => {
    await settled();
    const before = await count();
    await withdraw(await joinsFrom(1));
    await joinsFrom(2);
    await publishCounts();
    expect(await count()).toBe(before);
    // Nor does it stay hidden for long: the count is at most two behind in the end.
    await waitedLongEnough();
    await publishCounts();
    expect(await count()).toBe(before + 1);
  });

  test("learns nothing from a goal that the count does not show", async () => {
    await settled();
    await joinsFrom(1);
    await joinsFrom(2);
    await everythingPublic();
    expect((await milestonesOf(CAMPAIGN_SLUG)).map(({ percent }) => percent)).toEqual([50, 25]);
    for (const { reachedAt } of await milestonesOf(CAMPAIGN_SLUG))
      expect(reachedAt.toISOString()).toMatch(/:00:00\.000Z$/);
  });
});

describe("S9: a reader who requests the thanks page right after a possible confirmation", () => {
  const opens = async (query: string, locale = "en", headers: Record<string, string> = {}) => {
    const before = rendered.pages;
    const answer = await thanks(new Request(`http://localhost:3000/thanks${query}`, { headers }), {
      params: Promise.resolve({ locale, campaign: CAMPAIGN_SLUG }),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    return { answer, bytes, text: bytes.toString(), renders: rendered.pages - before };
  };
  const queries = async () => {
    const codes = await Promise.all(([1, 2, 3] as const).map((step) => channelCodes(CAMPAIGN_SLUG, step)));
    const refs = ["", "ref=nosuchcode", ...codes.map((each) => `ref=${each?.link}`)];
    return ["", "confirmed", "meant=gmail.com", "meant=nowhere.example"].flatMap((first) =>
      refs.map((ref) => `?${first}&${ref}`),
    );
  };
  afterAll(() => thanksPages.forget());

  test("causes the same work as the reader before, even if nothing is ready yet", async () => {
    for (const query of await queries()) {
      const visits = [await opens(query), await opens(query), await opens(query)];
      expect(
        visits.map(({ renders }) => renders),
        query,
      ).toEqual([1, 1, 1]);
    }
  });

  test("finds it ready in every language, whoever came before and whatever follows its address", async () => {
    await thanksPages.renew();
    publicPages.forget();
    for (const locale of LOCALES)
      for (const query of await queries())
        for (const encoding of ["", "gzip", "br"])
          expect((await opens(query, locale, { "accept-encoding": encoding })).renders).toBe(0);
  });

  test("finds it ready without a database query, so that no cached row gives anybody away", async () => {
    await thanksPages.renew();
    const holder = new Client({ connectionString: held.current().url });
    await holder.connect();
    try {
      await holder.query(
        "BEGIN; LOCK TABLE campaign, signature, shown_name, campaign_text IN ACCESS EXCLUSIVE MODE",
      );
      for (const query of ["", "?confirmed", "?meant=gmail.com"])
        expect((await opens(query)).answer.status).toBe(200);
    } finally {
      await holder.end();
    }
  });

  test("finds it in no cache, because none may store it or validate it", async () => {
    await thanksPages.renew();
    for (const query of ["", "?confirmed", "?meant=gmail.com"]) {
      const { answer } = await opens(query);
      expect([answer.headers.get("cache-control"), answer.headers.get("etag")]).toEqual(["no-store", null]);
    }
  });

  test("gets the old page until the change is shown to everybody at once, however often it is requested", async () => {
    await thanksPages.renew();
    const before = await opens("");
    await database().$executeRaw`UPDATE campaign SET status = 'closed', closed_at = now()`;
    try {
      for (let visit = 0; visit < 3; visit++)
        expect(await opens("")).toMatchObject({ text: before.text, renders: 0 });
      await thanksPages.renew();
      expect(await opens("")).toMatchObject({ renders: 0 });
      expect((await opens("")).text).not.toBe(before.text);
    } finally {
      await database().$executeRaw`UPDATE campaign SET status = 'open', closed_at = NULL`;
      await thanksPages.renew();
    }
    const same = rendered.pages;
    await thanksPages.renew();
    expect(rendered.pages).toBe(same);
  });

  test("gets the same page compressed", async () => {
    await thanksPages.renew();
    const { text } = await opens("?confirmed");
    const br = await opens("?confirmed", "en", { "accept-encoding": "gzip, br" });
    expect(br.answer.headers.get("content-encoding")).toBe("br");
    expect(brotliDecompressSync(br.bytes).toString()).toBe(text);
    const gzip = await opens("?confirmed", "en", { "accept-encoding": "gzip" });
    expect(gunzipSync(gzip.bytes).toString()).toBe(text);
    const meant = await opens("?meant=gmail.com", "en", { "accept-encoding": "br" });
    expect(meant.text).toContain("gmail.com");
    expect(meant.text).not.toContain("PLACEHOLDER");
  });
});

test("finds the count at most two behind, whatever came and went", async () => {
  const tokens: string[] = [];
  for (let step = 0; step < 24; step++) {
    const leaving = step % 5 === 4 ? tokens.shift() : undefined;
    if (leaving === undefined) tokens.push(await joinsFrom(step % 7));
    else await withdraw(leaving);
    const before = await count();
    await publishCounts();
    await waitedLongEnough();
    await publishCounts();
    const exact = await database().signature.count({ where: { state: "confirmed" } });
    expect(Math.abs((await count()) - exact)).toBeLessThanOrEqual(2);
    expect([0, before]).not.toContain(Number.NaN);
  }
});
