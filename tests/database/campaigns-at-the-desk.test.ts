import { beforeEach, describe, expect, test } from "vitest";
import { campaignNamed, contentFor, loadCampaigns } from "@/lib/campaigns";
import { database } from "@/lib/db/client";
import { readCampaign, textIn, withText } from "@/lib/document";
import {
  createCampaign,
  filesOf,
  importCampaign,
  publishDue,
  saveFiles,
  submit,
  versionsOf,
} from "@/lib/editing";
import { signersByVersion } from "@/lib/editing/signers";
import { LOCALES } from "@/lib/i18n/locales";
import { checkSignatureForm, sign } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { posted } from "@/tests/support/desk";
import { deskRoute, handlerOf } from "@/tests/support/routes";
import { liveSession, memberOf, OWNER, sessionOf } from "@/tests/support/session";
import { campaignFiles } from "@/tests/support/small-campaign";

useDatabase();

let slug = "";
let made = 0;
beforeEach(() => {
  made += 1;
  slug = `wells-${made}`;
});

type Answer = { status: number; location: string | null; html: string };

async function read(response: Response): Promise<Answer> {
  return {
    status: response.status,
    location: response.headers.get("location"),
    html: (await response.text()).replaceAll("<!-- -->", ""),
  };
}

/** Opens a page of the desk. */
async function open(
  folder: string,
  cookie: string,
  path = folder.replace("[campaign]", slug),
): Promise<Answer> {
  return read(
    await deskRoute(folder).GET(new Request(`http://localhost/admin/${path}`, { headers: { cookie } })),
  );
}

/** Sends a form of the desk, with its question answered. */
async function send(
  folder: string,
  cookie: string,
  action: string,
  fields: Record<string, string> = {},
  confirmed = true,
): Promise<Answer> {
  const form = { action, ...fields, ...(confirmed ? { confirmed: "yes" } : {}) };
  return read(
    await deskRoute(folder).POST(posted(`/admin/${folder.replace("[campaign]", slug)}`, cookie, form)),
  );
}

const VERSIONS = "[campaign]/versions";
const SETTINGS = "[campaign]/settings";
const draftOf = async () => (await versionsOf(slug)).find(({ number }) => number === null);
const revision = async () => ({ revision: String((await draftOf())?.revision ?? 0) });
const campaign = () => database().campaign.findUniqueOrThrow({ where: { slug } });

async function published(texts: Parameters<typeof campaignFiles>[1] = {}): Promise<void> {
  const files = campaignFiles(slug, texts);
  const imported = await importCampaign(null, files, new Map(), { publish: true });
  expect(imported.kind).toBe("imported");
  await loadCampaigns();
}

/** Saves a draft in which the demand says something else, by somebody. */
async function changesDemand(to: string, by = OWNER): Promise<void> {
  const [newest] = await versionsOf(slug);
  const was = (await filesOf(slug, newest?.number ?? "draft"))?.get("en.md") ?? "";
  const now = was.replace(/^(?:Dig|Build) .*$/m, to);
  expect(now).not.toBe(was);
  expect((await saveFiles(by, slug, new Map([["en.md", { was, now }]]))).kind).toBe("saved");
}

async function signs(email: string): Promise<void> {
  const checked = checkSignatureForm({ name: "Nur Jan", email, country: "AF", consent: "yes", locale: "en" });
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  expect((await sign(slug, checked.request)).kind).toBe("pending");
}

