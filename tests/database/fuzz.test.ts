import { createHmac } from "node:crypto";
import fc from "fast-check";
import { NextRequest } from "next/server";
import { beforeAll, describe, expect, test } from "vitest";
import { readProof } from "@/lib/abuse/proof";
import { addAccount } from "@/lib/accounts/accounts";
import { cookieName } from "@/lib/accounts/sessions";
import { signIn } from "@/lib/accounts/sign-in";
import { addToken } from "@/lib/accounts/tokens";
import { database } from "@/lib/db/client";
import { ACTIONS, type DeskAction } from "@/lib/desk/actions";
import { ROLES } from "@/lib/roles";
import { settings } from "@/lib/settings";
import { TRAP_FIELD } from "@/lib/signing/form";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { CHANGING, handlerOf, isOfDesk, type Route, routes } from "@/tests/support/routes";
import { sessionOf } from "@/tests/support/session";

useDatabase();

/** New ones with each run of the suite. */
const POSTS = 75;
const READS = 20;
/** Files that are drawn, or a password that is hashed, take long. */
const COSTLY = 8;
const DRAWN = /picture|opengraph|pdf|svg/;
/** A post of whose bodies some are good sign-ins, each with a password to hash. */
const SIGN_INS = 30;
const LIMIT_MILLISECONDS = 60_000;
const WEBHOOK_KEY = Buffer.alloc(32, 7);
/** A link to enrol that works, so that what stands behind it is reached. */
let enrolment = "";
/** The cookies of a sign-in page, whose token every form then sends. */
let cookies = "";

/** Texts that have broken programs before: NUL, lone surrogates, directions, joined emoji, whole scripts, long ones. */
const nasty = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.constantFrom(
    "",
    "\0",
    "a\0b",
    "\uD800",
    "x\uDFFF",
    "\u202Eevil",
    "\u2066a\u2069",
    "👩‍👩‍👧‍👦",
    "زرغونه کاکړ",
    "نصیر‌اللہ",
    "Ζωή 王芳 Анна ብርሃን தமிழ் ᐃᓄᒃ 𐎠𐎼",
    "Z\u0351\u0352\u0353".repeat(30),
    "yes",
    "en",
    "ur",
    "AF",
    "pk",
    "Zarghuna",
    "z@example.net",
    "a\0@example.net",
    "\uD800@example.net",
    "%00",
    "__proto__",
    "constructor",
    "' OR 1=1 --",
    "../../etc/passwd",
    "a\r\nBcc: b@example.net",
    "https://example.net",
    "x".repeat(5_000),
    "ﷺ".repeat(300),
  ),
);
const FIELDS = [
  "name",
  "email",
  "country",
  "consent",
  "updates",
  "publicName",
  "locale",
  "ref",
  "origin",
  "proof",
  TRAP_FIELD,
];
const NAMES = [
  ...FIELDS,
  "token",
  "action",
  "page",
  "publicInitial",
  "neverWrite",
  "password",
  "code",
  "secret",
  "csrfToken",
  "callbackUrl",
  "json",
  "redirect",
  "__proto__",
  "constructor",
  "toString",
  "a\0",
];
const valid: Record<string, string> = {
  name: "Zarghuna Kakar",
  email: "zarghuna@example.net",
  country: "AF",
  consent: "yes",
  locale: "en",
};
const actions = fc.constantFrom("correct", "withdraw", "erase", "download", "delete");
/** A good form in which some fields were replaced, so that what stands behind the first check is reached too. */
const texts = fc
  .tuple(fc.dictionary(fc.constantFrom(...NAMES), nasty, { maxKeys: 3 }), fc.option(actions))
  .map(([replaced, action]) => ({ ...valid, ...(action === null ? {} : { action }), ...replaced }));

type Body = { type: string; body: string | Uint8Array<ArrayBuffer> };

function multipart(fields: Record<string, string>, boundary: string): string {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return `${parts.join("")}--${boundary}--\r\n`;
}

