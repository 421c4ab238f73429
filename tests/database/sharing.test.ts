import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  changeGoals,
  changeOrigins,
  changeShareTexts,
  closeCampaign,
  reopenCampaign,
  takeNewsAway,
  writeNews,
} from "@/lib/admin/campaign";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import { database } from "@/lib/db/client";
import { sendOnce } from "@/lib/mail";
import {
  advanceGoals,
  allowedOrigins,
  busiestCodes,
  campaignUpdates,
  channelCodes,
  countVisit,
  followCode,
  frameAncestors,
  hasUpdates,
  isPreviewFetcher,
  milestonesOf,
  passedGoal,
  reachOf,
  recentSupporters,
  setAllowedOrigins,
  setGoals,
  setShareText,
  shareTexts,
  signaturesByOrigin,
  treeOf,
} from "@/lib/sharing";
import { correct, erase, heldSignature, requestAccess, withdraw } from "@/lib/signatory";
import { campaignFigures, checkSignatureForm, confirm, sign } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CapturingTransport, tokenIn } from "@/tests/support/capturing-transport";

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

/** Signs, confirms, and returns the token of the signer's own page and their share code. */
async function joins(email: string, changes: Record<string, string> = {}) {
  await signs(email, changes);
  await drain();
  await confirm(tokenIn(transport.last(email).text, "confirm"));
  await drain();
  const token = tokenIn(transport.last(email).text, "signature");
  const code = (await heldSignature(token))?.share?.code ?? "";
  expect(code).toMatch(/^[a-z0-9]{10}$/);
  return { token, code };
}

beforeAll(() => drain());
beforeEach(async () => {
  await database().$executeRaw`DELETE FROM signature`;
  await database().$executeRaw`DELETE FROM suppression`;
  await database().$executeRaw`DELETE FROM share_code`;
  await database().$executeRaw`DELETE FROM campaign_milestone`;
  await database().$executeRaw`UPDATE campaign SET goal = 10000, allowed_origins = NULL`;
  transport.sent.length = 0;
});

describe("a share code", () => {
  test("counts who came and signed through it, and through everyone they brought", async () => {
    const first = await joins("first@example.org");
    const second = await joins("second@example.org", { ref: first.code });
    const third = await joins("third@example.org", { ref: second.code });
    await signs("waiting@example.org", { ref: third.code });
    for (let visit = 0; visit < 5; visit++) await countVisit(first.code);
    expect(await reachOf(first.code)).toEqual({
      visits: 5,
      signatures: 1,
      confirmed: 1,
      tree: 2,
      steps: [1, 1],
    });
    expect(await reachOf(second.code)).toMatchObject({ signatures: 1, confirmed: 1, tree: 1, steps: [1] });
    expect(await reachOf(third.code)).toMatchObject({ signatures: 1, confirmed: 0, tree: 0, steps: [] });
    expect((await heldSignature(first.token))?.share?.reach.tree).toBe(2);
    const tree = await treeOf(CAMPAIGN_SLUG, first.code);
    expect(tree.map(({ code, parent, step, confirmed }) => [code, parent, step, confirmed])).toEqual([
      [first.code, null, 1, 1],
      [second.code, first.code, 2, 1],
      [third.code, second.code, 3, 0],
    ]);
    expect(await treeOf(CAMPAIGN_SLUG, "nosuchcode")).toEqual([]);
  });

  test("goes on leading to the petition, and its tree stays whole, when its signer withdraws", async () => {
    const first = await joins("first@example.org");
    const second = await joins("second@example.org", { ref: first.code });
    await joins("third@example.org", { ref: second.code });
    await withdraw(second.token);
    expect(await followCode(second.code)).toEqual({ slug: CAMPAIGN_SLUG, locale: "en" });
    expect(await reachOf(first.code)).toMatchObject({ signatures: 0, confirmed: 0, tree: 1, steps: [0, 1] });
  });

  test("that does not exist is not kept with a signature", async () => {
    await signs("laila@example.org", { ref: "nosuchcode" });
    expect((await database().signature.findFirst())?.ref).toBeNull();
    expect(await followCode("nosuchcode")).toBeNull();
  });

  test("stands for one channel in one language, and is made once", async () => {
    const made = await Promise.all([channelCodes(CAMPAIGN_SLUG, "ur"), channelCodes(CAMPAIGN_SLUG, "ur")]);
    const codes = await channelCodes(CAMPAIGN_SLUG, "ur");
    expect(made).toEqual([codes, codes]);
    expect(await followCode(codes?.whatsapp ?? "")).toEqual({ slug: CAMPAIGN_SLUG, locale: "ur" });
    await signs("laila@example.org", { ref: codes?.telegram ?? "" });
    expect(await busiestCodes(CAMPAIGN_SLUG)).toEqual([
      { code: codes?.telegram, channel: "telegram", locale: "ur", visits: 0, signatures: 1, confirmed: 0 },
    ]);
    expect(await channelCodes("no-such-campaign", "ur")).toBeNull();
  });
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
])("%s fetches previews: %s", (userAgent, fetches) => {
  expect(isPreviewFetcher(userAgent)).toBe(fetches);
});