describe("a new campaign", () => {
  const create = (cookie: string, fields: Record<string, string>) =>
    send("", cookie, "create", { language: "en", from: "", slug: "", ...fields });

  test("is made from a title, with an address that fits it, and leads to its first steps", async () => {
    const cookie = await sessionOf("editor");
    const first = await create(cookie, { title: "  Halt  the “Expulsions”, now: Über-all! " });
    expect(first.location).toBe("/admin/halt-the-expulsions-now-uber-all");
    const again = await create(cookie, { title: "Halt the expulsions, now: uber all" });
    expect(again.location).toBe("/admin/halt-the-expulsions-now-uber-all-2");
    slug = "halt-the-expulsions-now-uber-all";
    const { html, status } = await open("[campaign]", cookie);
    expect(status).toBe(200);
    for (const told of [
      "Halt the “Expulsions”, now: Über-all!",
      "This campaign is a draft",
      `/admin/${slug}/text`,
    ])
      expect(html).toContain(told);
  });

  test("with a title in another script gets an address of Latin letters", async () => {
    const answer = await create(await sessionOf("owner"), { title: "روکو", language: "ur" });
    expect(answer.location).toMatch(/^\/admin\/campaign(-\d+)?$/);
    slug = answer.location?.split("/").at(-1) ?? "";
    const files = await filesOf(slug, "draft");
    expect([...(files?.keys() ?? [])]).toContain("ur.md");
    expect(textIn(files?.get("ur.md") ?? "", "title")).toBe("روکو");
  });

  test.each(LOCALES)(
    "in %s begins with a template that says what it lacks, if anything, in its own file",
    async (language) => {
      await createCampaign(null, slug, undefined, { language, title: "Wells: now" });
      const files = await filesOf(slug, "draft");
      const read = readCampaign(files ?? new Map());
      const elsewhere = read.ok ? [] : read.faults.filter(({ file }) => file !== `${language}.md`);
      expect(elsewhere).toEqual([]);
      if (language === "en") expect(read.ok).toBe(true);
    },
  );

  test("is refused at the field if its address is taken or the site's own, with one that is free", async () => {
    const cookie = await sessionOf("owner");
    const before = await database().campaign.count();
    const taken = await create(cookie, { title: "Wells", slug: CAMPAIGN_SLUG });
    expect(taken.status).toBe(422);
    for (const told of ['"field":"slug"', `${CAMPAIGN_SLUG}-2 is free`, '"title":"Wells"'])
      expect(taken.html).toContain(told);
    const reserved = await create(cookie, { title: "Wells", slug: "Settings" });
    expect(reserved.html).toContain("settings is used by the site itself. settings-2 is free.");
    const form = await create(cookie, { title: "Wells", slug: "no spaces, please" });
    expect(form.html).toContain("no-spaces-please is free");
    expect((await create(cookie, { title: " " })).html).toContain("write 1 to 200 characters");
    expect(await database().campaign.count()).toBe(before);
  });

  test("is a copy of another one, under its own title, for those who may read that one", async () => {
    await published({ title: "The model" });
    const cookie = await sessionOf("owner");
    const answer = await create(cookie, { title: "The copy", from: slug, language: "ur" });
    const copy = answer.location?.split("/").at(-1) ?? "";
    const files = await filesOf(copy, "draft");
    expect(textIn(files?.get("en.md") ?? "", "title")).toBe("The copy");
    expect(files?.get("campaign.yaml")).toBe(campaignFiles(copy).get("campaign.yaml"));
    expect((await create(cookie, { title: "No copy", from: "no-such-campaign" })).html).toContain(
      '"field":"from"',
    );
  });
});

describe("the list of campaigns", () => {
  test("has each with its state, for those who may see it", async () => {
    await published();
    const draft = `${slug}-draft`;
    await createCampaign(null, draft, undefined, { title: "Not for everybody" });
    const own = await open("", await sessionOf("owner"), "");
    for (const told of ["Draft", "Open", "Not for everybody", "New campaign", `/en/${slug}`])
      expect(own.html).toContain(told);
    const seen = await open("", await sessionOf("viewer"), "");
    expect(seen.html).toContain("Clean water for every village");
    expect([seen.html.includes("Not for everybody"), seen.html.includes("New campaign")]).toEqual([
      false,
      false,
    ]);
  });

  test("leads those on who see one campaign and cannot add to it", async () => {
    await published();
    expect((await open("", await memberOf(slug, "owner"), "")).location).toBe(`/admin/${slug}`);
  });

  test("folds archived campaigns away", async () => {
    await published();
    await database().$executeRaw`
      UPDATE campaign SET status = 'closed', closed_at = now(), outcome = 'partly', archived_at = now() WHERE slug = ${slug}`;
    const { html } = await open("", await sessionOf("owner"), "");
    expect(html.slice(html.indexOf("<summary>Archived"))).toContain("Closed: partly won, archived");
  });
});