const bodies: fc.Arbitrary<Body> = fc.oneof(
  texts.map((fields) => ({
    type: "application/x-www-form-urlencoded",
    body: new URLSearchParams(fields).toString(),
  })),
  texts.map((fields) => ({ type: "application/json", body: JSON.stringify(fields) })),
  texts.map((fields) => ({ type: "multipart/form-data; boundary=b", body: multipart(fields, "b") })),
  fc.tuple(texts, nasty).map(([fields, boundary]) => ({
    type: "multipart/form-data; boundary=b",
    body: multipart(fields, boundary),
  })),
  fc
    .dictionary(fc.constantFrom(...NAMES), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 })
    .map((fields) => ({ type: "application/json", body: JSON.stringify({ ...valid, ...fields }) })),
  fc.jsonValue().map((data) => ({ type: "application/json", body: JSON.stringify(data) })),
  fc
    .uint8Array({ maxLength: 400 })
    .chain((bytes) =>
      fc
        .constantFrom(
          "application/json",
          "application/x-www-form-urlencoded",
          "multipart/form-data",
          "multipart/form-data; boundary=b",
          "text/plain",
          "",
        )
        .map((type) => ({ type, body: new Uint8Array(bytes) })),
    ),
  fc.constantFrom<Body>(
    { type: "application/json", body: "[".repeat(8_000) },
    { type: "application/json", body: `${'{"a":'.repeat(2_500)}1${"}".repeat(2_500)}` },
    { type: "application/json", body: JSON.stringify({ ...valid, name: "x".repeat(1_000_000) }) },
    { type: "application/x-www-form-urlencoded", body: "&".repeat(16_000) },
    { type: "application/x-www-form-urlencoded", body: `name=${"x".repeat(1_000_000)}` },
    { type: "multipart/form-data; boundary=b", body: multipart({ name: "x".repeat(1_000_000) }, "b") },
    { type: "multipart/form-data; boundary=b", body: multipart(valid, "b").slice(0, -4) },
    { type: "multipart/form-data; boundary=b", body: "--b\r\n\r\nno header\r\n--b--\r\n" },
    { type: `multipart/form-data; boundary=${"b".repeat(5_000)}`, body: multipart(valid, "b".repeat(5_000)) },
    { type: 'multipart/form-data; boundary="', body: multipart(valid, '"') },
    { type: "application/x-www-form-urlencoded", body: "name=%00&email=%ff%fe&ref=%ed%a0%80" },
  ),
);

type Options = { accept: string; language: string; client: string; origin: string };
const options: fc.Arbitrary<Options> = fc.record({
  accept: fc.constantFrom("application/json", "text/html", "*/*"),
  language: fc.constantFrom("en", "ur", "ps;q=", ",;q=x", "x".repeat(2_000)),
  client: fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant("")),
  origin: fc.constantFrom("", "", "", "null", "https://evil.example", "nonsense"),
});

function posted({ type, body }: Body, { accept, language, client, origin }: Options): NextRequest {
  const headers = new Headers({ accept, "accept-language": language, "x-client-address": client });
  headers.set("cookie", cookies);
  if (origin !== "") headers.set("origin", origin);
  if (type !== "") headers.set("content-type", type);
  return new NextRequest("http://localhost/", { method: "POST", headers, body });
}

/** An address holds whole characters: what cannot be decoded gets to no route. */
const decoded = nasty.map((text) => text.toWellFormed());
/** What a route's address may hold in its variable parts: something good, so that it is passed, or anything. */
const parameters = fc
  .record({
    slug: fc.oneof(fc.constant(CAMPAIGN_SLUG), decoded),
    campaign: fc.oneof(fc.constant(CAMPAIGN_SLUG), decoded),
    locale: fc.oneof(fc.constantFrom("en", "ur", "ps", "fa-AF"), decoded),
    token: fc.oneof(fc.constantFrom("x".repeat(43), "enrolment"), decoded),
    format: fc.oneof(fc.constantFrom("square", "story"), decoded),
    code: decoded,
    file: decoded,
    path: fc.array(decoded, { minLength: 1, maxLength: 4 }),
    nextauth: fc.oneof(
      fc.constantFrom(["callback", "credentials"], ["csrf"], ["error"], ["signin"]),
      fc.array(decoded, { minLength: 1, maxLength: 3 }),
    ),
  })
  .map((made) => ({ ...made, token: made.token === "enrolment" ? enrolment : made.token }));

const open = routes.filter((route) => !isOfDesk(route));
const isAuth = ({ file }: Route) => file.startsWith("app/api/auth/");

beforeAll(async () => {
  settings().resendWebhookSecret = `whsec_${WEBHOOK_KEY.toString("base64")}`;
  const added = await addAccount("fuzz@example.org", "viewer");
  if (added.kind !== "invited") throw new Error(added.kind);
  enrolment = added.link.split("/").at(-1) ?? "";
  const asked = new NextRequest(`${settings().siteUrl}/api/auth/csrf`);
  const auth = await handlerOf(routeNamed("GET app/api/auth/[...nextauth]/route.ts"));
  const page = await auth(asked, { params: Promise.resolve({ nextauth: ["csrf"] }) });
  cookies = page.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");
  valid.csrfToken = ((await page.json()) as { csrfToken: string }).csrfToken;
});