describe("the signer's own page", () => {
  test("shows what is held, and keeps corrections sealed", async () => {
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

  test("changes nothing for what is wrong, and nothing for another kind of token", async () => {
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

  test("takes a signature back whole, and off the count", async () => {
    const { token } = await joins("zarghuna@example.org");
    expect((await withdraw(token)).kind).toBe("done");
    expect(await database().signature.count()).toBe(0);
    expect(await database().mail.count()).toBe(0);
    expect(await database().token.count()).toBe(0);
    expect((await campaignFigures(CAMPAIGN_SLUG))?.count).toBe(0);
    expect(await database().suppression.count()).toBe(0);
  });

  test("erases: who signs again later does so as if for the first time", async () => {
    const { token } = await joins("zarghuna@example.org");
    await erase(token);
    expect(await database().signature.count()).toBe(0);
    expect(await database().suppression.count()).toBe(0);
    await joins("zarghuna@example.org");
    expect((await campaignFigures(CAMPAIGN_SLUG))?.count).toBe(1);
  });

  test("erases, and is never written to again when that is ticked", async () => {
    const { token } = await joins("zarghuna@example.org");
    await erase(token, { neverWrite: true });
    expect(await database().signature.count()).toBe(0);
    expect((await database().suppression.findMany()).map(({ reason }) => reason)).toEqual(["erased"]);
    transport.sent.length = 0;
    await signs("zarghuna@example.org");
    await drain();
    expect(transport.sent).toEqual([]);
  });
});

describe("a lost link", () => {
  test("is mailed to the signer, once an hour, also after closing; to nobody else", async () => {
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
  test("are first names of those who chose it, and none while they are few", async () => {
    await joins("hidden@example.org", { name: "Hidden Person" });
    for (let index = 0; index < 9; index++)
      await joins(`signer${index}@example.org`, { name: `Laila${index} Haidari`, publicName: "yes" });
    expect(await recentSupporters(CAMPAIGN_SLUG)).toEqual([]);
    await joins("last@example.org", { name: "Nadia Anjuman", publicName: "yes" });
    const shown = await recentSupporters(CAMPAIGN_SLUG);
    expect(shown[0]).toBe("Nadia");
    expect(shown).toHaveLength(10);
    expect(shown.join(" ")).not.toMatch(/Anjuman|Haidari|Hidden/);
  });

  test("are the first letter alone of whoever chose that on their own page", async () => {
    for (let index = 0; index < 10; index++)
      await joins(`signer${index}@example.org`, { name: `Laila${index} Haidari`, publicName: "yes" });
    const { token } = await joins("last@example.org", { name: "زرغونه کرګر", publicName: "yes" });
    const fields = { name: "زرغونه کرګر", country: "AF", locale: "ps", publicName: "yes" };
    expect((await correct(token, { ...fields, publicInitial: "yes" })).kind).toBe("done");
    expect((await recentSupporters(CAMPAIGN_SLUG))[0]).toBe("ز.");
    await correct(token, fields);
    expect((await recentSupporters(CAMPAIGN_SLUG))[0]).toBe("زرغونه");
  });
});

describe("a campaign's own rules", () => {
  test("say which sites may frame its form", async () => {
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

  test("replace a channel's text, and give it back", async () => {
    const before = await shareTexts(CAMPAIGN_SLUG, "en");
    await setShareText(CAMPAIGN_SLUG, "en", "sms", "Sign this, please.");
    expect(await shareTexts(CAMPAIGN_SLUG, "en")).toEqual({ ...before, sms: "Sign this, please." });
    await setShareText(CAMPAIGN_SLUG, "en", "sms", " ");
    expect(await shareTexts(CAMPAIGN_SLUG, "en")).toEqual(before);
  });

  test("the site that framed the form is kept, ours and nonsense are not", async () => {
    await signs("one@example.org", { origin: "https://news.example/story?id=1" });
    await signs("two@example.org", { origin: "javascript:alert(1)" });
    await signs("three@example.org", { origin: "http://localhost:3000" });
    const origins = (await database().signature.findMany({ orderBy: { id: "asc" } })).map(
      ({ origin }) => origin,
    );
    expect(origins).toEqual(["https://news.example", null, null]);
    expect(await signaturesByOrigin(CAMPAIGN_SLUG)).toEqual([
      { origin: "https://news.example", signatures: 1, confirmed: 0 },
    ]);
  });
});

describe("what an owner sets on the desk", () => {
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

  test("is in the audit log, and what changes nothing is not", async () => {
    await changeGoals(owner, CAMPAIGN_SLUG, { goal: 500, nextGoals: [1_000] });
    expect(await lastEntry()).toEqual({
      action: "campaign.goals",
      detail: { slug: CAMPAIGN_SLUG, goal: 500, nextGoals: [1_000] },
    });
    await changeOrigins(owner, CAMPAIGN_SLUG, ["https://news.example"]);
    expect((await lastEntry())?.action).toBe("campaign.origins");
    await changeShareTexts(owner, CAMPAIGN_SLUG, "ps", { x: "لاسلیک کړئ" });
    expect((await shareTexts(CAMPAIGN_SLUG, "ps")).x).toBe("لاسلیک کړئ");
    await changeShareTexts(owner, CAMPAIGN_SLUG, "ps", { x: "" });
    expect((await shareTexts(CAMPAIGN_SLUG, "ps")).x).not.toBe("لاسلیک کړئ");
    expect(await closeCampaign(owner, CAMPAIGN_SLUG)).toBe(true);
    expect(await lastEntry()).toEqual({ action: "campaign.close", detail: { slug: CAMPAIGN_SLUG } });
    expect((await campaignFigures(CAMPAIGN_SLUG))?.status).toBe("closed");
    expect(await reopenCampaign(owner, CAMPAIGN_SLUG)).toBe(true);
    expect(await reopenCampaign(owner, CAMPAIGN_SLUG)).toBe(false);
    expect((await lastEntry())?.action).toBe("campaign.reopen");
    expect(await takeNewsAway(owner, CAMPAIGN_SLUG, crypto.randomUUID())).toBe(false);
    expect((await lastEntry())?.action).toBe("campaign.reopen");
  });

  test("as news is published, corrected in its place, and taken away", async () => {
    const news = { locale: "ur", title: "خبر", text: "متن" } as const;
    expect(await writeNews(owner, CAMPAIGN_SLUG, news, null)).toBe(true);
    const [published] = await campaignUpdates(CAMPAIGN_SLUG, "ur");
    const id = published?.id ?? "";
    expect(published).toMatchObject({ title: "خبر", changedAt: null });
    expect(await writeNews(owner, CAMPAIGN_SLUG, { ...news, title: "نئی خبر" }, id)).toBe(true);
    expect(await campaignUpdates(CAMPAIGN_SLUG, "ur")).toMatchObject([
      { id, title: "نئی خبر", publishedAt: published?.publishedAt, changedAt: expect.any(Date) },
    ]);
    expect(await campaignUpdates(CAMPAIGN_SLUG, "en")).toEqual([]);
    expect(await takeNewsAway(owner, CAMPAIGN_SLUG, id)).toBe(true);
    expect(await hasUpdates(CAMPAIGN_SLUG, "ur")).toBe(false);
  });
});