describe("a campaign that was never published", () => {
  beforeEach(async () => {
    await createCampaign(null, slug, undefined, { title: "Wells for all" });
  });

  test.each(["signatories", "review", "paper", "exports", "sharing", "news", "invalidations"])(
    "says on its page of %s that there is nothing yet, and what to do",
    async (page) => {
      const { status, html } = await open(`[campaign]/${page}`, await sessionOf("owner"));
      expect(status).toBe(200);
      for (const told of ["Not published yet", "Wells for all", `/admin/${slug}/versions`])
        expect(html).toContain(told);
    },
  );

  test("takes no signatures on paper", async () => {
    const { status, html } = await send("[campaign]/paper", await sessionOf("owner"), "import", {
      draft: crypto.randomUUID(),
    });
    expect([status, html.includes("not published yet")]).toEqual([410, true]);
  });

  test("answers programs that it is not published, and that there is no other", async () => {
    const cookie = await sessionOf("owner");
    for (const file of ["figures", "sharing", "export", "packet"]) {
      const name = `app/api/admin/petitions/[slug]/${file}/route.ts`;
      const handler = await handlerOf({ name, file: name, method: "GET" });
      const ask = async (of: string) => {
        const url = `http://localhost/api/admin/petitions/${of}/${file}?format=csv&reason=Test`;
        const headers = { cookie, accept: "application/json", "sec-fetch-site": "same-origin" };
        return (await handler(new Request(url, { headers }), { params: Promise.resolve({ slug: of }) }))
          .status;
      };
      expect([await ask(slug), await ask("no-such-campaign")], file).toEqual([409, 404]);
    }
  });

  test("is not there for those who may not read drafts", async () => {
    for (const folder of ["[campaign]", "[campaign]/sharing"])
      expect((await open(folder, await sessionOf("viewer"))).status, folder).toBe(404);
    expect((await open("[campaign]", await sessionOf("translator"))).status).toBe(200);
  });

  test("is deleted with its draft, which says so first", async () => {
    const cookie = await sessionOf("owner");
    const asked = await send(VERSIONS, cookie, "discard", await revision(), false);
    expect(asked.html).toContain("never published, so all of it is deleted");
    expect((await send(VERSIONS, cookie, "discard", await revision())).location).toBe("/admin");
    expect(await database().campaign.count({ where: { slug } })).toBe(0);
  });
});

