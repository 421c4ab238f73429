import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GET as openByLink, POST as saveByLink } from "@/app/(public)/translate/[token]/route";
import {
  makeTranslatorLink,
  review,
  revokeTranslatorLink,
  save,
  upload,
} from "@/app/admin/[campaign]/translations/[locale]/actions";
import translationPage from "@/app/admin/[campaign]/translations/[locale]/page";
import { add, setLive } from "@/app/admin/[campaign]/translations/actions";
import overviewPage from "@/app/admin/[campaign]/translations/page";
import { GET as download } from "@/app/api/admin/petitions/[slug]/translations/[locale]/route";
import type { ImportReport } from "@/components/admin/translations/Files";
import { loadCampaigns } from "@/lib/campaigns";
import { database } from "@/lib/db/client";
import { hashToken } from "@/lib/db/keyed-hash";
import { discardDraft, exportCampaign, filesOf, importCampaign, saveFiles } from "@/lib/editing";
import { routeClass } from "@/lib/observability";
import { settings } from "@/lib/settings";
import {
  linksOf,
  makeLink,
  openLink,
  progressOf,
  reviewTranslation,
  saveTranslation,
  translationOf,
} from "@/lib/translations";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { send, show } from "@/tests/support/desk-pages";
import { withinFramework } from "@/tests/support/framework";
import { OWNER, sessionOf } from "@/tests/support/session";

useDatabase();

const PAGE = `/admin/${CAMPAIGN_SLUG}/translations/ps`;
const REVIEWER = { ...OWNER, id: "00000000-0000-7000-8000-00000000000a", label: "reviewer@example.org" };
let published: ReadonlyMap<string, string>;

beforeAll(loadCampaigns);
beforeEach(async () => {
  await discardDraft(null, CAMPAIGN_SLUG);
  await database().campaignTranslation.deleteMany({});
  await database().translatorLink.deleteMany({});
  await database().$executeRaw`UPDATE campaign SET four_eyes = false WHERE slug = ${CAMPAIGN_SLUG}`;
  published = (await exportCampaign(CAMPAIGN_SLUG))?.files ?? new Map();
});

const part = async (key: string) => {
  const found = (await translationOf(CAMPAIGN_SLUG, "ps"))?.parts.find((each) => each.key === key);
  if (!found) throw new Error(`there is no ${key}`);
  return found;
};
const write = (path: string, now: string) =>
  saveFiles(OWNER, CAMPAIGN_SLUG, new Map([[path, { was: published.get(path) ?? "", now }]]));
const titled = (path: string, title: string) =>
  write(path, (published.get(path) ?? "").replace(/^title:.*$/m, `title: ${title}`));
const post = async (fields: Record<string, string>, role: Parameters<typeof sessionOf>[0] = "translator") =>
  send(save, { cookie: await sessionOf(role), path: PAGE }, { locale: "ps", ...fields });
const changing = async (key: string, now: string) => {
  const { translation, originalSeen } = await part(key);
  return { [`was.text.${key}`]: translation ?? "", [`text.${key}`]: now, [`seen.${key}`]: originalSeen };
};
const edit = async (key: string, now: string) => [{ key, was: (await part(key)).translation ?? "", now }];
const audited = (action: string) =>
  database().auditEntry.findMany({ where: { action }, orderBy: { sequence: "desc" }, take: 1 });

