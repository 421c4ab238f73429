import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { addBaseline, EMPTY_PAGE_POLICY } from "@/lib/http/baseline";

async function headersOf(prepare: (response: ServerResponse) => void, secure: boolean): Promise<Headers> {
  const server = createServer((_, response) => {
    prepare(response);
    addBaseline(response, secure);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).headers;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("every answer says what a browser must know", async () => {
  const headers = await headersOf(() => {}, true);
  expect(Object.fromEntries(headers)).toMatchObject({
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "strict-transport-security": "max-age=63072000; includeSubDomains; preload",
    "content-security-policy": expect.stringMatching(
      /default-src 'none'.*base-uri 'none'.*object-src 'none'/,
    ),
  });
  expect(headers.get("permissions-policy")).toContain("camera=()");
});

test("without https no browser is told to insist on it", async () => {
  expect((await headersOf(() => {}, false)).has("strict-transport-security")).toBe(false);
});

test("what a route says itself stands", async () => {
  const headers = await headersOf((response) => {
    response.setHeader("cross-origin-resource-policy", "cross-origin");
    response.setHeader("content-security-policy", "default-src 'self'");
  }, true);
  expect(headers.get("cross-origin-resource-policy")).toBe("cross-origin");
  expect(headers.get("content-security-policy")).toBe("default-src 'self'");
});

test.each([
  "application/pdf",
  "image/svg+xml; charset=utf-8",
  "application/atom+xml; charset=utf-8",
  "text/csv",
])("a bare %s has the policy of an empty page", async (type) => {
  const headers = await headersOf((response) => response.setHeader("content-type", type), true);
  expect(headers.get("content-security-policy")).toBe(EMPTY_PAGE_POLICY);
});
