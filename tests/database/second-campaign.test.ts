import { beforeEach, describe, expect, test } from "vitest";
import { thanksPages } from "@/app/(public)/_pages/thanks";
import { database } from "@/lib/db/client";
import { currentDataKeyId, seal } from "@/lib/db/encryption";
import { publicPages } from "@/lib/http/public-pages";
import { messagesFor } from "@/lib/i18n/messages";
import { undoableJobs } from "@/lib/moderation/invalid";
import { startInvalidation } from "@/lib/moderation/invalidation";
import { reviewGroups } from "@/lib/moderation/review";
import { contentPlace, type GroupContent } from "@/lib/moderation/review-content";
import { findReviewGroups } from "@/lib/moderation/review-search";
import { draftPaper, importPaper } from "@/lib/paper/paper";
import { settings } from "@/lib/settings";
import { channelCodes } from "@/lib/sharing";
import { HELD_REASON } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { CapturingTransport, tokenIn } from "@/tests/support/capturing-transport";
import { posted } from "@/tests/support/desk";
import { deskRoute } from "@/tests/support/routes";
import { asFound, OWNER, sessionOf, someReader } from "@/tests/support/session";
import { ask, codesIn, drain, opens } from "@/tests/support/sharing";

const SECOND = "clean-water-for-all";
const HEADLINE = "Clean water for every village";
const PAGES = "app/(public)";
const CAMPAIGN = `${PAGES}/[locale]/[campaign]`;

useDatabase("at-once", "all");
const transport = new CapturingTransport();

beforeEach(async () => {
  await database().$executeRaw`DELETE FROM signature`;
  await database().$executeRaw`UPDATE campaign SET status = 'open', closed_at = NULL`;
  publicPages.forget();
  transport.sent.length = 0;
});

const parameters = (locale: string) => ({ locale, campaign: SECOND, slug: SECOND });

/** Asks for a page of the second campaign. */
function page(file: string, below = "", locale = "en"): Promise<Response> {
  return ask(`${CAMPAIGN}/${file}`, parameters(locale), `/${locale}/${SECOND}${below}`);
}

async function signs(email: string, slug = SECOND, name = "Laila"): Promise<Response> {
  return ask("app/api/petitions/[slug]/signatures/route.tsx", { slug }, `/api/petitions/${slug}/signatures`, {
    method: "POST",
    headers: { accept: "text/html", "x-client-address": "192.0.2.7" },
    body: new URLSearchParams({ name, email, country: "AF", consent: "yes", locale: "en" }),
  });
}

async function mailedTo(email: string) {
  await drain(transport);
  return transport.last(email);
}

async function count(slug: string): Promise<number> {
  const answer = await ask("app/api/petitions/[slug]/route.ts", { slug }, `/api/petitions/${slug}`);
  return ((await answer.json()) as { count: number }).count;
}

test("has a page with its own text, goal and form", async () => {
  const markup = await (await page("route.tsx")).text();
  expect(markup).toContain(`<h1>${HEADLINE}</h1>`);
  expect(markup).toContain(`action="/api/petitions/${SECOND}/signatures"`);
  expect(markup).toContain(messagesFor("en").count.goal({ goal: "500" }));
  expect(markup).toContain("https://example.org/wells");
  expect(markup).not.toContain(CAMPAIGN_SLUG);
});

test("confirms, thanks for and counts its own signatures only", async () => {
  const email = "laila@example.org";
  const thanks = `/en/${SECOND}/thanks`;
  expect((await signs(email)).headers.get("location")).toBe(thanks);
  const mail = await mailedTo(email);
  expect(mail.subject + mail.text).toContain(HEADLINE);
  const token = tokenIn(mail.text, "confirm");

  const asked = await ask(`${PAGES}/[locale]/confirm/[token]/route.tsx`, { locale: "en", token }, "/");
  expect(codesIn(await asked.text())).toContain((await channelCodes(SECOND, 1))?.link);

  const body = new URLSearchParams({ token });
  const confirmed = await ask("app/api/confirm/route.ts", {}, "/api/confirm", { method: "POST", body });
  expect(confirmed.headers.get("location")).toBe(`${thanks}?confirmed`);
  expect([await count(SECOND), await count(CAMPAIGN_SLUG)]).toEqual([1, 0]);

  await thanksPages.renew();
  const thanked = await (await page("thanks/route.tsx", "/thanks?confirmed")).text();
  expect(thanked).toContain(messagesFor("en").thanks.confirmedText);
  expect(thanked).toContain(`href="/en/${SECOND}"`);

  const own = tokenIn((await mailedTo(email)).text, "signature");
  const shown = await ask(`${PAGES}/[locale]/signature/[token]/route.tsx`, { locale: "en", token: own }, "/");
  expect(await shown.text()).toContain(`href="/en/${SECOND}"`);
});

