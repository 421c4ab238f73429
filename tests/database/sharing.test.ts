import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { database } from "@/lib/db/client";
import { closeCampaign, reopenCampaign } from "@/lib/editing";
import { sendOnce } from "@/lib/mail/sending";
import {
  advanceGoals,
  allowedOrigins,
  campaignUpdates,
  channelCodes,
  frameAncestors,
  goalFields,
  goalsOf,
  hasUpdates,
  isPreviewFetcher,
  meaningOf,
  milestonesOf,
  networkBit,
  noteVisit,
  originFields,
  ownShareTexts,
  passedGoal,
  readShareCode,
  refreshSupporters,
  shareSums,
  shareTextFields,
  shareTexts,
  shownNames,
  stepAfter,
  supporters,
} from "@/lib/sharing";
import { CHANNELS, codeOf, SHARE_CODE_CHARACTERS, STEPS } from "@/lib/sharing/codes";
import { setGoals } from "@/lib/sharing/milestones";
import { setAllowedOrigins } from "@/lib/sharing/origins";
import {
  changeGoals,
  changeOrigins,
  changeShareTexts,
  correctNews,
  publishNews,
  takeNewsAway,
} from "@/lib/sharing/owner-settings";
import { writeVisits } from "@/lib/sharing/sums";
import { setShareText } from "@/lib/sharing/texts";
import { correct, erase, heldSignature, requestAccess, withdraw } from "@/lib/signatories";
import { campaignFigures, checkSignatureForm, confirm, sign } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { CapturingTransport, tokenIn } from "@/tests/support/capturing-transport";
import { posted } from "@/tests/support/desk";
import { deskRoute } from "@/tests/support/routes";
import { sessionOf } from "@/tests/support/session";

useDatabase();

const transport = new CapturingTransport();
const WORKER = "00000000-0000-4000-8000-000000000002";

async function drain(): Promise<void> {
  while (await sendOnce(transport, WORKER));
}

async function signs(email: string, changes: Record<string, string> = {}): Promise<void> {
  const fields = { name: "Zarghuna Kargar", email, country: "AF", consent: "yes", locale: "en", ...changes };
  const checked = checkSignatureForm(fields);
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  await sign(CAMPAIGN_SLUG, checked.request);
}

/** Signs, confirms, and returns the token of the signer's own page. */
async function joins(email: string, changes: Record<string, string> = {}) {
  await signs(email, changes);
  await drain();
  await confirm(tokenIn(transport.last(email).text, "confirm"));
  await drain();
  return { token: tokenIn(transport.last(email).text, "signature") };
}

beforeAll(() => drain());
beforeEach(async () => {
  await database().$executeRaw`DELETE FROM signature`;
  await database().$executeRaw`DELETE FROM suppression`;
  await database().$executeRaw`DELETE FROM share_sum`;
  await database().$executeRaw`DELETE FROM campaign_milestone`;
  await database().$executeRaw`UPDATE campaign SET goal = 10000, allowed_origins = NULL`;
  transport.sent.length = 0;
});

