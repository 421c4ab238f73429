import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { SHARED_CACHE_CONTROL } from "@/lib/http/page-cache";
import { type Edge, startEdge } from "@/scripts/support/edge";

/** Longer than the site lets caches keep a page and serve it while they renew it. */
const PAST_FRESHNESS_MS = 7_500;

// Behind nginx stands a server that notes what reaches it: what nginx lets through is what is tested here.
type Seen = { method: string; url: string; headers: IncomingHttpHeaders };
let seen: Seen[] = [];
let state: "up" | "failing" = "up";
let edge: Edge;
let site: Server;

beforeAll(async () => {
  site = createServer((incoming, answer) => {
    seen.push({ method: incoming.method ?? "", url: incoming.url ?? "", headers: incoming.headers });
    incoming.resume();
    const body = "<!doctype html><title>page</title>".padEnd(4_000, "x");
    const kept = !(incoming.url ?? "").includes("confirm") && incoming.method === "GET";
    // Late enough for a crowd to arrive while the first reader is still being answered.
    setTimeout(() => {
      if (state === "failing") answer.writeHead(503).end("down");
      else
        answer
          .writeHead(200, {
            "content-type": "text/html; charset=utf-8",
            "cache-control": kept ? SHARED_CACHE_CONTROL : "no-store",
            "strict-transport-security": "max-age=1",
            "content-security-policy": "default-src 'self'",
            vary: incoming.url === "/" ? "Accept-Language" : "Accept-Encoding",
          })
          .end(body);
    }, 100);
  }).listen(0, "127.0.0.1");
  await once(site, "listening");
  edge = await startEdge([(site.address() as AddressInfo).port], { logAtOnce: true });
});
afterAll(async () => {
  await edge?.stop();
  site?.closeAllConnections();
  site?.close();
});
beforeEach(() => {
  seen = [];
  state = "up";
});

/** As a client writes it: `fetch` refuses some of these headers. */
async function ask(
  address: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }> {
  const asked = request(new URL(address, edge.origin), { method, headers }).end();
  const [answer] = await once(asked, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) };
}

test("a crowd that arrives at once costs the site one page, however browsers spell what they accept", async () => {
  const spellings = ["gzip", "gzip, deflate", "deflate, gzip;q=0.8", "GZIP"];
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      ask("/en/crowd", { "accept-encoding": spellings[index % spellings.length] ?? "" }),
    ),
  );
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(seen.filter(({ url }) => url === "/en/crowd")).toHaveLength(1);
});

test("who accepts brotli, gzip or nothing is answered apart", async () => {
  for (const accepted of ["br, gzip", "gzip", "br;q=0, gzip", "identity"])
    await ask("/en/encodings", { "accept-encoding": accepted });
  expect(seen.map(({ headers }) => headers["accept-encoding"])).toEqual(["br", "gzip", undefined]);
});

test("text that comes uncompressed leaves compressed", async () => {
  const answer = await ask("/en/compressed", { "accept-encoding": "gzip" });
  expect(answer.headers["content-encoding"]).toBe("gzip");
  expect(gunzipSync(answer.body).toString()).toContain("<title>page</title>");
});

test("readers of different languages are not sent to one another's page", async () => {
  await ask("/", { "accept-language": "ur" });
  await ask("/", { "accept-language": "ps" });
  expect(seen.map(({ headers }) => headers["accept-language"])).toEqual(["ur", "ps"]);
});

test("a page is served on while the site fails, and is new again when the site is back", async () => {
  await ask("/en/outage");
  state = "failing";
  await sleep(PAST_FRESHNESS_MS);
  expect((await ask("/en/outage")).status).toBe(200);
  expect(seen.length).toBeGreaterThan(1);
  state = "up";
  const before = seen.length;
  expect((await ask("/en/outage")).status).toBe(200);
  expect(seen.length).toBeGreaterThan(before);
}, 20_000);

test("a page that is past its time is not served old to whoever comes next", async () => {
  await ask("/en/quiet");
  await sleep(PAST_FRESHNESS_MS);
  await ask("/en/quiet");
  expect(seen).toHaveLength(2);
}, 20_000);

test("pages of one signer are asked for every time", async () => {
  await ask("/en/confirm/secret");
  await ask("/en/confirm/secret");
  expect(seen).toHaveLength(2);
});

