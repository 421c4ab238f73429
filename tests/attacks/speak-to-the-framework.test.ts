import { readdirSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { searchOrLift } from "@/app/admin/[campaign]/signatories/actions";
import { setOwnTimeZone } from "@/app/admin/settings/account/actions";
import { draftOf, forgetDrafts, keepDraft } from "@/lib/accounts/drafts";
import { isSlug } from "@/lib/campaigns";
import { database } from "@/lib/db/client";
import { guardFramework, PICTURE_FORM_LIMIT_BYTES } from "@/lib/desk/gate";
import { startWebServer, type WebServer } from "@/lib/http/server";
import config from "@/next.config";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { type Enrolled, enrolled, sessionOf } from "@/tests/support/desk";
import { send } from "@/tests/support/desk-pages";
import { addressOf, routes } from "@/tests/support/routes";

useDatabase();

type Reached = { method: string; url: string; headers: IncomingHttpHeaders };
type Answer = { status: number; headers: IncomingHttpHeaders };
type Asking = { method?: string; headers?: Record<string, string>; body?: string };

/** What reached the framework. */
let reached: Reached[] = [];
let server: WebServer;
let account: Enrolled;

beforeAll(async () => {
  server = await startWebServer({
    port: 0,
    guard: guardFramework,
    framework: async () => ({
      async handle({ method = "", url = "", headers }, response) {
        reached.push({ method, url, headers });
        response.end();
      },
      async close() {},
    }),
  });
  account = await enrolled("owner");
});
afterAll(() => server.stop(0));
beforeEach(() => {
  reached = [];
});

function ask(path: string, { method = "GET", headers = {}, body = "" }: Asking): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ port: server.port, host: "localhost", path, method, headers }, (answer) => {
      answer.resume().on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
    });
    asked.on("error", reject).end(body);
  });
}

const BOUNDARY = "----------------------------boundary";
/** A form as a browser posts it to a Server Action. */
const multipart = (fields: Record<string, string>) => {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return {
    "content-type": `multipart/form-data; boundary=${BOUNDARY}`,
    body: `${parts.join("")}--${BOUNDARY}--\r\n`,
  };
};
function posted(fields: Record<string, string>, headers: Record<string, string> = {}): Asking {
  const { body, "content-type": type } = multipart(fields);
  return {
    method: "POST",
    headers: { "content-type": type, "content-length": String(Buffer.byteLength(body)), ...headers },
    body,
  };
}

const ACTION = "40".padEnd(42, "a");
/** Every way to speak to the framework's pages, by what it is called. */
const FORMS: Record<string, (path: string) => [string, Asking]> = {
  "an action by its header": (path) => [path, posted({ _1_name: "x", "0": "[]" }, { "next-action": ACTION })],
  "an action by a field, without the header": (path) => [path, posted({ [`$ACTION_ID_${ACTION}`]: "" })],
  "an action with bound values": (path) => [path, posted({ $ACTION_REF_1: "", "$ACTION_1:0": "{}" })],
  "a form of any kind": (path) => [path, posted({ name: "x" })],
  "a form that is urlencoded": (path) => [
    path,
    { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: "name=x" },
  ],
  "a page as data": (path) => [path, { headers: { rsc: "1" } }],
  "a page as data, by its query": (path) => [`${path}?_rsc=abc`, {}],
  "a page as data, by its name": (path) => [`${path}.rsc`, {}],
  "a segment of a page": (path) => [`${path}.segments/_tree.segment.rsc`, {}],
  "a page ahead of time": (path) => [path, { headers: { "next-router-prefetch": "1" } }],
  "part of a page": (path) => [path, { headers: { "next-router-state-tree": "%5B%5D" } }],
};

/** Spellings of one address that the framework, or something before it, may take for the same. */
const SPELLINGS: ((path: string) => string)[] = [
  (path) => path,
  (path) => `/${path}`,
  (path) => path.replace("/admin", "/%61dmin"),
  (path) => path.replace("/admin", "/%2561dmin"),
  (path) => path.replace("/admin", "/ADMIN"),
  (path) => path.replace("/admin", "/\\admin"),
  (path) => path.replace("/admin", "/admin/"),
  (path) => `${path}/`,
];