describe("a share code", () => {
  test("holds channel and step, is the same for everybody, and is made once", async () => {
    await database().$executeRaw`UPDATE campaign SET share_stem = NULL`;
    const made = await Promise.all([channelCodes(CAMPAIGN_SLUG, 1), channelCodes(CAMPAIGN_SLUG, 1)]);
    expect(made[0]).toEqual(made[1]);
    const steps = await Promise.all(STEPS.map((step) => channelCodes(CAMPAIGN_SLUG, step)));
    const all = steps.flatMap((codes) => Object.values(codes ?? {}));
    expect(new Set(all).size).toBe(STEPS.length * CHANNELS.length);
    for (const code of all) expect(code).toMatch(new RegExp(`^[a-z2-9]{${SHARE_CODE_CHARACTERS}}$`));
    for (const [place, codes] of steps.entries())
      for (const channel of CHANNELS)
        expect(meaningOf(codes?.[channel] ?? "")).toMatchObject({ channel, step: STEPS[place] });
    expect(await channelCodes("no-such-campaign", 1)).toBeNull();
  });

  test("is read in any case, and with the characters a message added", async () => {
    const code = (await channelCodes(CAMPAIGN_SLUG, 2))?.sms ?? "";
    for (const typed of [
      code.toUpperCase(),
      `${code}.`,
      `${code})`,
      `${code}۔`,
      `${code}%DB%94`,
      `«${code}»`,
    ])
      expect(readShareCode(typed)).toBe(code);
    for (const typed of ["", "nosuchcode", `${code}2`, code.slice(1), "<script>", "%00"])
      expect(readShareCode(typed)).toBeNull();
  });

  test("leads to links one step further, and holds no code of the step before", () => {
    const code = (step: 1 | 2 | 3) => codeOf({ stem: "bcdfgh", channel: "sms", step });
    expect([null, code(1), code(2), code(3)].map((each) => stepAfter(each))).toEqual([1, 2, 3, 3]);
  });

  test("stays with a signature only if it is one of the organisation's own; other sources are forgotten once counted", async () => {
    const [own, passed] = await Promise.all([channelCodes(CAMPAIGN_SLUG, 1), channelCodes(CAMPAIGN_SLUG, 2)]);
    const refs = [own?.poster ?? "", passed?.poster ?? "", "bcdfgh22", "nosuchcode"];
    for (const [place, ref] of refs.entries()) await signs(`signer${place}@example.org`, { ref });
    const kept = () =>
      database().signature.findMany({
        orderBy: { id: "asc" },
        select: { ref: true, cameChannel: true, cameStep: true },
      });
    const nothing = { ref: null, cameChannel: null, cameStep: null };
    expect(await kept()).toEqual([
      { ref: own?.poster, cameChannel: "poster", cameStep: 1 },
      { ref: null, cameChannel: "poster", cameStep: 2 },
      nothing,
      nothing,
    ]);
    await drain();
    for (const { to, text } of [...transport.sent])
      expect((await confirm(tokenIn(text, "confirm"))).kind, to).toBe("confirmed");
    expect(await kept()).toEqual([{ ...nothing, ref: own?.poster }, nothing, nothing, nothing]);
  });
});

describe("sums over share links", () => {
  const NETWORKS = 30;
  const client = (place: number) => `198.51.${place}.1`;

  async function signsFrom(place: number, ref: string, locale = "en"): Promise<void> {
    const fields = {
      name: "Zarghuna Kargar",
      email: `signer${place}@example.org`,
      country: "AF",
      consent: "yes",
      locale,
      ref,
    };
    const checked = checkSignatureForm(fields);
    if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
    await sign(CAMPAIGN_SLUG, checked.request, null, { networkBit: networkBit(client(place)) });
  }

  test("are shown by channel, language and step, rounded, once people from many networks came", async () => {
    const codes = await channelCodes(CAMPAIGN_SLUG, 2);
    for (let place = 0; place < NETWORKS; place++) await signsFrom(place, codes?.whatsapp ?? "", "ur");
    await signsFrom(NETWORKS, codes?.sms ?? "", "ps");
    await drain();
    for (const { text } of [...transport.sent]) await confirm(tokenIn(text, "confirm"));
    for (let visit = 0; visit < 25; visit++) noteVisit(codes?.whatsapp ?? "", "fa-AF");
    await writeVisits();
    // As if each of them had brought nine more, from as many networks as can be told apart.
    await database().$executeRaw`
      UPDATE share_sum SET visits = visits * 10, signed = signed * 10, confirmed = confirmed * 10, networks = -1
      WHERE key IN ('whatsapp', 'ur', '2')`;
    const told = await shareSums(CAMPAIGN_SLUG);
    expect(told.map(({ kind, key }) => [kind, key])).toEqual([
      ["channel", "whatsapp"],
      ["language", "ur"],
      ["step", "2"],
    ]);
    for (const { figures } of told)
      for (const people of [figures.signed, figures.confirmed]) {
        expect(people % 10).toBe(0);
        expect(people).toBeGreaterThan(300 - 50);
        expect(people).toBeLessThanOrEqual(310);
      }
  });

  test("do not rise when somebody signs or confirms again, or fall when somebody withdraws or erases", async () => {
    const codes = await channelCodes(CAMPAIGN_SLUG, 1);
    const first = await joins("first@example.org", { ref: codes?.sms ?? "" });
    const second = await joins("second@example.org", { ref: codes?.sms ?? "" });
    await database().$executeRaw`UPDATE signature SET mail_requested_at = now() - interval '61 minutes'`;
    await signs("first@example.org", { ref: codes?.sms ?? "" });
    const counted = await rawSums();
    expect(counted).toContainEqual({ kind: "channel", key: "sms", visits: 0, signed: 2, confirmed: 2 });
    await withdraw(first.token);
    await erase(second.token);
    expect(await rawSums()).toEqual(counted);
  });

  test("count no visit with an unknown code, and none of a program that fetches previews", async () => {
    noteVisit("bcdfgh22", "en");
    noteVisit("nosuchcode", "en");
    await writeVisits();
    expect(await rawSums()).toEqual([]);
  });

  test("stay right when many sign and confirm at once through different links", async () => {
    const codes = (await Promise.all(STEPS.map((step) => channelCodes(CAMPAIGN_SLUG, step)))).flatMap(
      (each) => Object.values(each ?? {}),
    );
    const people = Array.from({ length: 132 }, (_, place) => place);
    await Promise.all(people.map((place) => signsFrom(place, codes[place % codes.length] ?? "")));
    await drain();
    await Promise.all([
      ...transport.sent.map(({ text }) => confirm(tokenIn(text, "confirm"))),
      ...people.map((place) => signsFrom(1_000 + place, codes[(place * 7) % codes.length] ?? "")),
    ]);
    const sums = await rawSums();
    const total = (kind: string) =>
      sums
        .filter((sum) => sum.kind === kind)
        .reduce((all, { signed, confirmed }) => all + signed + confirmed, 0);
    expect([total("channel"), total("language"), total("step")]).toEqual([396, 396, 396]);
  });

  function rawSums() {
    return database().$queryRaw<
      { kind: string; key: string; visits: number; signed: number; confirmed: number }[]
    >`
      SELECT kind, key, sum(visits)::float8 AS visits, sum(signed)::float8 AS signed, sum(confirmed)::float8 AS confirmed
      FROM share_sum GROUP BY kind, key ORDER BY kind, key`;
  }
});