describe("the page of versions", () => {
  test("publishes a draft at once, after a question that says in how many languages", async () => {
    await createCampaign(OWNER, slug, undefined, { title: "Wells for all" });
    const cookie = await sessionOf("owner");
    const fields = { ...(await revision()), note: "First version" };
    const asked = await send(VERSIONS, cookie, "publish", fields, false);
    expect(asked.html).toContain("visible at once in 1 language,");
    expect(asked.html).not.toContain("Changed on");
    expect(await send(VERSIONS, cookie, "publish", fields)).toMatchObject({ status: 303 });
    expect(contentFor(slug, "en")?.title).toBe("Wells for all");
    const { html } = await open(VERSIONS, cookie);
    for (const told of ["First version", "published now", "There is no draft"]) expect(html).toContain(told);
    const entry = await database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });
    expect([entry.action, JSON.parse(entry.detail).slug]).toEqual(["campaign.publish", slug]);
  });

  test("does not publish what somebody has changed since it was read", async () => {
    await published();
    await changesDemand("Dig wells today.");
    const seen = { ...(await revision()), note: "Today" };
    await changesDemand("Dig wells tomorrow.");
    for (const action of ["publish", "submit", "discard"]) {
      const answer = await send(VERSIONS, await sessionOf("owner"), action, seen);
      expect([answer.status, answer.html.includes("The draft has been changed")], action).toEqual([
        410,
        true,
      ]);
    }
    expect(await versionsOf(slug)).toHaveLength(2);
  });

  test("lists the problems of a draft, and publishes none that has some", async () => {
    await published();
    await changesDemand("Dig [wells](nowhere).");
    const cookie = await sessionOf("owner");
    const { html } = await open(VERSIONS, cookie);
    expect(html).toMatch(/The text has [1-9]\d* problem/);
    expect(html).not.toContain("Publish it now");
    const answer = await send(VERSIONS, cookie, "publish", { ...(await revision()), note: "Broken" });
    expect([answer.status, answer.html.includes("problem")]).toEqual([410, true]);
  });

  test("says that a changed call is shown as such where people have signed, and notes whether they are told", async () => {
    await published();
    await signs("a@example.org");
    await changesDemand("Build pipes instead.");
    const cookie = await sessionOf("owner");
    expect((await open(VERSIONS, cookie)).html).toContain(
      "asks for something else than what people have signed",
    );
    const fields = { ...(await revision()), note: "Pipes", tellSigners: "yes" };
    const asked = await send(VERSIONS, cookie, "publish", fields, false);
    for (const told of ["Changed on", "are to be told"]) expect(asked.html).toContain(told);
    expect((await send(VERSIONS, cookie, "publish", fields)).status).toBe(303);
    expect(await versionsOf(slug)).toMatchObject([
      { number: 2, callChanged: true, tellSigners: true },
      { number: 1, tellSigners: null },
    ]);
    expect((await open(VERSIONS, cookie)).html).toContain("They are to be told.");
  });

  test("publishes by itself at a time in one's own time zone, with the note and the choice of then", async () => {
    await published();
    await signs("b@example.org");
    await changesDemand("Build pipes instead.");
    const cookie = await sessionOf("owner");
    const { actor } = await liveSession(cookie);
    await database().adminAccount.update({ where: { id: actor.id }, data: { timeZone: "Asia/Kabul" } });
    const fields = { ...(await revision()), note: "Pipes", tellSigners: "yes" };
    for (const at of ["", "soon", "2020-01-01T08:00"])
      expect((await send(VERSIONS, cookie, "schedule", { ...fields, at })).html, at).toContain(
        '"field":"at"',
      );
    expect((await send(VERSIONS, cookie, "schedule", { ...fields, at: "2090-01-01T08:00" })).status).toBe(
      303,
    );
    expect(await draftOf()).toMatchObject({
      state: "scheduled",
      publishAt: new Date("2090-01-01T03:30:00Z"),
    });
    expect((await open(VERSIONS, cookie)).html).toContain("It will be published at");
    await database().$executeRaw`UPDATE campaign_version SET publish_at = now() WHERE state = 'scheduled'`;
    expect(await publishDue()).toBe(1);
    expect((await versionsOf(slug))[0]).toMatchObject({ number: 2, note: "Pipes", tellSigners: true });
  });

  test("returns a draft with a remark, which stands there until it is sent to review again", async () => {
    await published();
    await changesDemand("Dig wells today.");
    const [writer, reviewer] = [await sessionOf("editor"), await sessionOf("reviewer")];
    expect((await send(VERSIONS, reviewer, "submit", await revision())).status).toBe(403);
    expect((await send(VERSIONS, writer, "submit", await revision())).status).toBe(303);
    expect((await send(VERSIONS, reviewer, "return", { remark: " " })).status).toBe(422);
    expect((await send(VERSIONS, reviewer, "return", { remark: "Which ministry?" })).status).toBe(303);
    expect(await draftOf()).toMatchObject({ state: "draft", remark: "Which ministry?" });
    expect((await open(VERSIONS, writer)).html).toContain("Which ministry?");
    await changesDemand("Dig wells now, Minister.");
    expect((await draftOf())?.remark).toBe("Which ministry?");
    await send(VERSIONS, writer, "submit", await revision());
    expect(await draftOf()).toMatchObject({ state: "in_review", remark: "", returnedBy: null });
  });

  test("publishes an earlier version again, and leaves the draft alone", async () => {
    await published();
    await changesDemand("Build pipes instead.");
    const cookie = await sessionOf("owner");
    await send(VERSIONS, cookie, "publish", { ...(await revision()), note: "Pipes" });
    await changesDemand("Dig deeper.");
    const before = await filesOf(slug, "draft");
    expect((await send(VERSIONS, cookie, "take-back", { number: "1" }, false)).html).toContain("1 language,");
    expect((await send(VERSIONS, cookie, "take-back", { number: "1" })).status).toBe(303);
    expect(contentFor(slug, "en")?.call.demand).toBe("Dig wells now.");
    expect(await filesOf(slug, "draft")).toEqual(before);
    for (const number of ["3", "77", "0", "x"])
      expect((await send(VERSIONS, cookie, "take-back", { number })).status, number).toBeGreaterThanOrEqual(
        410,
      );
    expect((await open(VERSIONS, cookie)).html).toContain("Version 1 once more");
  });

  test("tells exactly how many signed each version to those who see names, and to others only of many", async () => {
    await published();
    for (const name of ["a", "b", "c"]) await signs(`${name}.${slug}@example.org`);
    await database().$executeRaw`
      UPDATE signature SET state = 'confirmed', confirmed_at = now() WHERE campaign_id = (SELECT id FROM campaign WHERE slug = ${slug})`;
    expect([...(await signersByVersion(slug, "trusted"))]).toEqual([[1, 3]]);
    for (const audience of ["viewer", "token", "public"] as const)
      expect([...(await signersByVersion(slug, audience))]).toEqual([]);
    const cell = (html: string) => /<td class="n">([^<]*)<\/td>/.exec(html)?.[1];
    expect(cell((await open(VERSIONS, await sessionOf("owner"))).html)).toBe("3");
    expect(cell((await open(VERSIONS, await sessionOf("editor"))).html)).toBe("–");
  });

  test("is for those who may read drafts, with the buttons that each may press", async () => {
    await published();
    await changesDemand("Dig wells today.");
    expect((await open(VERSIONS, await sessionOf("viewer"))).status).toBe(403);
    const buttons = async (role: Parameters<typeof sessionOf>[0]) =>
      [
        ...(await open(VERSIONS, await sessionOf(role))).html.matchAll(
          /<button[^>]*type="submit"[^>]*>([^<]*)</g,
        ),
      ].map(([, name]) => name);
    expect(await buttons("translator")).toEqual([]);
    expect(await buttons("reviewer")).toEqual(["Publish it now", "Publish it at this time"]);
    expect(await buttons("editor")).toEqual([
      "Publish it now",
      "Publish it at this time",
      "Send to review",
      "Discard the draft",
    ]);
  });
});