test("offers nothing to share on the page of an expired confirmation link", async () => {
  const parameters = { locale: "en", token: "x".repeat(43) };
  const answer = await ask(`${PAGES}/[locale]/confirm/[token]/route.tsx`, parameters, "/");
  expect([answer.status, codesIn(await answer.text())]).toEqual([200, []]);
});

test("lets a mailbox sign each campaign once, and mails a lost link for each", async () => {
  const email = "both@example.org";
  await signs(email);
  await signs(email, CAMPAIGN_SLUG);
  await drain(transport);
  transport.sent.length = 0;
  const access = await ask("app/api/signature/access/route.ts", {}, "/api/signature/access", {
    method: "POST",
    headers: { accept: "text/html" },
    body: new URLSearchParams({ email, locale: "en" }),
  });
  expect(access.headers.get("location")).toBe("/en/signature?sent");
  await drain(transport);
  expect(transport.sent.filter(({ to }) => to === email)).toHaveLength(2);
});

test.each([
  ["opengraph-image/route.ts", "image/png"],
  ["poster.pdf/route.ts", "application/pdf"],
  ["sheet.pdf/route.ts", "application/pdf"],
  ["qr.svg/route.ts", "image/svg+xml; charset=utf-8"],
])("draws its own %s", async (file, type) => {
  const answer = await page(file);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, type]);
  expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(500);
});

test("has its own oEmbed, frame, badge, feed and news", async () => {
  const url = encodeURIComponent(`${settings().siteUrl}/en/${SECOND}`);
  const embedded = await ask("app/api/oembed/route.ts", {}, `/api/oembed?url=${url}`);
  expect(await embedded.json()).toMatchObject({ title: HEADLINE });
  const frame = await ask(`${PAGES}/embed/[slug]/route.tsx`, { slug: SECOND }, `/embed/${SECOND}?locale=en`);
  expect(await frame.text()).toContain(`action="/api/petitions/${SECOND}/signatures"`);
  const badge = await ask("app/api/petitions/[slug]/badge.svg/route.ts", { slug: SECOND }, "/");
  expect(badge.status).toBe(200);
  expect(await (await page("updates.atom/route.ts")).text()).toContain("The survey came out.");
  expect((await page("updates/route.tsx")).status).toBe(200);
});

test("is where its short links lead, while unknown ones lead to the list", async () => {
  const code = (await channelCodes(SECOND, 1))?.sms;
  expect((await opens(`${code}`)).headers.get("location")).toBe(`/ur/${SECOND}?ref=${code}`);
  const other = (await channelCodes(CAMPAIGN_SLUG, 1))?.sms;
  expect((await opens(`${other}`)).headers.get("location")).toBe(`/ur/${CAMPAIGN_SLUG}?ref=${other}`);
  expect((await opens("zzzzzz22")).headers.get("location")).toBe("/ur?ref=zzzzzz22");
});

describe("the front page", () => {
  const front = (locale: string) => ask(`${PAGES}/[locale]/route.tsx`, { locale }, `/${locale}`);
  const root = () => ask(`${PAGES}/route.ts`, {}, "/", { headers: { "accept-language": "ps" } });
  const close = (slug: string) =>
    database().campaign.update({ where: { slug }, data: { status: "closed", closedAt: new Date() } });
  /** Which campaigns are open is remembered for two seconds. */
  const remembered = () => new Promise((resolve) => setTimeout(resolve, 2_100));

  test("lists several open campaigns in the reader's language", async () => {
    await remembered();
    expect((await root()).headers.get("location")).toBe("/ps");
    const answer = await front("ps");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toMatch(/^public/);
    const markup = await answer.text();
    expect(markup).toContain(messagesFor("ps").site.petitions);
    for (const slug of [SECOND, CAMPAIGN_SLUG]) expect(markup).toContain(`href="/ps/${slug}"`);
  });

  test("redirects to the only open one", async () => {
    await close(CAMPAIGN_SLUG);
    await remembered();
    expect((await root()).headers.get("location")).toBe(`/ps/${SECOND}`);
    const answer = await front("en");
    expect([answer.status, answer.headers.get("location")]).toEqual([307, `/en/${SECOND}`]);
  });

  test("lists all campaigns while none is open", async () => {
    await close(CAMPAIGN_SLUG);
    await close(SECOND);
    await remembered();
    expect(await (await front("en")).text()).toContain(`href="/en/${SECOND}"`);
  });
});

