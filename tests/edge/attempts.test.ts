import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Edge, startEdge } from "@/scripts/support/edge";

/** More at once than a crowd behind one address asks for. */
const FLOOD = 800;

// Behind the shipped nginx stands a server that lets everything be kept, and notes what reached it.
let seen: string[] = [];
let edge: Edge;
let site: Server;

beforeAll(async () => {
  site = createServer((incoming, answer) => {
    seen.push(`${incoming.headers.host}${incoming.url}`);
    answer.writeHead(200, { "cache-control": "public, s-maxage=60" }).end("file");
  }).listen(0, "127.0.0.1");
  await once(site, "listening");
  edge = await startEdge([(site.address() as AddressInfo).port]);
});
afterAll(async () => {
  await edge?.stop();
  site?.closeAllConnections();
  site?.close();
});
beforeEach(() => {
  seen = [];
});

async function ask(
  address: string,
  headers: Record<string, string> = {},
  origin = edge.origin,
): Promise<{ status: number; headers: IncomingHttpHeaders }> {
  const asked = request(new URL(address, origin), { headers }).end();
  const [answer] = await once(asked, "response");
  answer.resume();
  await once(answer, "end");
  return { status: answer.statusCode, headers: answer.headers };
}
/** Has the shape of a share code. */
const random = () =>
  Array.from({ length: 8 }, () => "23456789bcdfghjkmnpqrstvwxz".charAt(Math.random() * 27)).join("");

describe("S14: an attacker who wants each request drawn anew", () => {
  test.each([
    "/en/campaign/sheet.pdf",
    "/en/campaign/poster.pdf",
    "/en/campaign/qr.svg",
    "/en/campaign/picture/story",
    "/en/campaign/opengraph-image",
    "/api/petitions/campaign/badge.svg",
    "/embed.js",
    "/api/oembed",
    "/enhance/en.js",
    "/en/campaign",
    "/fa-AF/campaign/updates.atom",
  ])("adds something random to %s, and is answered from the cache", async (address) => {
    for (let tries = 0; tries < 5; tries++) {
      expect((await ask(`${address}?z=${random()}`)).status).toBe(200);
      expect((await ask(`${address}?ref=${random()}/..%2F`)).status).toBe(200);
      expect((await ask(`${address}?${random()}`)).status).toBe(200);
    }
    expect(seen).toEqual([`127.0.0.1${address}`]);
  });

  test("asks under names of the attacker's own, and is refused", async () => {
    for (const host of [
      `${random()}.example`,
      "evil.example:443",
      "campaign.org.evil.example",
      `${random()}.`,
    ]) {
      const refused = await ask("/en/campaign/sheet.pdf", { host });
      expect(refused.status).toBe(421);
      expect(refused.headers["content-security-policy"]).toMatch(/default-src 'none'/);
      const plain = await ask("/en/campaign", { host }, `http://127.0.0.1:${edge.plainPort}`);
      expect([plain.status, plain.headers.location]).toEqual([421, undefined]);
    }
    expect(seen).toEqual([]);
  });

  test.each([
    ["sheets with ever new codes", () => `/en/campaign/sheet.pdf?ref=${random()}`],
    ["pictures without end", () => "/en/campaign/opengraph-image"],
    ["short links nobody made", () => `/s/${random()}`],
    ["pages with ever new codes", () => `/en/campaign?ref=${random()}`],
  ])("asks for %s, and is told to wait", async (_, address) => {
    // What the test before asked for has drained away.
    await sleep(1_000);
    const answers = await Promise.all(Array.from({ length: FLOOD }, () => ask(address())));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(100);
    expect(refused[0]?.headers["retry-after"]).toBe("10");
    expect((await ask("/en/campaign")).status).toBe(200);
  });
});

describe("S6: a stranger who asks the edge for the mailbox", () => {
  test.each([
    "/dev/mailbox",
    "/dev/mailbox.json",
    "/dev/mailbox.json?to=a@example.org",
    "//dev/mailbox",
    "/en/../dev/mailbox",
  ])("is told that there is no %s", async (address) => {
    const asked = request({ host: "127.0.0.1", port: new URL(edge.origin).port, path: address }).end();
    const [answer] = await once(asked, "response");
    answer.resume();
    expect(answer.statusCode).toBe(404);
    expect(seen).toEqual([]);
  });
});