const addresses = [
  ...new Set(
    routes.map(
      (route) =>
        addressOf(route)
          .replace(/^\w+ /, "")
          .replaceAll(/\[(?:\.\.\.)?\w+\]/g, "some") || "/",
    ),
  ),
];
const pages = [
  ...new Set(
    routes
      .filter(({ file }) => file.endsWith("page.tsx"))
      .map((route) => addressOf(route).replace("GET ", "")),
  ),
];
const PROTOCOL = /^(?:rsc|next-action|next-router-.*)$/;

describe.each(Object.entries(FORMS))("%s", (_, form) => {
  test.each(addresses)("does not reach the framework at %s without a session", async (address) => {
    const [path, asking] = form(address);
    await ask(path, asking);
    // What came through is for a route handler, which takes no such thing: nothing of the protocol is left in it.
    for (const { url, headers } of reached) {
      expect(Object.keys(headers).filter((name) => PROTOCOL.test(name))).toEqual([]);
      expect(pages).not.toContain(url.split("?", 1)[0]);
    }
  });

  test("reaches no page in any spelling without a session or with an ended or forged one", async () => {
    const ended = await sessionOf(account);
    await database().adminSession.update({ where: { id: ended.id }, data: { revokedAt: new Date() } });
    for (const cookie of ["", ended.cookie, "admin.session-token=forged"])
      for (const page of pages)
        for (const spell of SPELLINGS) {
          const [path, { headers, ...asking }] = form(spell(page));
          const { status } = await ask(path, { ...asking, headers: { ...headers, cookie } });
          expect([path, [303, 401].includes(status)]).toEqual([path, true]);
        }
    expect(reached).toEqual([]);
  });
});

test.each(Object.entries(FORMS))("%s reaches a page with a live session", async (_, form) => {
  const { cookie } = await sessionOf(account);
  const [path, { headers, ...asking }] = form(pages[0] ?? "");
  await ask(path, { ...asking, headers: { ...headers, cookie } });
  expect(reached.map(({ url }) => url)).toEqual([path]);
});

describe("a large form of somebody signed in", () => {
  const MEBIBYTE = 1024 * 1024;
  const sized = async (path: string, bytes: number) => {
    const { cookie } = await sessionOf(account);
    const asking = posted({ text: "x".repeat(bytes) });
    return (await ask(path, { ...asking, headers: { ...asking.headers, cookie } })).status;
  };
  const PICTURES = `/admin/${CAMPAIGN_SLUG}/pictures`;

  test("reaches the page of pictures alone", async () => {
    expect(await sized(PICTURES, PICTURE_FORM_LIMIT_BYTES - 1_000)).toBe(200);
    expect(reached.map(({ url }) => url)).toEqual([PICTURES]);
    for (const page of [...pages, `${PICTURES}/more`, `/admin/pictures`, "/admin/settings/team?/pictures"])
      if (!page.endsWith("[campaign]/pictures"))
        expect([page, await sized(page, MEBIBYTE)]).toEqual([page, 413]);
    expect(await sized(PICTURES, PICTURE_FORM_LIMIT_BYTES)).toBe(413);
    expect(reached).toHaveLength(1);
  });

  test("that does not say how large it is reaches none", async () => {
    const { cookie } = await sessionOf(account);
    const { headers, ...asking } = posted({ name: "x" });
    const { "content-length": _length, ...unsaid } = headers ?? {};
    const answer = await ask(PICTURES, {
      ...asking,
      headers: { ...unsaid, cookie, "transfer-encoding": "chunked" },
    });
    expect([answer.status, reached]).toEqual([411, []]);
  });

  test("is as large for the framework as for its gate", () => {
    expect(config.experimental?.serverActions?.bodySizeLimit).toBe(PICTURE_FORM_LIMIT_BYTES);
    expect(config.experimental?.proxyClientMaxBodySize).toBe(PICTURE_FORM_LIMIT_BYTES);
  });
});

test("leaves a post to a route handler of the desk to that handler", async () => {
  for (const path of ["/admin/sign-in", "/admin/sign-out", "/admin/enrol/some"]) {
    await ask(path, posted({ name: "x" }));
    expect(reached.at(-1)).toMatchObject({ method: "POST", url: path });
  }
});