/** A digest of every row a refusal must leave alone. */
async function rows(): Promise<string> {
  const [row] = await database().$queryRaw<{ digest: string }[]>`
    SELECT md5(concat(
      (SELECT string_agg(signature::text, '|' ORDER BY id) FROM signature),
      (SELECT string_agg(mail::text, '|' ORDER BY id) FROM mail),
      (SELECT string_agg(token::text, '|' ORDER BY hash) FROM token),
      (SELECT string_agg(suppression::text, '|' ORDER BY mailbox_key) FROM suppression),
      (SELECT string_agg(campaign::text, '|' ORDER BY id) FROM campaign),
      (SELECT string_agg(share_sum::text, '|' ORDER BY kind, key, shard) FROM share_sum),
      (SELECT string_agg(webhook_delivery::text, '|' ORDER BY id) FROM webhook_delivery),
      (SELECT string_agg(admin_account::text, '|' ORDER BY id) FROM admin_account),
      (SELECT string_agg(admin_session::text, '|' ORDER BY id) FROM admin_session)
    )) AS digest`;
  return row?.digest ?? "";
}

/** An answer that is a refusal, or an address that does what it says; anything but a fault. */
function expectNoFault({ status }: Response, route: Route): void {
  // 501 is oEmbed's own word for a format it does not speak.
  if (!(status === 501 && route.file.includes("oembed"))) expect(status).toBeLessThan(500);
}

describe("a post of anything", () => {
  test.each(open.filter(({ method }) => CHANGING.includes(method)))(
    "is answered by $name without failing, and changes no row when refused",
    async (route) => {
      const handler = await handlerOf(route);
      await fc.assert(
        fc.asyncProperty(bodies, options, parameters, async (body, option, params) => {
          const before = await rows();
          const answer = await handler(posted(body, option), { params: Promise.resolve(params) });
          expectNoFault(answer, route);
          if (answer.status >= 400) expect(await rows()).toBe(before);
        }),
        { numRuns: isAuth(route) ? SIGN_INS : POSTS },
      );
    },
    LIMIT_MILLISECONDS,
  );

  test("reaches the password check from the sign-in form", async () => {
    const body = { type: "application/x-www-form-urlencoded", body: new URLSearchParams(valid).toString() };
    const option = { accept: "text/html", language: "en", client: "192.0.2.1", origin: "" };
    const auth = await handlerOf(routeNamed("POST app/api/auth/[...nextauth]/route.ts"));
    const params = Promise.resolve({ nextauth: ["callback", "credentials"] });
    const answer = await auth(posted(body, option), { params });
    expect(answer.headers.get("location")).toMatch(/\/api\/auth\/error\?error=CredentialsSignin/);
  });

  test(
    "is refused at the sign-in, and begins no session",
    async () => {
      await fc.assert(
        fc.asyncProperty(nasty, nasty, nasty, async (email, password, code) => {
          const before = await rows();
          const { kind } = await signIn({ email, password, code, client: "192.0.2.1", cookies: "" });
          expect(kind).toBe("refused");
          expect(await rows()).toBe(before);
        }),
        { numRuns: COSTLY },
      );
    },
    LIMIT_MILLISECONDS,
  );

  test(
    "is answered as a signed report of the provider, and changes no row if it is no event",
    async () => {
      const route = routeNamed("POST app/api/webhooks/resend/route.ts");
      const handler = await handlerOf(route);
      const event = fc.record(
        {
          type: fc.oneof(
            fc.constantFrom("email.bounced", "email.complained", "email.delivered", "email.opened"),
            nasty,
          ),
          created_at: fc.oneof(
            nasty,
            fc.date().map(String),
            fc.constantFrom("-200000-01-01T00:00:00Z", "+200000-01-01T00:00:00Z"),
          ),
          data: fc.record(
            {
              email_id: nasty,
              to: fc.oneof(nasty, fc.array(nasty, { maxLength: 5 })),
              bounce: fc.record({ type: fc.constantFrom("Permanent", "Transient") }),
            },
            { requiredKeys: [] },
          ),
        },
        { requiredKeys: ["type"] },
      );
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(event, fc.jsonValue()).map((data) => JSON.stringify(data)),
          async (body) => {
            const id = crypto.randomUUID();
            const timestamp = String(Math.floor(Date.now() / 1000));
            const signature = createHmac("sha256", WEBHOOK_KEY)
              .update(`${id}.${timestamp}.${body}`)
              .digest("base64");
            const headers = {
              "svix-id": id,
              "svix-timestamp": timestamp,
              "svix-signature": `v1,${signature}`,
            };
            const before = await rows();
            const request = new NextRequest("http://localhost/", { method: "POST", headers, body });
            const answer = await handler(request, { params: Promise.resolve({}) });
            expectNoFault(answer, route);
            expect(answer.status).not.toBe(401);
            if (answer.status >= 400) expect(await rows()).toBe(before);
          },
        ),
        { numRuns: POSTS },
      );
    },
    LIMIT_MILLISECONDS,
  );

  test("is taken for a valid proof of work or none, without failing", async () => {
    const shaped = fc.record({
      challenge: fc.record({
        parameters: fc.record({
          algorithm: fc.constantFrom("PBKDF2/SHA-256", "SHA-1"),
          nonce: nasty,
          salt: nasty,
          cost: fc.constantFrom(4_000, 1e9),
          keyLength: fc.oneof(fc.integer(), fc.double()),
          keyPrefix: nasty,
          expiresAt: fc.oneof(fc.integer(), fc.double()),
        }),
        signature: nasty,
      }),
      solution: fc.record({ counter: fc.nat(), derivedKey: nasty }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.oneof(shaped, fc.jsonValue()).map((data) => JSON.stringify(data)),
          nasty,
          fc.anything(),
        ),
        async (field) => {
          expect(await readProof(field, CAMPAIGN_SLUG, Buffer.from([192, 0, 2]))).toBeNull();
        },
      ),
      { numRuns: POSTS },
    );
  });
});