describe("the state of a part", () => {
  test("of an imported translation is a draft, and is outdated once its original changes", async () => {
    expect(await part("title")).toMatchObject({ state: "draft", changedBy: null });
    await titled("en.md", "Another title");
    expect(await part("title")).toMatchObject({
      state: "outdated",
      madeFrom: "Stop forcing Afghans back to danger",
    });
    expect((await part("summary")).state).toBe("draft");
  });

  test("is a draft again once it is translated anew, and reviewed once somebody checks it", async () => {
    await titled("en.md", "Another title");
    await saveTranslation(OWNER, CAMPAIGN_SLUG, "ps", await edit("title", "بل سرلیک"), {
      action: "translation.save",
    });
    expect(await part("title")).toMatchObject({
      state: "draft",
      changedBy: OWNER.label,
      translation: "بل سرلیک",
    });
    const { seen } = await part("title");
    expect(await reviewTranslation(REVIEWER, CAMPAIGN_SLUG, "ps", [{ key: "title", seen }])).toMatchObject({
      checked: 1,
    });
    expect(await part("title")).toMatchObject({ state: "reviewed", reviewedBy: REVIEWER.label });
    await saveTranslation(OWNER, CAMPAIGN_SLUG, "ps", await edit("title", "دریم سرلیک"), {
      action: "translation.save",
    });
    expect(await part("title")).toMatchObject({ state: "draft", reviewedBy: null });
  });

  test("stays with its text when the original gets a part before it", async () => {
    const { seen } = await part("sections.2.title");
    await reviewTranslation(REVIEWER, CAMPAIGN_SLUG, "ps", [{ key: "sections.2.title", seen }]);
    for (const [path, title] of [
      ["en.md", "New"],
      ["ps.md", "نوی"],
    ] as const)
      await write(path, (published.get(path) ?? "").replace(/^## /m, `## ${title}\n\n${title}.[^K1]\n\n## `));
    expect((await part("sections.3.title")).state).toBe("reviewed");
    expect((await part("sections.2.title")).state).toBe("draft");
  });

  test("can be confirmed without another word where the original changed only a little", async () => {
    await titled("en.md", "Stop forcing Afghans back into danger");
    const { translation } = await part("title");
    const confirmed = await post({ ...(await changing("title", translation ?? "")), "still.title": "yes" });
    expect(confirmed.state).toMatchObject({ kind: "done" });
    expect((await part("title")).state).toBe("draft");
  });
});

describe("checking", () => {
  test("is for somebody else where two people are asked for", async () => {
    await database().$executeRaw`UPDATE campaign SET four_eyes = true WHERE slug = ${CAMPAIGN_SLUG}`;
    await saveTranslation(OWNER, CAMPAIGN_SLUG, "ps", await edit("title", "بل سرلیک"), {
      action: "translation.save",
    });
    const checks = [{ key: "title", seen: (await part("title")).seen }];
    expect(await reviewTranslation(OWNER, CAMPAIGN_SLUG, "ps", checks)).toMatchObject({
      checked: 0,
      own: ["title"],
    });
    expect(await reviewTranslation(REVIEWER, CAMPAIGN_SLUG, "ps", checks)).toMatchObject({
      checked: 1,
      own: [],
    });
  });

  test("holds for the words that were read, and no others", async () => {
    const { seen } = await part("title");
    await titled("ps.md", "بل سرلیک");
    expect(await reviewTranslation(REVIEWER, CAMPAIGN_SLUG, "ps", [{ key: "title", seen }])).toMatchObject({
      checked: 0,
      changed: ["title"],
    });
  });

  test("of all parts that are shown is one press", async () => {
    const shown = ((await translationOf(CAMPAIGN_SLUG, "ps"))?.parts ?? []).filter(
      ({ translation }) => translation !== null,
    );
    const cookie = await sessionOf("reviewer");
    const fields = {
      locale: "ps",
      decision: "all",
      shown: shown.map(({ key, seen }) => `${key}=${seen}`).join(" "),
    };
    const { state } = await send(review, { cookie, path: PAGE }, fields);
    expect(state).toMatchObject({ kind: "done" });
    expect(
      (await progressOf(CAMPAIGN_SLUG))?.languages.find(({ locale }) => locale === "ps")?.counts,
    ).toMatchObject({
      draft: 0,
      reviewed: shown.length,
    });
  });
});

describe("saving", () => {
  test("refuses a translation that lost or invented a footnote, by name, and keeps what was typed", async () => {
    const lost = "پرته له نښې";
    const { state } = await post(await changing("summary", lost));
    expect(state).toMatchObject({ kind: "invalid", typed: { "text.summary": lost } });
    expect(JSON.stringify(state)).toContain("[^K2]");
    const { translation } = await part("summary");
    const invented = await post(await changing("summary", `${translation}[^K99]`));
    expect(JSON.stringify(invented.state)).toContain("[^K99]");
    expect((await part("summary")).translation).toBe(translation);
  });

  test("tells of what somebody else has saved meanwhile, and replaces it when it is sent again", async () => {
    const fields = await changing("title", "زما سرلیک");
    await titled("ps.md", "د بل چا سرلیک");
    const first = await post(fields);
    expect(first.state).toMatchObject({ kind: "invalid" });
    const typed = first.state?.kind === "invalid" ? first.state.typed : {};
    expect((await post({ ...typed })).state).toMatchObject({ kind: "done" });
    expect((await part("title")).translation).toBe("زما سرلیک");
  });

  test("asks to look again if the original changed while it was translated", async () => {
    const fields = await changing("title", "زما سرلیک");
    await titled("en.md", "Another title");
    expect(JSON.stringify((await post(fields)).state)).toContain("the original is another one by now");
  });

  test("gives a missing part its place", async () => {
    await write("ps.md", "---\ntitle: یو\n---\n");
    expect((await part("sections.3.points.1.2")).state).toBe("missing");
    const { original } = await part("sections.3.points.1.2");
    const saved = await post(
      await changing("sections.3.points.1.2", `ژباړه ${original.match(/\[\^.*$/)?.[0]}`),
    );
    expect(saved.state).toMatchObject({ kind: "done" });
    expect((await part("sections.3.points.1.2")).state).toBe("draft");
    expect((await part("sections.3.points.1.1")).state).toBe("missing");
    expect((await part("title")).translation).toBe("یو");
  });

  test("is on record for each save", async () => {
    await post(await changing("title", "بل سرلیک"));
    expect(await audited("translation.save")).toMatchObject([{ actorKind: "account" }]);
    expect(
      await database().auditEntry.count({ where: { action: "translation.save", actorKind: "system" } }),
    ).toBe(0);
  });
});

describe("the pages", () => {
  const open = async (query: Record<string, string>, role: Parameters<typeof sessionOf>[0]) =>
    show(
      translationPage,
      { cookie: await sessionOf(role), path: `${PAGE}?${new URLSearchParams(query)}` },
      {
        params: Promise.resolve({ campaign: CAMPAIGN_SLUG, locale: "ps" }),
        searchParams: Promise.resolve(query),
      },
    );

  test("show both languages in their directions, and forms to those who may use them", async () => {
    const { html, status } = await open({}, "translator");
    expect(status).toBe(200);
    expect(html).toContain('class="version" lang="en" dir="ltr"');
    expect(html).toMatch(/<textarea[^>]* lang="ps" dir="rtl"/);
    expect([
      html.includes("Save the draft"),
      html.includes("are right"),
      html.includes("Make a link"),
    ]).toEqual([true, false, false]);
    const checker = (await open({}, "reviewer")).html;
    expect([checker.includes("<textarea"), checker.includes("are right")]).toEqual([false, true]);
  });

  test("show only what needs work if the address says so, and what has changed in the original", async () => {
    const all = (await translationOf(CAMPAIGN_SLUG, "ps"))?.parts ?? [];
    const checks = all.filter(({ translation, key }) => translation !== null && key !== "title");
    await reviewTranslation(REVIEWER, CAMPAIGN_SLUG, "ps", checks);
    await titled("en.md", "Stop forcing people back to danger");
    const { html } = await open({ only: "work" }, "translator");
    expect(html.match(/<textarea/g)).toHaveLength(1);
    expect(html).toMatch(/<del>Afghans<\/del>.*<ins>people<\/ins>|<ins>people<\/ins>.*<del>Afghans<\/del>/);
    expect(html).toContain("Only what needs work");
  });

  test("a translator can neither publish nor read a name", async () => {
    const cookie = await sessionOf("translator");
    const { sendToReview, publishNow } = await import("@/app/admin/[campaign]/versions/actions");
    for (const action of [publishNow, sendToReview]) {
      const refused = await send(
        action,
        { cookie, path: `/admin/${CAMPAIGN_SLUG}/versions` },
        { revision: "1" },
      );
      expect(refused.status).toBe(403);
    }
    const { default: names } = await import("@/app/admin/[campaign]/signatories/page");
    const props = { params: Promise.resolve({ campaign: CAMPAIGN_SLUG }), searchParams: Promise.resolve({}) };
    expect((await show(names, { cookie, path: `/admin/${CAMPAIGN_SLUG}/signatories` }, props)).status).toBe(
      403,
    );
  });

  test("list the languages with how much is left, and add one", async () => {
    const cookie = await sessionOf("editor");
    const path = `/admin/${CAMPAIGN_SLUG}/translations`;
    await write("campaign.yaml", (published.get("campaign.yaml") ?? "").replace(", ps]", "]"));
    await saveFiles(
      OWNER,
      CAMPAIGN_SLUG,
      new Map([["ps.md", { was: published.get("ps.md") ?? "", now: "" }]]),
    );
    const props = { params: Promise.resolve({ campaign: CAMPAIGN_SLUG }), searchParams: Promise.resolve({}) };
    expect((await show(overviewPage, { cookie, path }, props)).html).toContain('<option value="ps"');
    expect((await send(add, { cookie, path }, { locale: "ps" })).state).toMatchObject({ kind: "done" });
    const progress = await progressOf(CAMPAIGN_SLUG);
    const pashto = progress?.languages.find(({ locale }) => locale === "ps");
    expect([pashto?.unfinished, pashto?.counts.draft]).toEqual([true, 0]);
    expect(pashto?.counts.missing).toBeGreaterThan(50);
    const files = (await filesOf(CAMPAIGN_SLUG, "draft")) ?? new Map();
    expect(await importCampaign(null, files, new Map(), {})).toMatchObject({ kind: "unchanged" });
    expect((await send(setLive, { cookie, path }, { locale: "ps", finished: "yes" })).state).toMatchObject({
      kind: "failed",
      title: "Parts are missing",
    });
    const editor = await sessionOf("translator");
    expect((await send(add, { cookie: editor, path }, { locale: "ps" })).status).toBe(403);
  });
});

describe("a translator’s link", () => {
  const asked = (token: string, body?: Record<string, string>, query = "") =>
    [
      new Request(`${settings().siteUrl}/translate/${token}${query}`, {
        method: body ? "POST" : "GET",
        headers: { origin: settings().siteUrl, accept: "text/html" },
        ...(body ? { body: new URLSearchParams(body) } : {}),
      }),
      { params: Promise.resolve({ token }) },
    ] as const;
  const made = async (days = 7) => {
    const link = await makeLink(OWNER, CAMPAIGN_SLUG, "ps", { name: "Zarghuna", days });
    if (link.kind !== "made") throw new Error(link.kind);
    return link.token;
  };

  test("is shown once, and only its hash is kept", async () => {
    const cookie = await sessionOf("owner");
    const fields = { locale: "ps", name: "Zarghuna", days: "7" };
    const { state } = await send(makeTranslatorLink, { cookie, path: PAGE }, fields);
    const token = state?.kind === "done" ? (state.secret?.text.split("/").at(-1) ?? "") : "";
    const [row] = await database().translatorLink.findMany();
    expect(Buffer.from(row?.hash ?? []).equals(hashToken(token))).toBe(true);
    expect(JSON.stringify(row)).not.toContain(token);
    expect((await audited("translation.link")).map(({ detail }) => detail).join()).not.toContain(token);
    for (const days of ["0", "61", "1.5", ""])
      expect(
        (await send(makeTranslatorLink, { cookie, path: PAGE }, { ...fields, days })).state,
      ).toMatchObject({
        kind: "invalid",
      });
  });

  test("opens its language without a script, and nothing of another", async () => {
    const answer = await openByLink(...asked(await made()));
    const html = await answer.text();
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(html).not.toContain("<script");
    expect(html).toMatch(/<textarea[^>]* lang="ps" dir="rtl"/);
    expect(html).not.toContain('lang="ur" dir="rtl">');
  });

  test("saves as its name, refuses a lost footnote with what was typed, and cannot do more", async () => {
    const token = await made();
    const saved = await saveByLink(...asked(token, await changing("title", "بل سرلیک")));
    expect([saved.status, saved.headers.get("location")]).toEqual([303, `/translate/${token}?saved`]);
    expect(await part("title")).toMatchObject({
      translation: "بل سرلیک",
      changedBy: "Zarghuna (translator’s link)",
    });
    expect(await audited("translation.save")).toMatchObject([
      { actorKind: "link", actorLabel: "Zarghuna (translator’s link)" },
    ]);
    const refused = await saveByLink(...asked(token, await changing("summary", "پرته له نښې")));
    const html = await refused.text();
    expect([refused.status, html.includes("پرته له نښې"), html.includes("[^K2]")]).toEqual([422, true, true]);
    expect((await exportCampaign(CAMPAIGN_SLUG))?.files.get("ps.md")).toBe(published.get("ps.md"));
  });

  test("is counted under no address of its own, and its page tells others nothing of it", async () => {
    const token = await made();
    expect(routeClass(`/translate/${token}`)).toBe("other");
    const html = await (await openByLink(...asked(token))).text();
    expect(html.match(/(?:href|src|action)="(?!\/|mailto:|#)[^"]*"/g) ?? []).toEqual([]);
    expect(html).toContain('<meta name="robots" content="noindex"');
  });

  test("is no page once it has ended or is revoked", async () => {
    const ended = await made();
    await database().translatorLink.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
    expect((await openByLink(...asked(ended))).status).toBe(404);
    const revoked = await made();
    const [link] = await linksOf(CAMPAIGN_SLUG, "ps");
    const cookie = await sessionOf("owner");
    expect(
      (await send(revokeTranslatorLink, { cookie, path: PAGE }, { link: link?.id ?? "" })).state,
    ).toMatchObject({
      kind: "done",
    });
    expect((await openByLink(...asked(revoked))).status).toBe(404);
    expect((await saveByLink(...asked(revoked, { "text.title": "x" }))).status).toBe(404);
    expect(await openLink("never-made")).toBeNull();
    expect(await audited("translation.revoke-link")).toHaveLength(1);
  });
});

describe("a file for translators’ tools", () => {
  const fetched = async (format: string) => {
    const request = new Request(
      `${settings().siteUrl}/api/admin/petitions/${CAMPAIGN_SLUG}/translations/ps?format=${format}`,
      { headers: { cookie: await sessionOf("translator"), "sec-fetch-site": "same-origin" } },
    );
    const params = Promise.resolve({ slug: CAMPAIGN_SLUG, locale: "ps" });
    return withinFramework(request, () => download(request, { params }));
  };
  const uploaded = async (file: string) => {
    const cookie = await sessionOf("translator");
    const fields = { locale: "ps", file: new File([file], "translated") };
    const { state } = await send<ImportReport>(upload, { cookie, path: PAGE }, fields);
    return state?.kind === "found" ? state.result : state;
  };

  test.each(["xliff", "po"])("%s comes out and goes in without a change", async (format) => {
    const answer = await fetched(format);
    expect(answer.headers.get("content-disposition")).toContain("attachment");
    expect(await uploaded(await answer.text())).toEqual({ saved: 0, refused: [] });
    expect(await filesOf(CAMPAIGN_SLUG, "draft")).toBeNull();
  });

  test("says what it cannot take, and saves the rest in one go", async () => {
    await titled("en.md", "Another title");
    const file = await (await fetched("po")).text();
    const draft = (await filesOf(CAMPAIGN_SLUG, "draft"))?.get("en.md") ?? "";
    const now = draft.replace(
      /^ {2}Amnesty International has asked it to stop/m,
      "  Amnesty has asked it to stop",
    );
    await saveFiles(OWNER, CAMPAIGN_SLUG, new Map([["en.md", { was: draft, now }]]));
    const { translation } = await part("title");
    const changed = file
      .replace(`msgstr "${translation}"`, 'msgstr "بل سرلیک"')
      .replace('msgctxt "call.to"', 'msgctxt "call.points.77"')
      .replace(/(msgctxt "summary"\n(?:.*\n)*?msgstr ")/, "$1نوی ")
      .replace(/(msgctxt "call.points.1"\n(?:.*\n)*?msgstr ").*(?=")/, "$1پرته له نښې");
    const report = await uploaded(changed);
    expect(report).toMatchObject({ saved: 1 });
    const told = JSON.stringify(report);
    expect(told).toContain("a part that is gone");
    expect(told).toContain("the original is another one by now");
    expect(told).toContain("the translation lacks [^K21] and [^K33]");
    expect(await part("title")).toMatchObject({ translation: "بل سرلیک", state: "draft" });
    expect(await audited("translation.import")).toHaveLength(1);
  });

  test("that declares entities is refused", async () => {
    const file = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><xliff version="1.2"/>';
    expect(await uploaded(file)).toMatchObject({ kind: "invalid" });
  });
});
