import { request } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GET as preview } from "@/app/admin/[campaign]/preview/[locale]/route";
import {
  addSource,
  changeSource,
  removeSource,
  save,
  saveSettings,
} from "@/app/admin/[campaign]/text/actions";
import page from "@/app/admin/[campaign]/text/page";
import { POST as autosave } from "@/app/api/admin/petitions/[slug]/draft/route";
import type { FormState } from "@/components/admin/form-state";
import type { Conflict } from "@/components/admin/writing/conflict";
import { draftOf } from "@/lib/accounts/drafts";
import { loadCampaigns } from "@/lib/campaigns";
import { database } from "@/lib/db/client";
import { guardFramework } from "@/lib/desk/gate";
import { createCampaign, discardDraft, exportCampaign, filesOf, saveFiles } from "@/lib/editing";
import { startWebServer, type WebServer } from "@/lib/http/server";
import { LOCALES } from "@/lib/i18n/locales";
import { settings } from "@/lib/settings";
import { campaignFigures } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { enrolled, sessionOf as sessionOfAccount } from "@/tests/support/desk";
import { send, show } from "@/tests/support/desk-pages";
import { withinFramework } from "@/tests/support/framework";
import { sessionOf } from "@/tests/support/session";

useDatabase();

const PAGE = `/admin/${CAMPAIGN_SLUG}/text`;
let published: ReadonlyMap<string, string>;
let owner: string;

beforeAll(async () => {
  await loadCampaigns();
  owner = await sessionOf("owner");
});
beforeEach(async () => {
  await discardDraft(null, CAMPAIGN_SLUG);
  published = (await exportCampaign(CAMPAIGN_SLUG))?.files ?? new Map();
});

const textOf = (path: string) => published.get(path) ?? "";
const draft = async (path: string) => (await filesOf(CAMPAIGN_SLUG, "draft"))?.get(path);

/** Opens the page, as somebody with a session. */
async function open(query: Record<string, string>, cookie = owner) {
  const path = `${PAGE}?${new URLSearchParams(query)}`;
  const params = Promise.resolve({ campaign: CAMPAIGN_SLUG });
  return show(page, { cookie, path }, { params, searchParams: Promise.resolve(query) });
}

const post = (fields: Record<string, string>, cookie = owner) =>
  send<Conflict>(save, { cookie, path: PAGE }, fields);

/** Sends a text as the editor does while it is written. */
function write(body: unknown, cookie = owner, slug = CAMPAIGN_SLUG): Promise<Response> {
  const asked = new Request(`${settings().siteUrl}/api/admin/petitions/${slug}/draft`, {
    method: "POST",
    headers: {
      cookie,
      accept: "application/json",
      "content-type": "application/json",
      "sec-fetch-site": "same-origin",
    },
    body: JSON.stringify(body),
  });
  return withinFramework(asked, () => autosave(asked, { params: Promise.resolve({ slug }) }));
}

function previewed(locale: string, cookie = owner, slug = CAMPAIGN_SLUG): Promise<Response> {
  const asked = new Request(`${settings().siteUrl}/admin/${slug}/preview/${locale}`, {
    headers: { cookie, accept: "text/html" },
  });
  const params = Promise.resolve({ campaign: slug, locale });
  return withinFramework(asked, () => preview(asked, { params }));
}

const stateOf = (state: FormState<Conflict> | null) => {
  if (state === null) throw new Error("the form led elsewhere");
  return state;
};
const TITLE = "Another title";
const retitled = (text: string, title = TITLE) => text.replace(/^title: .*$/m, `title: ${title}`);