function routeNamed(wanted: string): Route {
  const route = open.find(({ name }) => name === wanted);
  if (!route) throw new Error(`${wanted} is gone`);
  return route;
}

test("is accepted with an invalid share code, so the valid form reaches the rules", async () => {
  const option = { accept: "application/json", language: "en", client: "192.0.2.1", origin: "" };
  const body = { type: "application/json", body: JSON.stringify({ ...valid, ref: "\uD800\0" }) };
  const sign = await handlerOf(routeNamed("POST app/api/petitions/[slug]/signatures/route.tsx"));
  const answer = await sign(posted(body, option), { params: Promise.resolve({ slug: CAMPAIGN_SLUG }) });
  expect(answer.status).toBe(202);
});

test.each(open.filter(({ method }) => method === "GET"))(
  "is answered by $name without failing and without changing a row",
  async (route) => {
    const handler = await handlerOf(route);
    await fc.assert(
      fc.asyncProperty(parameters, nasty, nasty, async (params, query, agent) => {
        const url = new URL("http://localhost/");
        for (const name of [
          "locale",
          TRAP_FIELD,
          "format",
          "maxwidth",
          "ref",
          "origin",
          "meant",
          "to",
          "callbackUrl",
          "error",
        ])
          url.searchParams.set(name, query);
        // A header holds Latin-1 and neither line ends nor NUL; no server would hand on others.
        const named = /^[\x20-\x7e]*$/.test(agent) ? agent : "";
        const headers = {
          "accept-language": named,
          "user-agent": named,
          "if-none-match": named,
          cookie: isAuth(route)
            ? `${cookies}; ${cookieName("callback-url")}=${encodeURIComponent(query.toWellFormed())}`
            : named,
        };
        const before = await rows();
        const answer = await handler(new NextRequest(url, { headers }), { params: Promise.resolve(params) });
        await answer.body?.cancel();
        expectNoFault(answer, route);
        expect(await rows()).toBe(before);
      }),
      { numRuns: DRAWN.test(route.file) ? COSTLY : READS },
    );
  },
  LIMIT_MILLISECONDS,
);