test("a failure to sign is told, never replaced by an older answer", async () => {
  state = "failing";
  expect((await ask("/api/petitions/x/signatures", {}, "POST")).status).toBe(503);
});

test("what only we may say does not come in from outside", async () => {
  await ask("/en/headers", {
    "x-middleware-subrequest": "middleware",
    "next-action": "abc",
    upgrade: "websocket",
    connection: "upgrade",
    forwarded: "for=192.0.2.1",
    "x-forwarded-for": "192.0.2.1",
    "x-forwarded-host": "evil.example",
    "x-real-ip": "192.0.2.1",
    "x-client-address": "192.0.2.1",
    "x-this-machine": "1",
  });
  const headers = seen[0]?.headers ?? {};
  expect(headers["x-forwarded-for"]).toBe("127.0.0.1");
  for (const name of [
    "x-middleware-subrequest",
    "next-action",
    "upgrade",
    "forwarded",
    "x-forwarded-host",
    "x-real-ip",
    "x-client-address",
    "x-this-machine",
  ])
    expect(headers, name).not.toHaveProperty(name);
});

test("metrics and the picture resizer are closed to the outside", async () => {
  expect((await ask("/api/metrics")).status).toBe(404);
  expect((await ask("/_next/image?url=x")).status).toBe(404);
  expect(seen).toHaveLength(0);
});

test("plain HTTP leads to HTTPS, and HTTPS says it will stay", async () => {
  const plain = await ask(`http://127.0.0.1:${edge.plainPort}/en/x?ref=a`);
  expect([plain.status, plain.headers.location]).toEqual([301, "https://campaign.org/en/x?ref=a"]);
  expect(await every("strict-transport-security", "/en/hsts")).toEqual([
    expect.stringMatching(/^max-age=63072000/),
  ]);
  expect(await every("strict-transport-security", "/_next/image")).toEqual([
    expect.stringMatching(/^max-age=63072000/),
  ]);
});

test.each([
  ["GET", "/api/petitions/x", 403],
  ["POST", "/api/petitions/x/signatures", 403],
  ["POST", "/en/x", 403],
  ["HEAD", "/en/x", 301],
  ["GET", "/s/abcdefgh", 301],
])("in plain HTTP, %s %s is %i: only who reads a page is led on", async (method, address, status) => {
  const plain = await ask(`http://127.0.0.1:${edge.plainPort}${address}`, {}, method);
  expect(plain.status).toBe(status);
  expect(plain.headers.location).toBe(status === 301 ? `https://campaign.org${address}` : undefined);
  expect(plain.headers["content-security-policy"]).toMatch(/frame-ancestors 'none'/);
  // nginx never names one on a redirect, whose few words are ASCII.
  if (status === 403) expect(plain.headers["content-type"]).toBe("text/plain; charset=utf-8");
  expect(seen).toHaveLength(0);
});

test("what nginx answers by itself has a policy and a character set, and what the site answers keeps its own alone", async () => {
  for (let asked = 0; asked < 2; asked += 1) {
    expect(await every("content-security-policy", "/en/policy")).toEqual(["default-src 'self'"]);
    expect(await every("content-type", "/en/policy")).toEqual(["text/html; charset=utf-8"]);
  }
  expect(await every("content-type", "/_next/image")).toEqual(["text/html; charset=utf-8"]);
  expect(await every("content-security-policy", "/_next/image")).toEqual([
    expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
  ]);
});

/** Every header of that name: a second would not show among an answer's headers. */
async function every(name: string, address: string): Promise<string[]> {
  const asked = request(new URL(address, edge.origin)).end();
  const [answer] = await once(asked, "response");
  answer.resume();
  const raw: string[] = answer.rawHeaders;
  return raw.filter((_, index) => raw[index - 1]?.toLowerCase() === name);
}

test.each(["/", "/ur/parameters", "/ps/parameters/poster.pdf", "/api/petitions/parameters"])(
  "what is added to %s for one reader, or to get past the cache, costs the site nothing",
  async (path) => {
    for (const added of [
      "",
      "?fbclid=a",
      "?utm_source=b&c",
      "?%72ef=abcdefgh",
      "?REF=abcdefgh",
      "?ref=not/a/code",
      "?",
    ])
      expect((await ask(`${path}${added}`)).status).toBe(200);
    expect(seen.map(({ url }) => url)).toEqual([path]);
  },
);