describe("its review groups, jobs and paper signatures", () => {
  async function group(): Promise<string> {
    await database().$executeRaw`DELETE FROM review_group`;
    await signs("joke@example.org", SECOND, "Donald Duck");
    await findReviewGroups();
    const [found] = asFound(await reviewGroups(someReader(), SECOND)).groups;
    return found?.id ?? "";
  }

  async function held(): Promise<string> {
    await signs("laila@example.org");
    const { id } = await database().signature.findFirstOrThrow();
    await database().$executeRaw`UPDATE signature SET held = true, state = 'invalid'`;
    await database().$executeRaw`
      INSERT INTO signature_invalidation (signature_id, job_id, reason, confirmed_at, actor_label)
      VALUES (${id}::uuid, gen_random_uuid(), ${HELD_REASON}, now(), 'the form')`;
    return id;
  }

  const job = () => startInvalidation(OWNER, SECOND, { country: "AF" }, "made by a machine");

  async function draft(): Promise<string> {
    const sheet = `name,country,email\nNur Jan,AF,${crypto.randomUUID()}@example.org\n`;
    const drafting = await draftPaper(OWNER, SECOND, "sheet.csv", new TextEncoder().encode(sheet));
    return drafting.ok ? drafting.draft.id : drafting.refusal;
  }

  async function imported(): Promise<string> {
    const id = await draft();
    await importPaper(OWNER, SECOND, id);
    return id;
  }

  const THINGS: [string, string, () => Promise<Record<string, string>>][] = [
    ["a group to mark genuine", "review", async () => ({ group: await group() })],
    ["a signature to release", "review", async () => ({ action: "release", signature: await held() })],
    ["a signature to discard", "review", async () => ({ action: "discard", signature: await held() })],
    ["a group to look at", "invalidations", async () => ({ action: "preview", group: await group() })],
    [
      "a group to mark invalid",
      "invalidations",
      async () => ({ action: "start", group: await group(), reason: "made by a machine" }),
    ],
    ["a job to stop", "invalidations", async () => ({ action: "cancel", job: await job() })],
    ["a job to take back", "invalidations", async () => ({ action: "undo", job: await job() })],
    ["a draft to import", "paper", async () => ({ action: "import", draft: await draft() })],
    ["an import to ask about", "paper", async () => ({ action: "undo", import: await imported() })],
    [
      "an import to take back",
      "paper",
      async () => ({ action: "undo", import: await imported(), confirmed: "yes" }),
    ],
  ];

  test.each(THINGS)("offer %s on this campaign's page only", async (_, place, made) => {
    const fields = await made();
    const cookie = await sessionOf("owner");
    const { POST } = deskRoute(`[campaign]/${place}`);
    const sentTo = async (slug: string) =>
      (await POST(posted(`/admin/${slug}/${place}`, cookie, fields))).status;
    expect(await sentTo(CAMPAIGN_SLUG)).toBe(410);
    expect([200, 303]).toContain(await sentTo(SECOND));
  });

  test("are shown on this campaign's pages only", async () => {
    const chosen = await group();
    const cookie = await sessionOf("owner");
    const shown = async (slug: string, place: string, query = "") => {
      const request = new Request(`http://localhost/admin/${slug}/${place}${query}`, { headers: { cookie } });
      return (await deskRoute(`[campaign]/${place}`).GET(request)).text();
    };
    expect(await shown(SECOND, "review")).toContain("Donald Duck");
    expect(await shown(CAMPAIGN_SLUG, "review")).not.toContain("Donald Duck");
    const query = `?group=${chosen}`;
    expect(await shown(SECOND, "invalidations", query)).toContain("one name");
    expect(await shown(CAMPAIGN_SLUG, "invalidations", query)).toContain("This group is gone.");
    const started = await job();
    expect(await shown(SECOND, "invalidations", `?started=${started}`)).toContain("The job has started.");
    expect(await shown(CAMPAIGN_SLUG, "invalidations", `?started=${started}`)).not.toContain(started);
  });
});