describe("a request of anything at the desk", () => {
  const WHO = [...ROLES, "token"] as const;
  const desk = routes.filter(isOfDesk);
  const FORMS = [...new Set(Object.values<DeskAction>(ACTIONS).map(({ form = "" }) => form))];
  const DESK_FIELDS = [
    ..."find id reason job group name domain network country from to draft import email role lost session".split(
      " ",
    ),
    ..."token days goal nextGoals origins framedBy title text locale text.sms reset verdict subject note".split(
      " ",
    ),
    ..."entry batch decision present password back format status columns names networkPerMinute".split(" "),
  ];
  const DESK_QUERY = [
    ..."code actor action from to before state country locale updates source show group behind ahead".split(
      " ",
    ),
    ..."done saved format status columns reason names".split(" "),
  ];
  /** What a field or an address of the desk holds: something good, so that it is passed, or anything. */
  const held = fc.oneof(
    nasty,
    fc.constantFrom("AF", "en", "open", "viewer", "csv", "all", "any", "yes", "1", "500", "2026-11-27"),
    fc.uuid(),
  );
  const fields = fc.tuple(
    fc.dictionary(fc.constantFrom(...DESK_FIELDS), held, { maxKeys: 8 }),
    fc.constantFrom(...FORMS),
    fc.option(fc.constant("yes")),
  );
  const variable = fc.record({
    id: fc.oneof(fc.uuid(), decoded),
    entry: decoded,
    slug: decoded,
    campaign: fc.oneof(fc.constant(CAMPAIGN_SLUG), decoded),
  });

  async function asked(who: (typeof WHO)[number]): Promise<Record<string, string>> {
    const ours = { accept: "text/html", "sec-fetch-site": "same-origin" };
    if (who !== "token") return { ...ours, cookie: await sessionOf(who) };
    const made = await addToken(crypto.randomUUID(), "owner", 1);
    return { ...ours, authorization: `Bearer ${made.kind === "made" ? made.token : ""}` };
  }

  const each = desk.flatMap((route) => WHO.map((who) => ({ ...route, who })));

  test.each(each.filter(({ method }) => method === "POST"))(
    "is answered by $name for $who without failing",
    async ({ who, ...route }) => {
      const handler = await handlerOf(route);
      await fc.assert(
        fc.asyncProperty(fields, variable, async ([typed, action, confirmed], params) => {
          const body = new URLSearchParams({ ...typed, action, ...(confirmed ? { confirmed } : {}) });
          const headers = await asked(who);
          const request = new NextRequest("http://localhost/admin", { method: "POST", headers, body });
          expectNoFault(await handler(request, { params: Promise.resolve(params) }), route);
        }),
        { numRuns: COSTLY },
      );
    },
    LIMIT_MILLISECONDS,
  );

  test.each(each.filter(({ method }) => method === "GET"))(
    "is answered by $name for $who without failing",
    async ({ who, ...route }) => {
      const handler = await handlerOf(route);
      const query = fc.dictionary(
        fc.constantFrom(...DESK_QUERY),
        held.map((text) => text.toWellFormed()),
        {
          maxKeys: 4,
        },
      );
      await fc.assert(
        fc.asyncProperty(query, variable, async (wanted, params) => {
          const url = new URL("http://localhost/admin");
          for (const [name, value] of Object.entries(wanted)) url.searchParams.set(name, value);
          const answer = await handler(new NextRequest(url, { headers: await asked(who) }), {
            params: Promise.resolve(params),
          });
          await answer.body?.cancel();
          expectNoFault(answer, route);
        }),
        { numRuns: COSTLY },
      );
    },
    LIMIT_MILLISECONDS,
  );

  test.each([
    ["GET app/admin/[campaign]/sharing/page.tsx", "?code=%00"],
    ["GET app/admin/settings/audit/page.tsx", "?actor=%00&action=%00"],
    ["GET app/admin/[campaign]/signatories/page.tsx", "?group=%00&state=%00"],
    ["GET app/api/admin/petitions/[slug]/export/route.ts", "?reason=%00"],
  ])("gets an answer from %s despite a NUL: %s", async (name, search) => {
    const route = desk.find((one) => one.name === name);
    if (!route) throw new Error(`${name} is gone`);
    const request = new NextRequest(`http://localhost/admin${search}`, { headers: await asked("owner") });
    const handler = await handlerOf(route);
    expectNoFault(await handler(request, { params: Promise.resolve({ slug: "a\0" }) }), route);
  });

  test.each([
    ["limits", { action: "add", verdict: "block", subject: "evil.example", note: "a\0b" }],
    ["news", { action: "news", locale: "en", title: "a\0b", text: "c\0d" }],
    ["exports", { action: "save", name: "a\0b", format: "csv", status: "all", "column.id": "yes" }],
  ])("strips a NUL from what a campaign's form of %s stores: %o", async (page, typed) => {
    const route = desk.find(({ name }) => name === `POST app/admin/[campaign]/${page}/actions.ts`);
    if (!route) throw new Error(`${page} is gone`);
    const body = new URLSearchParams(typed);
    const request = new NextRequest("http://localhost/admin", {
      method: "POST",
      headers: await asked("owner"),
      body,
    });
    const answer = await (await handlerOf(route))(request, { params: Promise.resolve({}) });
    expect(answer.status).toBe(303);
  });
});