test.each([
  ["WhatsApp/2.23.20.0", true],
  ["facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", true],
  ["TelegramBot (like TwitterBot)", true],
  ["Twitterbot/1.0", true],
  ["Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", true],
  ["Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", true],
  ["LinkedInBot/1.0 (compatible; Mozilla/5.0)", true],
  [null, true],
  [
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36",
    false,
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1",
    false,
  ],
  ["Opera/9.80 (Android; Opera Mini/36.2/119.132; U; id) Presto/2.12.423 Version/12.16", false],
])("knows whether %s fetches previews: %s", (userAgent, fetches) => {
  expect(isPreviewFetcher(userAgent)).toBe(fetches);
});

describe("the signer's own page", () => {
  test("shows what is stored, and seals corrections", async () => {
    const { token } = await joins("zarghuna@example.org", { publicName: "yes" });
    const outcome = await correct(token, {
      name: "Zarghuna K.",
      country: "PK",
      locale: "ps",
      updates: "yes",
    });
    expect(outcome).toEqual({ kind: "done", slug: CAMPAIGN_SLUG, locale: "ps" });
    expect(await heldSignature(token)).toMatchObject({
      name: "Zarghuna K.",
      email: "zarghuna@example.org",
      country: "PK",
      locale: "ps",
      updates: true,
      publicName: false,
      state: "confirmed",
    });
  });

  test("changes nothing for a mistake or for another kind of token", async () => {
    await signs("laila@example.org");
    await drain();
    const confirmation = tokenIn(transport.last("laila@example.org").text, "confirm");
    expect(await heldSignature(confirmation)).toBeNull();
    expect(await withdraw(confirmation)).toEqual({ kind: "unknown" });
    expect(await erase("nonsense")).toEqual({ kind: "unknown" });
    const { token } = await joins("zarghuna@example.org");
    expect((await correct(token, { name: "evil.de", country: "PK", locale: "en" })).kind).toBe("invalid");
    expect((await heldSignature(token))?.country).toBe("AF");
  });

  test("withdraws a signature completely, and lowers the count", async () => {
    const { token } = await joins("zarghuna@example.org");
    expect((await withdraw(token)).kind).toBe("done");
    expect(await database().signature.count()).toBe(0);
    expect(await database().mail.count()).toBe(0);
    expect(await database().token.count()).toBe(0);
    expect((await campaignFigures(CAMPAIGN_SLUG))?.count).toBe(0);
    expect(await database().suppression.count()).toBe(0);
  });

  test("erases so that signing again is like the first time", async () => {
    const { token } = await joins("zarghuna@example.org");
    await erase(token);
    expect(await database().signature.count()).toBe(0);
    expect(await database().suppression.count()).toBe(0);
    await joins("zarghuna@example.org");
    expect((await campaignFigures(CAMPAIGN_SLUG))?.count).toBe(1);
  });

  test("erases and never mails again if that is ticked", async () => {
    const { token } = await joins("zarghuna@example.org");
    await erase(token, { neverWrite: true });
    expect(await database().signature.count()).toBe(0);
    expect((await database().suppression.findMany()).map(({ reason }) => reason)).toEqual(["stopped"]);
    transport.sent.length = 0;
    await signs("zarghuna@example.org");
    await drain();
    expect(transport.sent).toEqual([]);
  });
});