describe("the page", () => {
  test.each(LOCALES)(
    "shows the text in %s in parts and as a whole, in its own language and direction",
    async (locale) => {
      const parts = await open({ file: `${locale}.md` });
      expect(parts.status).toBe(200);
      const direction = locale === "en" ? "ltr" : "rtl";
      expect(parts.html).toMatch(
        new RegExp(`<textarea[^>]*name="part\\.call\\.demand"[^>]*lang="${locale}" dir="${direction}"`),
      );
      for (const label of ["Title", "Summary", "The demand", "Point 2", "Section 2, paragraph 1"])
        expect(parts.html).toMatch(new RegExp(`<label[^>]*>${label}</label>`));
      const text = await open({ file: `${locale}.md`, as: "text" });
      expect(text.html).toMatch(
        new RegExp(`<textarea[^>]*name="text"[^>]*lang="${locale}" dir="${direction}"`),
      );
      expect(text.html).toContain(":::call{to=");
    },
  );

  test("says how long the text is, what the page weighs, and where the form is", async () => {
    const { html } = await open({ file: "en.md" });
    expect(html.replace(/<!-- -->/g, "")).toMatch(/[\d,]+ words, about \d+ minutes? to read/);
    expect(html.replace(/<!-- -->/g, "")).toMatch(
      /The page weighs [\d,]+ bytes compressed \([\d,]+ for old browsers\)/,
    );
    expect(html).toContain("The form is within the first 14,336 bytes");
  });

  test("lists problems by line, with the words of the line", async () => {
    await write({
      path: "en.md",
      was: textOf("en.md"),
      now: `${textOf("en.md")}\nAn unfounded statement.\n`,
    });
    const line = textOf("en.md").split("\n").length + 1;
    const { html } = await open({ file: "en.md", as: "text" });
    expect(html).toContain(`href="#line-${line}"`);
    expect(html).toMatch(new RegExp(`id="line-${line}".*An unfounded statement\\.`));
    expect(html.replace(/<!-- -->/g, "")).toContain("(1 problem)");
  });

  test("shows a file that cannot be taken apart as text", async () => {
    await write({ path: "en.md", was: textOf("en.md"), now: "no front matter" });
    const { html } = await open({ file: "en.md" });
    expect(html).toContain("cannot be taken apart");
    expect(html).toMatch(/<textarea[^>]*name="text"/);
    await write({ path: "campaign.yaml", was: textOf("campaign.yaml"), now: "slug: [" });
    const broken = await open({ file: "campaign.yaml" });
    expect([broken.status, broken.html.includes('name="text"')]).toEqual([200, true]);
  });

  test("is for those who write, in this campaign", async () => {
    for (const [role, status] of [
      ["editor", 200],
      ["reviewer", 403],
      ["translator", 403],
      ["viewer", 403],
      ["member", 404],
    ] as const)
      expect([role, (await open({}, await sessionOf(role))).status]).toEqual([role, status]);
  });
});