test("allows no campaign with a slug that is an address of the desk", () => {
  const taken = readdirSync("app/admin", { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && /^[a-z]/.test(entry.name),
  );
  expect(taken.length).toBeGreaterThan(3);
  for (const { name } of taken) expect([name, isSlug(name)]).toEqual([name, false]);
  expect(isSlug(CAMPAIGN_SLUG)).toBe(true);
});

describe("a form with several buttons, sent without any of them", () => {
  const sent = (cookie: string, action: string) =>
    send(
      searchOrLift,
      { cookie, path: `/admin/${CAMPAIGN_SLUG}/signatories` },
      { form: "search", action, find: "Laila", code: "123456", confirmed: "yes" },
    );
  const NAMES = ["", "publish", "constructor", "__proto__", "toString", "hasOwnProperty"];

  test.each(NAMES)("refuses %s as its own buttons would be", async (action) => {
    expect((await sent("", action)).location).toContain("/admin/sign-in");
    const viewer = await sent((await sessionOf(await enrolled("viewer"))).cookie, action);
    expect([viewer.status, viewer.state]).toEqual([
      403,
      expect.objectContaining({ kind: "failed", typed: {} }),
    ]);
    const { state } = await sent((await sessionOf(account)).cookie, action);
    // Neither code nor answer comes back to the browser.
    const typed = { form: "search", action, find: "Laila" };
    expect(state).toMatchObject({ kind: "failed", title: "Nothing was done", typed });
    expect(state && "typed" in state && Object.keys(state.typed)).toEqual(Object.keys(typed));
  });
});

describe("a draft of a form whose session has ended", () => {
  const idle = async () => {
    const session = await sessionOf(account);
    await database().$executeRaw`
      UPDATE admin_session SET last_seen_at = now() - interval '31 minutes' WHERE id = ${session.id}::uuid`;
    return session;
  };
  const PAGE = "/admin/settings/account?from=here";
  const OURS = { "sec-fetch-site": "same-origin" };
  const FIELDS = { form: "note", text: "زما نوم", password: "secret", code: "123456" };

  test.each([
    ["with JavaScript off", posted(FIELDS), "location"],
    [
      "by the framework's browser code",
      posted(
        {
          ...Object.fromEntries(Object.entries(FIELDS).map(([name, value]) => [`_1_${name}`, value])),
          "0": "[]",
        },
        { "next-action": ACTION },
      ),
      "x-action-redirect",
    ],
  ])("is kept %s, without secrets, for the account of that session", async (_, asking, led) => {
    const { cookie } = await idle();
    const { status, headers } = await ask(PAGE, {
      ...asking,
      headers: { ...asking.headers, ...OURS, cookie },
    });
    expect([status, String(headers[led])]).toEqual([
      303,
      expect.stringContaining(`/admin/sign-in?callbackUrl=${encodeURIComponent(PAGE)}`),
    ]);
    expect(await draftOf(account.id)).toMatchObject({ path: PAGE, typed: { form: "note", text: "زما نوم" } });
    const typed = (await draftOf(account.id))?.typed ?? {};
    expect(Object.keys(typed).sort()).toEqual(["form", "text"]);
    expect(await draftOf((await enrolled("viewer")).id)).toBeNull();
    const [row] = await database().$queryRaw<
      { row: string }[]
    >`SELECT admin_draft::text AS row FROM admin_draft`;
    expect(row?.row).not.toContain("note");
  });

  test.each(["//admin/settings/account?from=here", "/\\admin/settings/account?from=here"])(
    "is kept for %s with an address on this site",
    async (path) => {
      await database().adminDraft.deleteMany();
      const { cookie } = await idle();
      const asking = posted(FIELDS);
      await ask(path, { ...asking, headers: { ...asking.headers, ...OURS, cookie } });
      expect((await draftOf(account.id))?.path).toBe(PAGE);
    },
  );

  test.each(["/en/some", "//evil.example/admin", "/administration", "/admin/../en"])(
    "is not kept for %s, which is no page of the desk",
    async (path) => {
      await database().adminDraft.deleteMany();
      const { cookie } = await idle();
      expect(await keepDraft(cookie, path, Object.entries(FIELDS))).toBe(false);
      expect(await keepDraft(cookie, PAGE, Object.entries(FIELDS))).toBe(true);
    },
  );

  test.each<[string, Record<string, string>]>([
    ["a button", { form: "release", action: "release", signature: "1", "filled-in": "signature" }],
    ["a button and what was saved before", { form: "goals", "was.goal": "1" }],
    ["a button and an empty field", { form: "search", action: "search", find: "" }],
    ["a code", { form: "code", back: "/admin", code: "123456", "filled-in": "back" }],
  ])("is not replaced by a form that consists of %s", async (_, fields) => {
    const sent = async (form: Record<string, string>) => {
      const { cookie } = await idle();
      const asking = posted(form);
      await ask(PAGE, { ...asking, headers: { ...asking.headers, ...OURS, cookie } });
      return (await draftOf(account.id))?.typed.text;
    };
    await sent(FIELDS);
    expect(await sent(fields)).toBe(FIELDS.text);
  });

  test("is deleted after a day", async () => {
    const { cookie } = await idle();
    await keepDraft(cookie, PAGE, Object.entries(FIELDS));
    await database().$executeRaw`UPDATE admin_draft SET saved_at = now() - interval '23 hours'`;
    await forgetDrafts();
    expect(await draftOf(account.id)).not.toBeNull();
    await database().$executeRaw`UPDATE admin_draft SET saved_at = now() - interval '25 hours'`;
    await forgetDrafts();
    expect(await draftOf(account.id)).toBeNull();
  });

  test("is deleted once its own form is carried out, and by no other form", async () => {
    for (const [form, left] of [
      ["note", true],
      ["time-zone", false],
    ] as const) {
      const { cookie } = await idle();
      const asking = posted({ ...FIELDS, form });
      await ask(PAGE, { ...asking, headers: { ...asking.headers, ...OURS, cookie } });
      expect(await draftOf(account.id)).not.toBeNull();
      const { cookie: anew } = await sessionOf(account);
      const browser = { cookie: anew, path: "/admin/settings/account" };
      const { state } = await send(setOwnTimeZone, browser, { form: "time-zone", timeZone: "Asia/Kabul" });
      expect([form, state?.kind, (await draftOf(account.id)) !== null]).toEqual([form, "done", left]);
    }
  });

  test("is deleted once its search has been made", async () => {
    const { cookie } = await idle();
    const page = `/admin/${CAMPAIGN_SLUG}/signatories`;
    const fields = { form: "search", action: "search", find: "Laila" };
    const asking = posted(fields);
    await ask(page, { ...asking, headers: { ...asking.headers, ...OURS, cookie } });
    expect((await draftOf(account.id))?.typed).toEqual(fields);
    const { cookie: anew } = await sessionOf(account);
    const { state } = await send(searchOrLift, { cookie: anew, path: page }, fields);
    expect([state?.kind, await draftOf(account.id)]).toEqual(["found", null]);
  });

  test.each<[string, Record<string, string>]>([
    ["another site's page", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
    ["a page of a neighbouring host", { "sec-fetch-site": "same-site", origin: "https://blog.example.org" }],
    ["an old browser on another site", { origin: "https://evil.example" }],
    ["nobody that can be told", {}],
  ])("is not kept when %s sends it", async (_, telling) => {
    await database().adminDraft.deleteMany();
    const { cookie } = await idle();
    const planted = posted(FIELDS);
    const headers = { ...planted.headers, ...telling, cookie };
    expect((await ask(PAGE, { ...planted, headers })).status).toBe(303);
    expect(await draftOf(account.id)).toBeNull();
  });

  test("is not kept if it is too large or the session was ended on purpose", async () => {
    await database().adminDraft.deleteMany();
    const { cookie, id } = await idle();
    const large = posted({ text: "x".repeat(1024 * 1024) });
    expect((await ask(PAGE, { ...large, headers: { ...large.headers, ...OURS, cookie } })).status).toBe(303);
    await database().adminSession.update({ where: { id }, data: { revokedAt: new Date() } });
    const small = posted(FIELDS);
    expect((await ask(PAGE, { ...small, headers: { ...small.headers, ...OURS, cookie } })).status).toBe(303);
    expect(await draftOf(account.id)).toBeNull();
  });
});