describe("a lost link", () => {
  test("is mailed to the signer once an hour, even after closing, and to nobody else", async () => {
    await joins("zarghuna@example.org");
    await database().$executeRaw`UPDATE campaign SET status = 'closed', closed_at = now()`;
    transport.sent.length = 0;
    await Promise.all([1, 2, 3].map(() => requestAccess("zarghuna@EXAMPLE.org")));
    await requestAccess("stranger@example.org");
    await drain();
    await database().$executeRaw`UPDATE campaign SET status = 'open', closed_at = NULL`;
    expect(transport.sent.map(({ to }) => to)).toEqual(["zarghuna@example.org"]);
    const token = tokenIn(transport.last("zarghuna@example.org").text, "signature");
    expect((await heldSignature(token))?.email).toBe("zarghuna@example.org");
    await database().$executeRaw`UPDATE signature SET access_requested_at = now() - interval '61 minutes'`;
    await requestAccess("zarghuna@example.org");
    await drain();
    expect(transport.sent).toHaveLength(2);
  });
});

describe("goals", () => {
  test("are noted at each quarter and raised by the campaign's rule", async () => {
    await setGoals(CAMPAIGN_SLUG, { goal: 4, nextGoals: [6, 8] });
    for (let index = 0; index < 2; index++) await joins(`signer${index}@example.org`);
    expect(await advanceGoals()).toBe(2);
    expect(await advanceGoals()).toBe(0);
    expect(await passedGoal(CAMPAIGN_SLUG)).toBeNull();
    for (let index = 2; index < 6; index++) await joins(`signer${index}@example.org`);
    await advanceGoals();
    expect((await campaignFigures(CAMPAIGN_SLUG))?.goal).toBe(8);
    expect(await passedGoal(CAMPAIGN_SLUG)).toBe(4);
    expect((await milestonesOf(CAMPAIGN_SLUG)).map(({ goal, percent }) => [goal, percent])).toEqual([
      [4, 100],
      [4, 75],
      [4, 50],
      [4, 25],
    ]);
    for (let index = 6; index < 9; index++) await joins(`signer${index}@example.org`);
    await advanceGoals();
    expect((await campaignFigures(CAMPAIGN_SLUG))?.goal).toBe(18);
  });
});

describe("public names", () => {
  test("are first names of those who chose to be shown, and none while they are few", async () => {
    await joins("hidden@example.org", { name: "Hidden Person" });
    for (let index = 0; index < 9; index++)
      await joins(`signer${index}@example.org`, { name: `Laila${index} Haidari`, publicName: "yes" });
    await refreshSupporters();
    expect(await supporters(CAMPAIGN_SLUG)).toEqual([]);
    await joins("last@example.org", { name: "Nadia Anjuman", publicName: "yes" });
    await refreshSupporters();
    const shown = await supporters(CAMPAIGN_SLUG);
    expect(shown).toContain("Nadia");
    expect(shown).toHaveLength(10);
    expect(shown.join(" ")).not.toMatch(/Anjuman|Haidari|Hidden/);
  });

  test("are in alphabetical order, and chosen again only after a step of ten", async () => {
    for (const name of [
      "Zarmina",
      "Bahar",
      "Laila",
      "Arzo",
      "Nadia",
      "Mina",
      "Hawa",
      "Soraya",
      "Farah",
      "Gul",
    ])
      await joins(`${name}@example.org`, { name, publicName: "yes" });
    await refreshSupporters();
    const shown = await supporters(CAMPAIGN_SLUG);
    expect(shown).toEqual([...shown].sort());
    await joins("late@example.org", { name: "Late", publicName: "yes" });
    await refreshSupporters();
    expect(await supporters(CAMPAIGN_SLUG)).toEqual(shown);
    expect((await shownNames(CAMPAIGN_SLUG)).map(({ name }) => name)).toEqual(shown);
  });

  test("are the first letter alone of those who chose that on their own page", async () => {
    for (let index = 0; index < 9; index++)
      await joins(`signer${index}@example.org`, { name: `Laila${index} Haidari`, publicName: "yes" });
    const { token } = await joins("last@example.org", { name: "زرغونه کرګر", publicName: "yes" });
    const fields = { name: "زرغونه کرګر", country: "AF", locale: "ps", publicName: "yes" };
    await refreshSupporters();
    expect((await correct(token, { ...fields, publicInitial: "yes" })).kind).toBe("done");
    expect(await supporters(CAMPAIGN_SLUG)).toContain("ز.");
    await correct(token, fields);
    expect(await supporters(CAMPAIGN_SLUG)).toContain("زرغونه");
  });
});

