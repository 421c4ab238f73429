import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { isForeign } from "@/lib/http/request";
import { startWebServer, type WebServer } from "@/lib/http/server";
import { log } from "@/lib/log";
import { securityEventTotals } from "@/lib/observability/security-events";

/** What reaches the routes: the web server's own cleaning lies before it. */
let seen: { method: string; url: string; headers: IncomingHttpHeaders }[] = [];
let server: WebServer;

beforeAll(async () => {
  process.env.SITE_URL = "https://campaign.org";
  process.env.TRUSTED_PROXY_HOPS = "1";
  server = await startWebServer({
    port: 0,
    host: "127.0.0.1",
    directRoutes: [
      {
        method: "GET",
        path: /^\/api\/petitions\/(?<token>[a-z]+)$/,
        async answer() {
          log.info("before");
          await sleep(20);
          log.info("after");
          return new Response(null);
        },
      },
    ],
    framework: async () => ({
      async handle({ method = "", url = "", headers }, response) {
        seen.push({ method, url, headers });
        response.end();
      },
      async close() {},
    }),
  });
});
afterAll(() => server.stop(0));
beforeEach(() => {
  seen = [];
});

/** Sends bytes as they are, as no client would. @returns the status of each answer. */
function send(bytes: string): Promise<number[]> {
  return new Promise((resolve) => {
    let received = "";
    const socket = connect(server.port, "127.0.0.1", () => socket.end(bytes, "latin1"));
    socket.setEncoding("latin1").on("data", (chunk) => {
      received += chunk;
    });
    // Refused halfway, we may still be sending.
    socket.on("error", () => {});
    socket.on("close", () => {
      resolve([...received.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status)));
    });
  });
}

const lines = (...all: string[]) => `${all.join("\r\n")}\r\n\r\n`;
const get = (target: string, ...headers: string[]) =>
  send(lines(`GET ${target} HTTP/1.1`, "Host: campaign.org", "Connection: close", ...headers));

test("of what a trusted proxy says, only the client's address goes further", async () => {
  const forged = [
    "Forwarded: host=evil.example",
    "X-Forwarded-For: 192.0.2.7",
    "X-Forwarded-Host: evil.example",
    "X-Forwarded-Port: 1",
    "X-Forwarded-Proto: ftp",
    "X-Real-IP: 198.51.100.1",
    "X-Client-Address: 198.51.100.1",
    "X-This-Machine: 1",
    "X-Middleware-Subrequest: middleware",
  ];
  expect(await get("/en", ...forged)).toEqual([200]);
  expect(seen[0]?.headers).toEqual({
    host: "campaign.org",
    connection: "close",
    "x-client-address": "192.0.2.7",
  });
});

test.each([
  ["both a length and chunks", "Content-Length: 4\r\nTransfer-Encoding: chunked"],
  ["two lengths", "Content-Length: 4\r\nContent-Length: 5"],
  ["a length and an unknown encoding", "Transfer-Encoding: x\r\nContent-Length: 5"],
  ["white space before the colon", "Content-Length : 4"],
])("%s: refused, and nothing behind it is taken for a request", async (_, headers) => {
  const smuggled = lines("GET /smuggled HTTP/1.1", "Host: campaign.org");
  const statuses = await send(
    `${lines("POST /en HTTP/1.1", "Host: campaign.org", headers)}0\r\n\r\n${smuggled}`,
  );
  expect(statuses).toEqual([400]);
  expect(seen.map(({ url }) => url)).not.toContain("/smuggled");
});

test("more headers than anybody needs are refused", async () => {
  expect(await get("/en", `X-Long: ${"x".repeat(64 * 1024)}`)).not.toContain(200);
  expect(seen).toEqual([]);
});

test.each([
  ["http://evil.example/en?ref=a", "/en?ref=a"],
  ["https://evil.example", "/"],
  ["/en?next=http://evil.example/", "/en?next=http://evil.example/"],
  ["/%E0%A4%A", "/unreadable/address"],
  ["*", "/unreadable/address"],
  ["http://evil.example?ref=a", "/?ref=a"],
])("a request for %s is one for %s", async (target, url) => {
  expect(await get(target)).toEqual([200]);
  expect(seen.map((request) => request.url)).toEqual([url]);
});

test.each([
  ["https://campaign.org", false],
  ["http://campaign.org", true],
  ["https://mirror.example", false],
  ["http://mirror.example", true],
  ["https://evil.example", true],
  ["null", true],
])("a post from %s to another name of the site is foreign: %s", (origin, foreign) => {
  const headers = { host: "mirror.example", origin };
  expect(isForeign(new Request("http://localhost/", { method: "POST", headers }))).toBe(foreign);
});

test("a line of the log says in which process and for which request it was written, and no path", async () => {
  const written: string[] = [];
  const writing = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  const secret = `http://127.0.0.1:${server.port}/api/petitions/secret`;
  await Promise.all([fetch(secret), fetch(secret)]);
  log.info("elsewhere");
  writing.mockRestore();
  const told = written.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(told.map(({ event }) => event)).toEqual(["before", "before", "after", "after", "elsewhere"]);
  for (const line of told)
    expect(line).toMatchObject({ time: expect.any(String), level: "info", pid: process.pid });
  for (const line of told) expect(line.program).toMatch(/./);
  const numbers = told.map(({ request }) => request);
  expect(numbers[0]).not.toBe(numbers[1]);
  expect(numbers.slice(2, 4).sort()).toEqual(numbers.slice(0, 2).sort());
  expect(told.slice(0, 4).map(({ route }) => route)).toEqual(["figures", "figures", "figures", "figures"]);
  expect([numbers[4], told[4]?.route]).toEqual([undefined, undefined]);
  expect(written.join("")).not.toContain("secret");
});

test("headers that only the framework may set are counted as an attempt", async () => {
  const total = () => securityEventTotals().find(({ kind }) => kind === "framework-header")?.total ?? 0;
  const before = total();
  await get("/en", "X-Middleware-Subrequest: middleware");
  await get("/en");
  expect(total() - before).toBe(1);
});

test("listens on loopback unless told otherwise, by both of its addresses, and stops on both", async () => {
  const framework = async () => ({
    async handle(_request: IncomingMessage, response: ServerResponse) {
      response.end("here");
    },
    async close() {},
  });
  const onLoopback = await startWebServer({ port: 0, framework });
  const answers = () =>
    Promise.all(
      ["127.0.0.1", "[::1]"].map((host) =>
        fetch(`http://${host}:${onLoopback.port}/en`).then(
          (answer) => answer.text(),
          () => "nothing",
        ),
      ),
    );
  const hasIpv6 = Object.values(networkInterfaces())
    .flat()
    .some((address) => address?.address === "::1");
  expect(await answers()).toEqual(["here", hasIpv6 ? "here" : "nothing"]);
  await onLoopback.stop(0);
  expect(await answers()).toEqual(["nothing", "nothing"]);
});
