import { once } from "node:events";
import { Client } from "pg";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { publicPages } from "@/app/_pages/public-pages";
import { GET as picture } from "@/app/[locale]/[campaign]/opengraph-image/route";
import { GET as page } from "@/app/[locale]/[campaign]/route";
import { GET as thanks } from "@/app/[locale]/[campaign]/thanks/route";
import { GET as feed } from "@/app/[locale]/[campaign]/updates.atom/route";
import { POST as confirmation } from "@/app/api/confirm/route";
import { GET as badge } from "@/app/api/petitions/[slug]/badge.svg/route";
import { GET as countries } from "@/app/api/petitions/[slug]/countries/route";
import { GET as figures } from "@/app/api/petitions/[slug]/route";
import { GET as embed } from "@/app/embed/[slug]/route";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import { database } from "@/lib/db/client";
import { publishCounts } from "@/lib/disclosure";
import { renewPictures } from "@/lib/drawing";
import { advanceGoals, milestonesOf, setGoals } from "@/lib/sharing";
import { withdraw } from "@/lib/signatory";
import { campaignFigures, confirm, refreshCountryFigures } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { joinsFrom, signsFrom } from "@/tests/support/networks";

const held = useDatabase("in-steps");

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

describe("S9: a network observer who watches what is public", () => {
  test("sees nothing move when the suspect confirms, on any page, feed, picture or file", async () => {
    await settled();
    const before = await everythingPublic();
    const suspect = await signsFrom(1);
    expect(await everythingPublic()).toEqual(before);
    await confirm(suspect.confirmToken);
    expect(await everythingPublic()).toEqual(before);
  });

  test("sees nothing move when the suspect withdraws", async () => {
    const [token = ""] = await settled();
    const before = await everythingPublic();
    await withdraw(token);
    expect(await everythingPublic()).toEqual(before);
  });

  test("sees nothing move at a confirmation and a withdrawal together", async () => {
    const [token = ""] = await settled();
    const before = await everythingPublic();
    await joinsFrom(1);
    await withdraw(token);
    expect(await everythingPublic()).toEqual(before);
  });

  test("is told the hour of a step and no minute, and the same everywhere", async () => {
    await settled();
    const { updatedAt } = (await campaignFigures(CAMPAIGN_SLUG)) ?? {};
    expect(updatedAt).toMatch(/T\d\d:00:00\.000Z$/);
    const seen = JSON.stringify(await everythingPublic());
    const times = seen.match(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?/g) ?? [];
    expect(times.filter((time) => !/T\d\d:00:00/.test(time))).toEqual([]);
    expect(seen.toLowerCase()).not.toContain("last-modified");
  });

  test("hears of no page rendered anew when somebody confirms", async () => {
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

  test("who adds two changes from one network does not see the third at once", async () => {
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

  test("who waits for a goal to move learns nothing that the count does not tell", async () => {
    await settled();
    await joinsFrom(1);
    await joinsFrom(2);
    await everythingPublic();
    expect((await milestonesOf(CAMPAIGN_SLUG)).map(({ percent }) => percent)).toEqual([50, 25]);
    for (const { reachedAt } of await milestonesOf(CAMPAIGN_SLUG))
      expect(reachedAt.toISOString()).toMatch(/:00:00\.000Z$/);
  });
});

test("the count follows by itself, never further than two behind, whatever came and went", async () => {
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