describe("a form", () => {
  test("saves the parts that were changed into the draft, and publishes nothing", async () => {
    const { state } = await post({
      file: "en.md",
      "was.text": textOf("en.md"),
      "part.title": TITLE,
      "part.call.demand": "Halt forced returns\r\nnow.",
    });
    expect(stateOf(state)).toMatchObject({
      kind: "done",
      message: expect.stringContaining("The draft is saved"),
    });
    expect(await draft("en.md")).toBe(
      retitled(textOf("en.md")).replace(
        "Halt forced returns to Afghanistan now.",
        "Halt forced returns\nnow.",
      ),
    );
    expect((await exportCampaign(CAMPAIGN_SLUG))?.files.get("en.md")).toBe(textOf("en.md"));
  });

  test("saves a whole text, faults included, and says how many are left", async () => {
    const { state } = await post({
      file: "en.md",
      "was.text": textOf("en.md").replaceAll("\n", "\r\n"),
      text: `${textOf("en.md")}\n:::question{title="A?"}\n:::timeline\n:::\n`.replaceAll("\n", "\r\n"),
    });
    expect(stateOf(state)).toMatchObject({
      kind: "done",
      message: expect.stringMatching(/problems? (?:is|are) left/),
    });
    expect(await draft("en.md")).toBe(`${textOf("en.md")}\n:::question{title="A?"}\n:::timeline\n:::\n`);
  });

  test("keeps what does not fit into a part, and says why beside its field", async () => {
    const typed = "One.\r\n\r\n## Two";
    const { state } = await post({ file: "en.md", "was.text": textOf("en.md"), "part.call.demand": typed });
    expect(stateOf(state)).toMatchObject({
      kind: "invalid",
      mistakes: [{ field: "part.call.demand", text: expect.stringContaining("one paragraph") }],
      typed: { "part.call.demand": typed },
    });
    expect(await draft("en.md")).toBeUndefined();
  });

  test("keeps a text that is too long, or that says nothing", async () => {
    for (const [text, why] of [
      ["ا".repeat(110_000), "200 KB"],
      ["  \n", "There is no text"],
    ] as const) {
      const { state } = await post({ file: "en.md", "was.text": textOf("en.md"), text });
      expect(stateOf(state)).toMatchObject({
        kind: "invalid",
        mistakes: [{ field: "text", text: expect.stringContaining(why) }],
        typed: { text },
      });
    }
    expect(await draft("en.md")).toBeUndefined();
  });

  test("merges what others have changed elsewhere in the file", async () => {
    await post(
      { file: "en.md", "was.text": textOf("en.md"), "part.call.demand": "Theirs." },
      await sessionOf("editor"),
    );
    await post({ file: "en.md", "was.text": textOf("en.md"), text: retitled(textOf("en.md")) });
    expect(await draft("en.md")).toBe(
      retitled(textOf("en.md")).replace("Halt forced returns to Afghanistan now.", "Theirs."),
    );
  });

  test("shows both versions of lines that two people changed, and saves the one that is kept", async () => {
    await post(
      { file: "en.md", "was.text": textOf("en.md"), "part.title": "Theirs" },
      await sessionOf("editor"),
    );
    for (const mine of [{ text: retitled(textOf("en.md"), "Mine") }, { "part.title": "Mine" }] as const) {
      const { state } = await post({ file: "en.md", "was.text": textOf("en.md"), ...mine });
      const found = stateOf(state);
      if (found.kind !== "found") throw new Error(found.kind);
      expect(found.typed).toMatchObject(mine);
      const { theirs, mine: ours, difference } = found.result;
      expect([theirs, ours]).toEqual([
        retitled(textOf("en.md"), "Theirs"),
        retitled(textOf("en.md"), "Mine"),
      ]);
      expect(difference).toEqual(
        expect.arrayContaining([
          { kind: "removed", text: "Theirs" },
          { kind: "added", text: "Mine" },
        ]),
      );
      expect(await draft("en.md")).toBe(theirs);
    }
    const kept = {
      file: "en.md",
      "was.text": retitled(textOf("en.md"), "Theirs"),
      text: retitled(textOf("en.md"), "Mine"),
    };
    expect(stateOf((await post(kept)).state).kind).toBe("done");
    expect(await draft("en.md")).toBe(kept.text);
  });

  test("leads on to the preview when that was pressed", async () => {
    const sent = await post({
      file: "ur.md",
      "was.text": textOf("ur.md"),
      text: textOf("ur.md"),
      // biome-ignore lint/suspicious/noThenProperty: the name of a form field
      then: "preview",
    });
    expect(sent.location).toBe(`/admin/${CAMPAIGN_SLUG}/preview/ur`);
  });

  test("writes no file that is none of the campaign's", async () => {
    for (const file of ["other.md", "../en.md", "de.md", ""]) {
      const { state } = await post({ file, "was.text": "", text: "new" });
      expect([file, stateOf(state).kind]).toEqual([file, "failed"]);
    }
    expect(await filesOf(CAMPAIGN_SLUG, "draft")).toBeNull();
  });

  test("leaves one entry in the audit log for each person and draft", async () => {
    const editor = await sessionOf("editor");
    const entries = () => database().auditEntry.count({ where: { action: "campaign.edit" } });
    const before = await entries();
    for (const title of ["One", "Two", "Three"])
      await post(
        { file: "en.md", "was.text": (await draft("en.md")) ?? textOf("en.md"), "part.title": title },
        editor,
      );
    expect(await entries()).toBe(before + 1);
  });
});