test.each([
  "/en/private/thanks",
  "/fa-AF/private/thanks?confirmed",
  "/en/signature",
  "/en/signature?sent",
  "/en/signature/to-k_en",
])(
  "%s is kept for nobody, nor do readers wait for each other: none can tell that another was there",
  async (path) => {
    const readers = Array.from({ length: 10 }, () => ask(path));
    await Promise.race(readers);
    expect(seen.length).toBeGreaterThan(1);
    await Promise.all(readers);
    await ask(path);
    expect(seen).toHaveLength(11);
  },
);

test.each([
  ["/en/kept?utm=a&ref=bcdfghjk&b=c", "/en/kept?ref=bcdfghjk&"],
  ["/en/kept/thanks?confirmed", "/en/kept/thanks?confirmed&"],
  ["/en/kept/thanks?x&meant=gmail.com", "/en/kept/thanks?meant=gmail.com&"],
  ["/en/kept/sheet.pdf?ref=bcdfghjk&download", "/en/kept/sheet.pdf?download&"],
  ["/en/kept/opengraph-image?15000.2", "/en/kept/opengraph-image?15000.2"],
  ["/en/kept/opengraph-image?handed_over.v12", "/en/kept/opengraph-image?handed_over.v12"],
  ["/en/kept/opengraph-image?v=1", "/en/kept/opengraph-image"],
  ["/en/signature?sent", "/en/signature?sent&"],
  ["/en/signature/to-k_en?saved=1", "/en/signature/to-k_en?saved&"],
  ["/api/petitions/kept/badge.svg?x&locale=ur", "/api/petitions/kept/badge.svg?locale=ur&"],
  [
    "/api/oembed?url=https%3A%2F%2Fcampaign.org%2Fen%2Fkept&x=1&maxwidth=300",
    "/api/oembed?url=https%3A%2F%2Fcampaign.org%2Fen%2Fkept&maxwidth=300&",
  ],
  ["/EN/kept?ref=bcdfghjk", "/EN/kept?ref=bcdfghjk&"],
  ["/fa-af/kept?utm=a&ref=bcdfghjk", "/fa-af/kept?ref=bcdfghjk&"],
  ["/s/abcdefgh?x", "/s/abcdefgh"],
  [
    "/embed/kept?locale=ur&x&origin=https%3A%2F%2Fnews.example",
    "/embed/kept?locale=ur&origin=https%3A%2F%2Fnews.example&",
  ],
])("%s reaches the site as %s", async (asked, reached) => {
  await ask(asked);
  expect(seen.map(({ url }) => url)).toEqual([reached]);
});

test("a path that spells a parameter is not kept for the page with that parameter", async () => {
  await ask("/en/spelt%3Fref=bcdfghjk&");
  await ask("/en/spelt?ref=bcdfghjk");
  expect(seen.map(({ url }) => url)).toEqual(["/en/spelt%3Fref=bcdfghjk&", "/en/spelt?ref=bcdfghjk&"]);
});

test("tokens and addresses are in no log", async () => {
  await ask("/en/confirm/token-in-a-path");
  const log = await readFile(path.join(edge.folder, "access.log"), "utf8");
  expect(log).toMatch(/ GET 200 /);
  expect(log).not.toMatch(/token-in-a-path|127\.0\.0\.1/);
});

test("two hundred people behind one address sign at once; a flood from one is told when to come back", async () => {
  const post = () => ask("/api/petitions/x/signatures", {}, "POST");
  // What earlier tests posted has drained away.
  await sleep(1_000);
  const crowd = await Promise.all(Array.from({ length: 200 }, post));
  expect(crowd.every(({ status }) => status === 200)).toBe(true);
  const flood = await Promise.all(Array.from({ length: 400 }, post));
  const refused = flood.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(200);
  expect(refused[0]?.headers["retry-after"]).toBe("10");
  expect(refused[0]?.headers["content-security-policy"]).toMatch(/default-src 'none'/);
  expect((await ask("/en/reading-goes-on")).status).toBe(200);
});
