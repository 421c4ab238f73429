import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { POST as confirmRoute } from "@/app/api/confirm/route";
import { GET as oembed } from "@/app/api/oembed/route";
import { GET as badge } from "@/app/api/petitions/[slug]/badge.svg/route";
import { GET as countries } from "@/app/api/petitions/[slug]/countries/route";
import { GET as figures } from "@/app/api/petitions/[slug]/route";
import { POST as signRoute } from "@/app/api/petitions/[slug]/signatures/route";
import { POST as accessRoute } from "@/app/api/signature/access/route";
import { POST as signatureRoute } from "@/app/api/signature/route";
import { POST as unsubscribeRoute } from "@/app/api/unsubscribe/[token]/route";
import { GET as embedded } from "@/app/embed/[slug]/route";
import { GET as shortLink } from "@/app/s/[code]/route";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import { database } from "@/lib/db/client";
import { useDatabase } from "@/tests/support/application";

useDatabase();

const RUNS = 300;
const LIMIT_MILLISECONDS = 60_000;

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
];
const NAMES = [...FIELDS, "token", "action", "page", "__proto__", "constructor", "toString", "a\0"];
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

function posted({ type, body }: Body, { accept, language, client, origin }: Options): Request {
  const headers = new Headers({ accept, "accept-language": language, "x-client-address": client });
  if (origin !== "") headers.set("origin", origin);
  if (type !== "") headers.set("content-type", type);
  return new Request("http://localhost/", { method: "POST", headers, body });
}

/** A digest of every row a refusal must leave alone. */
async function rows(): Promise<string> {
  const [row] = await database().$queryRaw<{ digest: string }[]>`
    SELECT md5(concat(
      (SELECT string_agg(signature::text, '|' ORDER BY id) FROM signature),
      (SELECT string_agg(mail::text, '|' ORDER BY id) FROM mail),
      (SELECT string_agg(token::text, '|' ORDER BY hash) FROM token),
      (SELECT string_agg(suppression::text, '|' ORDER BY email_key) FROM suppression),
      (SELECT string_agg(campaign::text, '|' ORDER BY id) FROM campaign),
      (SELECT string_agg(share_code::text, '|' ORDER BY code) FROM share_code)
    )) AS digest`;
  return row?.digest ?? "";
}

type Post = (request: Request, text: string) => Promise<Response>;
const posts: [string, Post][] = [
  ["sign", (request) => signRoute(request, { params: Promise.resolve({ slug: CAMPAIGN_SLUG }) })],
  ["sign for any campaign", (request, slug) => signRoute(request, { params: Promise.resolve({ slug }) })],
  ["confirm", (request) => confirmRoute(request)],
  ["the signer's page", (request) => signatureRoute(request)],
  ["a lost link", (request) => accessRoute(request)],
  ["unsubscribe", (request, token) => unsubscribeRoute(request, { params: Promise.resolve({ token }) })],
];

describe("whatever is posted", () => {
  test.each(posts)(
    "%s answers without failing, and a refusal changes no row",
    async (_, post) => {
      await fc.assert(
        fc.asyncProperty(bodies, options, nasty, async (body, option, text) => {
          const before = await rows();
          const answer = await post(posted(body, option), text);
          expect(answer.status).toBeLessThan(500);
          if (answer.status >= 400) expect(await rows()).toBe(before);
        }),
        { numRuns: RUNS },
      );
    },
    LIMIT_MILLISECONDS,
  );
});

test("a form with nothing but a share code that is none is still accepted, so the good form reaches the rules", async () => {
  const option = { accept: "application/json", language: "en", client: "192.0.2.1", origin: "" };
  const body = { type: "application/json", body: JSON.stringify({ ...valid, ref: "\uD800\0" }) };
  const answer = await signRoute(posted(body, option), { params: Promise.resolve({ slug: CAMPAIGN_SLUG }) });
  expect(answer.status).toBe(202);
});

type Get = (request: Request, text: string) => Promise<Response>;
const gets: [string, Get][] = [
  ["figures", (request, slug) => figures(request, { params: Promise.resolve({ slug }) })],
  ["countries", (request, slug) => countries(request, { params: Promise.resolve({ slug }) })],
  ["badge", (request, slug) => badge(request, { params: Promise.resolve({ slug }) })],
  ["the framed form", (request, slug) => embedded(request, { params: Promise.resolve({ slug }) })],
  ["a short link", (request, code) => shortLink(request, { params: Promise.resolve({ code }) })],
  ["oEmbed", (request) => oembed(request)],
];

test.each(gets)(
  "whatever %s is asked for, it answers without failing and changes no row",
  async (_, get) => {
    await fc.assert(
      fc.asyncProperty(nasty, nasty, async (text, query) => {
        const url = new URL("http://localhost/");
        for (const name of ["locale", "url", "format", "maxwidth", "ref"]) url.searchParams.set(name, query);
        const before = await rows();
        const { status } = await get(new Request(url), text);
        // 501 is oEmbed's own word for a format it does not speak.
        expect(status === 501 ? 400 : status).toBeLessThan(500);
        expect(await rows()).toBe(before);
      }),
      { numRuns: RUNS },
    );
  },
  LIMIT_MILLISECONDS,
);