describe("where two people are asked for", () => {
  test("nobody publishes what they wrote, and the page says why", async () => {
    await published();
    const [owner, writer, reviewer] = [
      await sessionOf("owner"),
      await sessionOf("editor"),
      await sessionOf("reviewer"),
    ];
    expect((await send(SETTINGS, owner, "four-eyes", { fourEyes: "yes" })).status).toBe(303);
    expect((await campaign()).fourEyes).toBe(true);
    const { actor } = await liveSession(writer);
    await changesDemand("Dig wells today.", { ...OWNER, id: actor.id });
    const publishes = async (cookie: string) =>
      send(VERSIONS, cookie, "publish", { ...(await revision()), note: "Today" });
    expect((await open(VERSIONS, reviewer)).html).toContain(
      "cannot be published yet: this campaign asks for two people",
    );
    expect((await publishes(reviewer)).html).toContain("not been reviewed yet");
    await submit(actor, slug);
    const seen = (await open(VERSIONS, writer)).html;
    expect([seen.includes("you wrote some of it"), seen.includes("Publish it now")]).toEqual([true, false]);
    expect((await publishes(writer)).html).toContain("Somebody else has to publish this");
    expect((await publishes(reviewer)).status).toBe(303);
    expect((await send(SETTINGS, owner, "four-eyes")).status).toBe(303);
    expect((await campaign()).fourEyes).toBe(false);
  });
});

describe("the text of a version", () => {
  const TEXT = "[campaign]/versions/[number]";
  const show = (which: string, cookie: string) => open(TEXT, cookie, `${slug}/versions/${which}`);

  test("shows what differs from the one before, and from any other", async () => {
    await published();
    await changesDemand("Dig <b>deep</b> wells.");
    const cookie = await sessionOf("reviewer");
    const { html } = await show("draft", cookie);
    for (const told of ["The draft", "Compare with", "paragraphs unchanged", "Nothing has changed", "&lt;"])
      expect(html).toContain(told);
    expect(html).toMatch(/<del>[^<]*now[^<]*<\/del>/);
    const alone = await show("draft?with=none", cookie);
    expect([alone.html.includes("<del>"), alone.html.includes("Dig &lt;b&gt;")]).toEqual([false, true]);
    const first = await show("1", cookie);
    expect(first.html).not.toContain("<del>");
    expect((await show("1?with=draft", cookie)).html).toContain("<del>");
  });

  test.each(["2", "0", "01", "-1", "1e1", "99999999999999999999", "drafts", "1%00"])(
    "is not there for %s",
    async (which) => {
      await published();
      expect((await show(which, await sessionOf("owner"))).status).toBe(404);
    },
  );
});