describe("a text that is saved while it is written", () => {
  test("is answered with what is saved and what is wrong with it", async () => {
    const now = `${textOf("en.md")}\nAn unfounded statement.\n`;
    const answer = await write({ path: "en.md", was: textOf("en.md"), now });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      revision: expect.any(Number),
      mine: now,
      text: now,
      problems: [
        { line: textOf("en.md").split("\n").length + 1, message: expect.stringContaining("no source") },
      ],
      words: expect.any(Number),
    });
    const parts = await write({ path: "en.md", was: now, parts: { "part.title": TITLE } });
    expect(await parts.json()).toMatchObject({ mine: retitled(now) });
  });

  test("comes back with what somebody else has saved meanwhile", async () => {
    await write(
      { path: "en.md", was: textOf("en.md"), parts: { "part.call.demand": "Theirs." } },
      await sessionOf("editor"),
    );
    const answer = await write({ path: "en.md", was: textOf("en.md"), now: retitled(textOf("en.md")) });
    const { mine, text } = (await answer.json()) as { mine: string; text: string };
    expect(mine).toBe(retitled(textOf("en.md")));
    expect(text).toBe(mine.replace("Halt forced returns to Afghanistan now.", "Theirs."));
    // What follows is based on what was sent, whether or not the page shows the rest.
    const more = await write({ path: "en.md", was: mine, now: retitled(mine, "Again") });
    expect([more.status, await draft("en.md")]).toEqual([200, retitled(text, "Again")]);
  });

  test("is answered with both versions where the same lines were changed", async () => {
    await write(
      { path: "en.md", was: textOf("en.md"), parts: { "part.title": "Theirs" } },
      await sessionOf("editor"),
    );
    const answer = await write({ path: "en.md", was: textOf("en.md"), parts: { "part.title": "Mine" } });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({
      conflict: { theirs: retitled(textOf("en.md"), "Theirs"), mine: retitled(textOf("en.md"), "Mine") },
    });
  });

  test.each([
    ["a text of more than 200 KB", { path: "en.md", was: "", now: "x".repeat(210_000) }, 422],
    ["more than is read", { path: "en.md", was: "", now: "x".repeat(1_100_000) }, 413],
    ["something else", { path: "en.md", was: 1, now: null }, 400],
    ["a file that is none", { path: "x.md", was: "", now: "new" }, 404],
  ])("is refused with a sentence: %s", async (_, body, status) => {
    const answer = await write(
      body.path === "en.md" && body.was === "" ? { ...body, was: textOf("en.md") } : body,
    );
    expect([answer.status, typeof ((await answer.json()) as { message: unknown }).message]).toEqual([
      status,
      "string",
    ]);
  });

  test("is 401 once the session has ended, and refused to those who may not write", async () => {
    const change = { path: "en.md", was: textOf("en.md"), now: retitled(textOf("en.md")) };
    for (const [cookie, status] of [
      ["", 401],
      [await sessionOf("translator"), 403],
      [await sessionOf("member"), 404],
    ] as const)
      expect((await write(change, cookie)).status).toBe(status);
    expect((await write(change, owner, "no-such-campaign")).status).toBe(404);
    expect(await filesOf(CAMPAIGN_SLUG, "draft")).toBeNull();
  });
});

describe("the settings", () => {
  const change = (now: Record<string, string>, was: Record<string, string>) =>
    send(
      saveSettings,
      { cookie: owner, path: PAGE },
      {
        ...Object.fromEntries(Object.entries(was).map(([name, value]) => [`was.${name}`, value])),
        ...now,
      },
    );

  test("are changed by a form, and the file's comments stay", async () => {
    const { state } = await change({ goal: "12345" }, { goal: "10000" });
    expect(state?.kind).toBe("done");
    expect(await draft("campaign.yaml")).toBe(textOf("campaign.yaml").replace("goal: 10000", "goal: 12345"));
  });

  test("say which field is wrong, and that somebody else has changed it", async () => {
    expect((await change({ goal: "many" }, { goal: "10000" })).state).toMatchObject({
      kind: "invalid",
      mistakes: [{ field: "goal" }],
    });
    expect((await change({ "colour.main": "red" }, { "colour.main": "" })).state).toMatchObject({
      kind: "invalid",
      mistakes: [{ field: "colour.main" }],
    });
    await change({ goal: "12345" }, { goal: "10000" });
    expect((await change({ goal: "777" }, { goal: "10000" })).state).toMatchObject({
      kind: "invalid",
      mistakes: [{ field: "goal", text: expect.stringContaining("12345") }],
    });
  });

  test("ask before a language goes with its text, and give one that comes a text to translate", async () => {
    const gone = { "language.ps": "no" };
    expect((await change(gone, { "language.ps": "yes" })).state).toMatchObject({ kind: "asking" });
    expect(await draft("ps.md")).toBeUndefined();
    await change({ ...gone, confirmed: "yes" }, { "language.ps": "yes" });
    expect((await filesOf(CAMPAIGN_SLUG, "draft"))?.has("ps.md")).toBe(false);
    await change({ "language.ps": "unfinished" }, { "language.ps": "no" });
    expect(await draft("ps.md")).toContain("title:");
    expect((await previewed("ps")).status).toBe(200);
  });
});