describe("a campaign's own rules", () => {
  test("limit which sites may frame its form", async () => {
    expect(await allowedOrigins(CAMPAIGN_SLUG)).toBe("any-may-frame");
    expect(frameAncestors("any-may-frame")).toBe("*");
    await setAllowedOrigins(CAMPAIGN_SLUG, ["https://news.example"]);
    const allowed = await allowedOrigins(CAMPAIGN_SLUG);
    expect(allowed).toEqual(["https://news.example"]);
    expect(frameAncestors(allowed ?? [])).toBe("https://news.example");
    await setAllowedOrigins(CAMPAIGN_SLUG, []);
    expect(frameAncestors((await allowedOrigins(CAMPAIGN_SLUG)) ?? "any-may-frame")).toBe("'none'");
    expect(await allowedOrigins("no-such-campaign")).toBeNull();
  });

  test("replace a channel's text, and restore it", async () => {
    const before = await shareTexts(CAMPAIGN_SLUG, "en");
    await setShareText(CAMPAIGN_SLUG, "en", "sms", "Sign this, please.");
    expect(await shareTexts(CAMPAIGN_SLUG, "en")).toEqual({ ...before, sms: "Sign this, please." });
    await setShareText(CAMPAIGN_SLUG, "en", "sms", " ");
    expect(await shareTexts(CAMPAIGN_SLUG, "en")).toEqual(before);
  });

  test("keep the framing site if the campaign lists it, and no other, which a visitor could make up", async () => {
    await signs("zero@example.org", { origin: "https://news.example/story?id=1" });
    await setAllowedOrigins(CAMPAIGN_SLUG, ["https://news.example"]);
    await signs("one@example.org", { origin: "https://news.example/story?id=1" });
    await signs("two@example.org", { origin: "javascript:alert(1)" });
    await signs("three@example.org", { origin: "https://of-one-suspect.example" });
    const origins = (await database().signature.findMany({ orderBy: { id: "asc" } })).map(
      ({ origin }) => origin,
    );
    expect(origins).toEqual([null, "https://news.example", null, null]);
    const sums = await database().shareSum.findMany({ where: { kind: "site" } });
    expect(sums).toMatchObject([{ key: "https://news.example", signed: 1n, confirmed: 0n }]);
  });
});