describe("closing a campaign", () => {
  test("publishes what happened and closes in one go, and keeps it in the draft", async () => {
    await published();
    await changesDemand("Dig wells today.");
    const cookie = await sessionOf("owner");
    const fields = { outcome: "won", "outcome.en": "The ministry dug them.[^K1]" };
    const asked = await send(SETTINGS, cookie, "close", fields, false);
    expect(asked.html).toContain("Its pages say what it reached: won.");
    expect((await send(SETTINGS, cookie, "close", fields)).location).toMatch(/\/receipts\//);
    expect(await campaign()).toMatchObject({ status: "closed", outcome: "won" });
    expect(campaignNamed(slug)?.version).toBe(2);
    expect(contentFor(slug, "en")?.call.demand).toBe("Dig wells now.");
    expect(contentFor(slug, "en")?.outcome).not.toBeNull();
    const draft = (await filesOf(slug, "draft"))?.get("en.md") ?? "";
    expect(textIn(draft, "outcome")).toBe("The ministry dug them.[^K1]");
    expect(draft).toContain("Dig wells today.");
    const { html } = await open(SETTINGS, cookie);
    for (const told of ["closed: won", "Note that it was handed over", "Archive it"])
      expect(html).toContain(told);
  });

  test("says at the field what is wrong with the words, and closes nothing", async () => {
    await published();
    const cookie = await sessionOf("owner");
    const unsourced = await send(SETTINGS, cookie, "close", {
      outcome: "won",
      "outcome.en": "They dug 40 wells.",
    });
    expect([unsourced.status, unsourced.html.includes('"field":"outcome.en"')]).toEqual([422, true]);
    const without = await send(SETTINGS, cookie, "close", { outcome: "", "outcome.en": "We won.[^K1]" });
    expect(without.html).toContain('"field":"outcome"');
    expect((await send(SETTINGS, cookie, "close", { outcome: "glory" })).status).toBe(422);
    expect(await campaign()).toMatchObject({ status: "open", outcome: null });
    expect(await versionsOf(slug)).toHaveLength(1);
  });

  test("without words makes no version, and reopening forgets the outcome", async () => {
    await published();
    const cookie = await sessionOf("owner");
    await send(SETTINGS, cookie, "close", { outcome: "lost", "outcome.en": "" });
    expect(await campaign()).toMatchObject({ status: "closed", outcome: "lost" });
    expect(await versionsOf(slug)).toHaveLength(1);
    expect((await send(SETTINGS, cookie, "close", { outcome: "won" })).status).toBe(410);
    await send(SETTINGS, cookie, "reopen");
    expect(await campaign()).toMatchObject({ status: "open", outcome: null });
  });

  test("by one person is possible with words that somebody else has published", async () => {
    await published();
    const cookie = await sessionOf("owner");
    await send(SETTINGS, cookie, "four-eyes", { fourEyes: "yes" });
    const words = { outcome: "won", "outcome.en": "They dug them.[^K1]" };
    expect((await send(SETTINGS, cookie, "close", words)).html).toContain("Somebody else has to publish");
    const was = (await filesOf(slug, 1))?.get("en.md") ?? "";
    const now = withText(was, "outcome", words["outcome.en"]);
    await saveFiles(OWNER, slug, new Map([["en.md", { was, now }]]));
    await submit(OWNER, slug);
    await send(VERSIONS, cookie, "publish", { ...(await revision()), note: "What happened" });
    expect((await send(SETTINGS, cookie, "close", words)).location).toMatch(/\/receipts\//);
    expect(await campaign()).toMatchObject({ status: "closed", outcome: "won" });
  });

  test("lets it be handed over and archived, but only then", async () => {
    await published();
    const cookie = await sessionOf("owner");
    for (const action of ["hand-over", "archive", "unarchive"])
      expect((await send(SETTINGS, cookie, action)).status, action).toBe(410);
    await send(SETTINGS, cookie, "close");
    const asked = await send(SETTINGS, cookie, "hand-over", {}, false);
    expect(asked.html).toMatch(/permanently deleted on \d{4}-\d{2}-\d{2}/);
    expect((await send(SETTINGS, cookie, "hand-over")).status).toBe(303);
    expect((await campaign()).handedOverAt).not.toBeNull();
    expect((await open(SETTINGS, cookie)).html).toContain("It was handed over on");
    expect((await send(SETTINGS, cookie, "archive")).status).toBe(303);
    expect(campaignNamed(slug)?.archived).toBe(true);
    expect((await send(SETTINGS, cookie, "unarchive")).status).toBe(303);
    expect(campaignNamed(slug)?.archived).toBe(false);
    const entries = await database().auditEntry.findMany({
      where: { detail: { contains: `"slug":"${slug}"` } },
    });
    expect(entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining([
        "campaign.close",
        "campaign.handed-over",
        "campaign.archive",
        "campaign.unarchive",
      ]),
    );
  });
});