describe("the sources", () => {
  const source = {
    key: "K90",
    publisher: "A paper",
    "title.en": "A report",
    date: "2026-01",
    url: "https://example.org/report",
  };
  const act = (action: typeof addSource, fields: Record<string, string>) =>
    send(action, { cookie: owner, path: PAGE }, fields);

  test("are added under the proposed key, changed and removed", async () => {
    const { html } = await open({ file: "sources.yaml" });
    const [, proposed = ""] = /name="key"[^>]*value="(K\d+)"/.exec(html) ?? [];
    expect(textOf("sources.yaml")).not.toMatch(new RegExp(`key: ${proposed}\\b`));
    expect((await act(addSource, { ...source, key: proposed })).state).toMatchObject({ kind: "done" });
    expect((await act(addSource, { ...source, key: proposed.toLowerCase() })).state).toMatchObject({
      kind: "invalid",
    });
    const was = { "was.publisher": source.publisher };
    expect(
      (await act(changeSource, { ...was, ...source, key: proposed, publisher: "Another" })).state,
    ).toMatchObject({ kind: "done" });
    expect(await draft("sources.yaml")).toContain("publisher: Another");
    expect((await act(removeSource, { key: proposed })).state).toMatchObject({ kind: "done" });
    expect(await draft("sources.yaml")).not.toContain(`key: ${proposed}\n`);
  });

  test("stay while a text refers to them: it says where", async () => {
    const { state } = await act(removeSource, { key: "K11" });
    expect(state).toMatchObject({ kind: "failed", message: expect.stringMatching(/en\.md, line \d+/) });
    expect(await draft("sources.yaml")).toBeUndefined();
  });

  test("say what is wrong by field", async () => {
    expect((await act(addSource, { ...source, url: "example.org", publisher: "" })).state).toMatchObject({
      kind: "invalid",
      mistakes: [{ field: "publisher" }, { field: "url" }],
    });
  });
});