describe("the desk of a campaign, for another campaign's signature", () => {
  const desk = (slug: string) => `/admin/${slug}/signatories`;
  const list = deskRoute("[campaign]/signatories");
  const signatory = deskRoute("[campaign]/signatories/[id]");
  let cookie = "";
  let id = "";

  beforeEach(async () => {
    await database().$executeRaw`DELETE FROM suppression`;
    cookie = await sessionOf("owner");
    await signs("laila@example.org");
    id = (await database().signature.findFirstOrThrow()).id;
    await database().$executeRaw`UPDATE signature SET mail_requested_at = now() - interval '2 hours'`;
  });

  const posts = (route: typeof list, address: string, fields: Record<string, string>) =>
    route.POST(posted(address, cookie, { confirmed: "yes", signature: id, [`id.${id}`]: "yes", ...fields }));
  const searches = (slug: string, find: string) => list.POST(posted(desk(slug), cookie, { find }));
  const gets = (route: typeof list, address: string) =>
    route.GET(new Request(`http://localhost${address}`, { headers: { cookie } }));
  const everything = async () =>
    JSON.stringify(
      await Promise.all([
        database().signature.findMany({ omit: { personEncrypted: true, mailboxKey: true } }),
        database().signatureInvalidation.findMany(),
        database().mail.findMany(),
        database().suppression.findMany({ omit: { mailboxKey: true } }),
        database().auditEntry.count(),
      ]),
      (_, value) => (typeof value === "bigint" ? String(value) : value),
    );

  test("does not list, find or open it", async () => {
    for (const [slug, seen] of [
      [CAMPAIGN_SLUG, false],
      [SECOND, true],
    ] as const) {
      expect((await (await gets(list, desk(slug))).text()).includes(id)).toBe(seen);
      for (const find of ["laila@example.org", "Laila"])
        expect((await (await searches(slug, find)).text()).includes(id)).toBe(seen);
      expect((await gets(signatory, `${desk(slug)}/${id}`)).status).toBe(seen ? 200 : 404);
    }
  });

  test("does not know its review groups", async () => {
    const group = crypto.randomUUID();
    const content: GroupContent = { rule: { country: "AF" }, example: null, lastAt: new Date() };
    const sealed = seal(JSON.stringify(content), contentPlace(group));
    await database().$executeRaw`
      INSERT INTO review_group (id, campaign_id, kind, data_key_id, content_encrypted, signatures)
      SELECT ${group}::uuid, id, 'burst', ${currentDataKeyId()}, ${sealed}, 60 FROM campaign WHERE slug = ${SECOND}`;
    const statuses = [CAMPAIGN_SLUG, SECOND].map(
      async (slug) => (await gets(list, `${desk(slug)}?group=${group}`)).status,
    );
    expect(await Promise.all(statuses)).toEqual([404, 200]);
  });

  const REASON = { reason: "made by a machine" };

  test("changes nothing and leaves no trace", async () => {
    await database().$executeRaw`
      INSERT INTO suppression (mailbox_key, reason) SELECT mailbox_key, 'complained' FROM signature`;
    const before = await everything();
    for (const action of ["resend", "lift", "invalid", "withdraw", "erase"]) {
      const answer = await posts(signatory, `${desk(CAMPAIGN_SLUG)}/${id}`, { action, ...REASON });
      expect(answer.status, action).toBe(410);
    }
    for (const action of ["resend", "invalid", "withdraw"])
      expect((await posts(list, desk(CAMPAIGN_SLUG), { action, ...REASON })).status, action).toBe(410);
    expect(await everything()).toBe(before);
  });

  test("does not undo a mark made at the other desk", async () => {
    for (const action of ["invalid", "withdraw"]) {
      expect((await posts(list, desk(SECOND), { action, ...REASON })).status).toBe(303);
      const [job] = await undoableJobs(SECOND);
      expect(await undoableJobs(CAMPAIGN_SLUG)).toEqual([]);
      const before = await everything();
      const undo = { action: "undo", job: job?.jobId ?? "" };
      expect((await posts(list, desk(CAMPAIGN_SLUG), undo)).status).toBe(410);
      const restoring = await posts(signatory, `${desk(CAMPAIGN_SLUG)}/${id}`, { action: "restore" });
      expect(restoring.status).toBe(410);
      expect(await everything()).toBe(before);
      expect((await posts(list, desk(SECOND), undo)).status).toBe(303);
    }
    expect(await database().signatureInvalidation.count()).toBe(0);
  });

  test("does not get in the way of its own desk", async () => {
    for (const action of ["resend", "invalid", "restore", "erase"]) {
      const answer = await posts(signatory, `${desk(SECOND)}/${id}`, { action, ...REASON });
      expect(answer.status, action).toBe(303);
    }
    expect(await database().signature.count()).toBe(0);
  });
});