describe("a setting of an owner on the desk", () => {
  const owner = {
    kind: "account",
    id: crypto.randomUUID(),
    label: "owner@example.org",
    role: "owner",
  } as const;
  const lastEntry = async () => {
    const entry = await database().auditEntry.findFirst({ orderBy: { sequence: "desc" } });
    return entry && { action: entry.action, detail: JSON.parse(entry.detail) };
  };

  const shownGoals = async () => goalFields((await goalsOf(CAMPAIGN_SLUG)) ?? { goal: 0, nextGoals: [] });
  const shownSites = async () => originFields((await allowedOrigins(CAMPAIGN_SLUG)) ?? []);
  const shownTexts = async () =>
    shareTextFields(CAMPAIGN_SLUG, "ps", await ownShareTexts(CAMPAIGN_SLUG, "ps"));

  test("is in the audit log, unless it changes nothing", async () => {
    const goals = await shownGoals();
    const edit = { was: goals, now: { goal: "500", nextGoals: "1 000" } };
    expect(await changeGoals(owner, CAMPAIGN_SLUG, edit)).toEqual({ ok: true });
    expect(await lastEntry()).toEqual({
      action: "campaign.goals",
      detail: { slug: CAMPAIGN_SLUG, goal: 500, nextGoals: [1_000] },
    });
    const sites = { framedBy: "listed", origins: "https://news.example" };
    await changeOrigins(owner, CAMPAIGN_SLUG, { was: await shownSites(), now: sites });
    expect(await allowedOrigins(CAMPAIGN_SLUG)).toEqual(["https://news.example"]);
    const entry = await lastEntry();
    expect(entry).toEqual({
      action: "campaign.origins",
      detail: { slug: CAMPAIGN_SLUG, origins: ["https://news.example"] },
    });
    await changeOrigins(owner, CAMPAIGN_SLUG, { was: sites, now: sites });
    await changeGoals(owner, CAMPAIGN_SLUG, { was: await shownGoals(), now: await shownGoals() });
    expect(await lastEntry()).toEqual(entry);
    const before = await shownTexts();
    await changeShareTexts(owner, CAMPAIGN_SLUG, "ps", {
      was: before,
      now: { ...before, "text.x": "لاسلیک کړئ" },
    });
    expect((await shareTexts(CAMPAIGN_SLUG, "ps")).x).toBe("لاسلیک کړئ");
    expect((await lastEntry())?.detail).toEqual({ slug: CAMPAIGN_SLUG, locale: "ps", x: "لاسلیک کړئ" });
    const own = await shownTexts();
    await changeShareTexts(owner, CAMPAIGN_SLUG, "ps", { was: own, now: { ...own, "text.x": " " } });
    expect(await shownTexts()).toEqual(before);
    expect((await lastEntry())?.detail).toEqual({ slug: CAMPAIGN_SLUG, locale: "ps", x: "" });
    expect(await closeCampaign(owner, CAMPAIGN_SLUG)).toMatchObject({ kind: "closed", version: null });
    expect(await lastEntry()).toEqual({
      action: "campaign.close",
      detail: { slug: CAMPAIGN_SLUG },
    });
    expect((await campaignFigures(CAMPAIGN_SLUG))?.status).toBe("closed");
    expect(await reopenCampaign(owner, CAMPAIGN_SLUG)).toEqual(expect.any(String));
    expect(await reopenCampaign(owner, CAMPAIGN_SLUG)).toBeNull();
    expect((await lastEntry())?.action).toBe("campaign.reopen");
    expect(await takeNewsAway(owner, CAMPAIGN_SLUG, crypto.randomUUID())).toBeNull();
    expect((await lastEntry())?.action).toBe("campaign.reopen");
  });

  test("publishes, corrects and deletes news", async () => {
    const news = { locale: "ur", title: "خبر", text: "متن" } as const;
    await publishNews(owner, CAMPAIGN_SLUG, news);
    const [published] = await campaignUpdates(CAMPAIGN_SLUG, "ur");
    const id = published?.id ?? "";
    expect(published).toMatchObject({ title: "خبر", changedAt: null });
    const { title, text } = news;
    const edit = { was: { title, text }, now: { title: "نئی خبر", text } };
    expect(await correctNews(owner, CAMPAIGN_SLUG, id, edit)).toEqual({ ok: true });
    expect(await campaignUpdates(CAMPAIGN_SLUG, "ur")).toMatchObject([
      { id, title: "نئی خبر", publishedAt: published?.publishedAt, changedAt: expect.any(Date) },
    ]);
    expect(await campaignUpdates(CAMPAIGN_SLUG, "en")).toEqual([]);
    expect(await takeNewsAway(owner, CAMPAIGN_SLUG, id)).toEqual(expect.any(String));
    expect(await hasUpdates(CAMPAIGN_SLUG, "ur")).toBe(false);
  });

  test("cannot touch the news of another campaign", async () => {
    const another = "of-another";
    await database().campaign.create({ data: { id: crypto.randomUUID(), slug: another, goal: 500 } });
    await publishNews(owner, another, { locale: "en", title: "Elsewhere", text: "Text" });
    const id = (await campaignUpdates(another, "en"))[0]?.id ?? "";
    expect(await campaignUpdates(CAMPAIGN_SLUG, "en")).toEqual([]);
    const edit = { was: { title: "Elsewhere", text: "Text" }, now: { title: "Here", text: "Text" } };
    expect(await correctNews(owner, CAMPAIGN_SLUG, id, edit)).toEqual({ ok: false, gone: true });
    expect(await takeNewsAway(owner, CAMPAIGN_SLUG, id)).toBeNull();
    expect(await campaignUpdates(another, "en")).toMatchObject([{ id, title: "Elsewhere" }]);
    const [here, there] = await Promise.all([channelCodes(CAMPAIGN_SLUG, 1), channelCodes(another, 1)]);
    expect(Object.values(here ?? {}).filter((code) => Object.values(there ?? {}).includes(code))).toEqual([]);
    await database().campaign.delete({ where: { slug: another } });
  });

  describe("two people who edit at once", () => {
    test("keep both goals if they changed different fields, and see the other's if not", async () => {
      const was = await shownGoals();
      const [first, second] = [
        { was, now: { ...was, goal: "20,000" } },
        { was, now: { ...was, nextGoals: "30,000" } },
      ];
      const both = await Promise.all([first, second].map((edit) => changeGoals(owner, CAMPAIGN_SLUG, edit)));
      expect(both).toMatchObject([{ ok: true }, { ok: true }]);
      expect(await goalsOf(CAMPAIGN_SLUG)).toEqual({ goal: 20_000, nextGoals: [30_000] });
      const late = { was, now: { ...was, goal: "15,000" } };
      expect(await changeGoals(owner, CAMPAIGN_SLUG, late)).toEqual({
        ok: false,
        theirs: { goal: "20,000" },
      });
      const again = { was: await shownGoals(), now: { ...(await shownGoals()), goal: "15,000" } };
      expect(await changeGoals(owner, CAMPAIGN_SLUG, again)).toMatchObject({ ok: true });
      expect((await goalsOf(CAMPAIGN_SLUG))?.goal).toBe(15_000);
    });

    test("keep a goal that was reached and raised while somebody edited the next ones", async () => {
      const was = await shownGoals();
      await setGoals(CAMPAIGN_SLUG, { goal: 25_000, nextGoals: [50_000] });
      const edit = { was: { ...was, nextGoals: "50,000" }, now: { ...was, nextGoals: "60,000" } };
      expect(await changeGoals(owner, CAMPAIGN_SLUG, edit)).toMatchObject({ ok: true });
      expect(await goalsOf(CAMPAIGN_SLUG)).toEqual({ goal: 25_000, nextGoals: [60_000] });
    });

    test("do not replace a list of sites that somebody else saved", async () => {
      const was = await shownSites();
      const listed = (origins: string) => ({ was, now: { framedBy: "listed", origins } });
      expect(await changeOrigins(owner, CAMPAIGN_SLUG, listed("https://one.example"))).toMatchObject({
        ok: true,
      });
      expect(await changeOrigins(owner, CAMPAIGN_SLUG, listed("https://two.example"))).toEqual({
        ok: false,
        theirs: { origins: "https://one.example" },
      });
      expect(await allowedOrigins(CAMPAIGN_SLUG)).toEqual(["https://one.example"]);
    });

    test("keep both texts, and see the other's if both wrote the same one", async () => {
      const was = await shownTexts();
      const written = (field: string, text: string) =>
        changeShareTexts(owner, CAMPAIGN_SLUG, "ps", { was, now: { ...was, [field]: text } });
      await Promise.all([written("text.x", "یو"), written("text.sms", "دوه")]);
      expect(await ownShareTexts(CAMPAIGN_SLUG, "ps")).toEqual({ x: "یو", sms: "دوه" });
      expect(await written("text.x", "درې")).toEqual({ ok: false, theirs: { "text.x": "یو" } });
      expect(await written("text.email", "م".repeat(501))).toEqual({
        ok: false,
        tooLong: [{ key: "email", length: 501, limit: 500 }],
      });
      await database().$executeRaw`DELETE FROM campaign_text`;
    });

    test("keep both corrections of a piece of news, and see the other's if both changed its title", async () => {
      const words = { title: "News", text: "Text" };
      await publishNews(owner, CAMPAIGN_SLUG, { locale: "en", ...words });
      const id = (await campaignUpdates(CAMPAIGN_SLUG, "en"))[0]?.id ?? "";
      const corrected = (changes: Partial<typeof words>) =>
        correctNews(owner, CAMPAIGN_SLUG, id, { was: words, now: { ...words, ...changes } });
      await Promise.all([corrected({ title: "Good news" }), corrected({ text: "Two families may stay." })]);
      expect(await corrected({ title: "Bad news" })).toEqual({ ok: false, theirs: { title: "Good news" } });
      expect(await campaignUpdates(CAMPAIGN_SLUG, "en")).toMatchObject([
        { title: "Good news", text: "Two families may stay." },
      ]);
      await takeNewsAway(owner, CAMPAIGN_SLUG, id);
    });
  });

  describe("a settings page", () => {
    const post = async (folder: string, fields: Record<string, string>) =>
      deskRoute(`[campaign]/${folder}`).POST(
        posted(`/admin/${CAMPAIGN_SLUG}/${folder}`, await sessionOf("owner"), fields),
      );
    const show = async (folder: string, locale: string) =>
      deskRoute(`[campaign]/${folder}`).GET(
        new Request(`http://localhost/admin/${CAMPAIGN_SLUG}/${folder}?locale=${locale}`, {
          headers: { cookie: await sessionOf("owner") },
        }),
      );

    test("saves, or says what is wrong in words that name the field", async () => {
      const goals = { action: "goals", nextGoals: "", ...withWas(await shownGoals()) };
      expect((await post("settings", { ...goals, goal: "many" })).status).toBe(422);
      expect((await post("settings", { ...goals, goal: "20,000" })).status).toBe(303);
      const late = await post("settings", { ...goals, goal: "30,000" });
      const told = await late.text();
      expect([late.status, told]).toEqual([
        422,
        expect.stringContaining("Goal: somebody else has changed this to “20,000”"),
      ]);
      // Having been told, they may insist.
      const { typed } = z.object({ typed: z.record(z.string(), z.string()) }).parse(JSON.parse(told));
      expect((await post("settings", typed)).status).toBe(303);
      expect((await goalsOf(CAMPAIGN_SLUG))?.goal).toBe(30_000);
      const sites = { action: "origins", framedBy: "listed", "was.framedBy": "any" };
      const wrong = await post("settings", { ...sites, origins: "http://news.example" });
      expect(await wrong.text()).toContain("it must begin with https://");
      const texts = { action: "texts", locale: "en", "text.x": "x".repeat(257) };
      const shown = shareTextFields(CAMPAIGN_SLUG, "en", await ownShareTexts(CAMPAIGN_SLUG, "en"));
      const long = await post("settings", { ...withWas(shown), ...shown, ...texts });
      expect(await long.text()).toContain("X: the text has 257 characters. Shorten it to 256 or fewer.");
    });

    test("shows texts and news in the requested language", async () => {
      await publishNews(owner, CAMPAIGN_SLUG, { locale: "ur", title: "خبر", text: "متن" });
      expect(await (await show("news", "ur")).text()).toContain("خبر");
      expect(await (await show("news", "en")).text()).not.toContain("خبر");
      const page = await (await show("settings", "ur")).text();
      expect(page).toContain('name="locale" value="ur"');
      expect(page).toContain((await shareTexts(CAMPAIGN_SLUG, "ur")).whatsapp.split("\n")[0]);
    });

    test("publishes news once, however often the form is sent", async () => {
      const news = { action: "news", locale: "en", title: "Sent twice", text: "A page was reloaded." };
      const twice = await Promise.all([post("news", news), post("news", news)]);
      expect(twice.map(({ status }) => status).toSorted()).toEqual([303, 410]);
      const published = await campaignUpdates(CAMPAIGN_SLUG, "en");
      expect(published.filter(({ title }) => title === news.title)).toHaveLength(1);
      expect((await post("news", { ...news, text: "Something else." })).status).toBe(303);
      for (const { id } of await campaignUpdates(CAMPAIGN_SLUG, "en"))
        await takeNewsAway(owner, CAMPAIGN_SLUG, id);
    });

    test("publishes news, refuses it without a title, and deletes it with a receipt", async () => {
      const news = { action: "news", locale: "en", title: "News", text: "Two families may stay." };
      expect((await post("news", { ...news, title: " " })).status).toBe(422);
      expect((await post("news", news)).status).toBe(303);
      const id = (await campaignUpdates(CAMPAIGN_SLUG, "en"))[0]?.id ?? "";
      const correction = { action: "correct-news", id, "was.title": "News", "was.text": news.text };
      expect((await post("news", { ...correction, title: "Good news", text: news.text })).status).toBe(303);
      expect((await post("news", { action: "remove-news", id })).status).toBe(200);
      const removed = await post("news", { action: "remove-news", id, confirmed: "yes" });
      expect(removed.headers.get("location")).toMatch(new RegExp(`^/admin/${CAMPAIGN_SLUG}/receipts/`));
      expect((await post("news", { ...correction, title: "x", text: "y" })).status).toBe(410);
    });
  });
});

const withWas = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(values).map(([field, value]) => [`was.${field}`, value]));