describe("the preview", () => {
  test.each(LOCALES)(
    "is the public page in %s, from the draft, with the published figures",
    async (locale) => {
      await write({
        path: `${locale}.md`,
        was: textOf(`${locale}.md`),
        now: retitled(textOf(`${locale}.md`)),
      });
      const answer = await previewed(locale);
      const html = await answer.text();
      expect(answer.status).toBe(200);
      expect(html).toContain(`<html lang="${locale}"`);
      expect(html).toContain(`<h1>${TITLE}</h1>`);
      const figures = await campaignFigures(CAMPAIGN_SLUG);
      expect(html).toContain(`max="${figures?.goal}"`);
      expect(html).toContain(`action="/api/petitions/${CAMPAIGN_SLUG}/signatures"`);
    },
  );

  test("may be framed by the desk alone, is not stored, and its form sends nothing", async () => {
    const { headers } = await previewed("en");
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("frame-ancestors 'self'");
    expect(policy).toContain("form-action 'none'");
    expect(policy).not.toContain("unsafe");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test("is a list of problems, each with a way to its line, as long as there are some", async () => {
    await write({ path: "ur.md", was: textOf("ur.md"), now: "no front matter" });
    const answer = await previewed("en");
    const html = await answer.text();
    expect([answer.status, answer.headers.get("content-security-policy")]).toEqual([
      422,
      expect.stringContaining("frame-ancestors 'self'"),
    ]);
    expect(html).toContain(`href="/admin/${CAMPAIGN_SLUG}/text?file=ur.md&amp;as=text&amp;line=1#line-1"`);
  });

  test("is for those who may read drafts", async () => {
    for (const [role, status] of [
      ["reviewer", 200],
      ["translator", 200],
      ["viewer", 403],
      ["member", 404],
    ] as const)
      expect([role, (await previewed("en", await sessionOf(role))).status]).toEqual([role, status]);
    expect((await previewed("en", "")).headers.get("location")).toMatch(/^\/admin\/sign-in/);
    expect((await previewed("de")).status).toBe(404);
  });
});

describe("a session that ends while somebody writes", () => {
  let server: WebServer;
  beforeAll(async () => {
    server = await startWebServer({
      port: 0,
      guard: guardFramework,
      framework: async () => ({
        async handle(_, response) {
          response.end();
        },
        async close() {},
      }),
    });
  });
  afterAll(() => server.stop(0));

  /** Posts a form to the page as a browser does. @returns where it leads. */
  async function submit(fields: Record<string, string>, cookie: string, path: string): Promise<string> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    const encoded = new Response(form);
    const body = Buffer.from(await encoded.arrayBuffer());
    const headers = {
      cookie,
      "sec-fetch-site": "same-origin",
      "content-type": encoded.headers.get("content-type") ?? "",
      "content-length": String(body.length),
    };
    return new Promise((resolve, reject) => {
      const asked = request(
        { port: server.port, host: "localhost", path, method: "POST", headers },
        (answer) => {
          answer.resume().on("end", () => resolve(answer.headers.location ?? ""));
        },
      );
      asked.on("error", reject).end(body);
    });
  }

  test("loses nothing of a text of 150 KB: it is in its form again, and saved from there", async () => {
    const account = await enrolled("owner");
    const session = await sessionOfAccount(account);
    await database().$executeRaw`
      UPDATE admin_session SET last_seen_at = now() - interval '31 minutes' WHERE id = ${session.id}::uuid`;
    const text = `${textOf("ur.md")}\n${"ایک جملہ۔[^K11]\n\n".repeat(6_000)}`;
    expect(Buffer.byteLength(text)).toBeGreaterThan(150_000);
    const fields = { form: "text-ur.md", file: "ur.md", "was.text": textOf("ur.md"), text };
    const path = `${PAGE}?file=ur.md&as=text`;
    expect((await write({ path: "ur.md", was: textOf("ur.md"), now: text }, session.cookie)).status).toBe(
      401,
    );
    expect(await submit(fields, session.cookie, path)).toBe(
      `/admin/sign-in?callbackUrl=${encodeURIComponent(path)}`,
    );
    const kept = await draftOf(account.id);
    expect(kept?.path).toBe(path);
    expect(kept?.typed.text?.replaceAll("\r\n", "\n")).toBe(text);
    const { cookie } = await sessionOfAccount(account);
    expect(stateOf((await send<Conflict>(save, { cookie, path }, kept?.typed ?? {})).state).kind).toBe(
      "done",
    );
    expect(await draft("ur.md")).toBe(text);
    expect(await draftOf(account.id)).toBeNull();
  });

  test("has nobody else's large form read", async () => {
    expect(await submit({ text: "x".repeat(500_000) }, "", PAGE)).toMatch(/^\/admin\/sign-in/);
    expect(await database().adminDraft.count()).toBe(0);
  });
});

test("the draft of a campaign that is already there is the one that is written on", async () => {
  await saveFiles(
    null,
    CAMPAIGN_SLUG,
    new Map([["en.md", { was: textOf("en.md"), now: retitled(textOf("en.md")) }]]),
  );
  expect((await open({ file: "en.md" })).html).toContain(TITLE);
});

test("a campaign that was never published is written and previewed, without a count", async () => {
  const slug = "not-published-yet";
  expect(await createCampaign(null, slug, CAMPAIGN_SLUG)).toEqual({ kind: "created" });
  const params = { campaign: slug };
  const path = `/admin/${slug}/text`;
  const shown = await show(
    page,
    { cookie: owner, path },
    {
      params: Promise.resolve(params),
      searchParams: Promise.resolve({}),
    },
  );
  expect([shown.status, shown.html.includes("The demand")]).toEqual([200, true]);
  const fields = { file: "en.md", "was.text": textOf("en.md"), text: retitled(textOf("en.md")) };
  expect(stateOf((await send<Conflict>(save, { cookie: owner, path }, fields)).state).kind).toBe("done");
  const answer = await previewed("en", owner, slug);
  const html = await answer.text();
  expect([answer.status, html.includes(`<h1>${TITLE}</h1>`), html.includes("<progress")]).toEqual([
    200,
    true,
    false,
  ]);
});
