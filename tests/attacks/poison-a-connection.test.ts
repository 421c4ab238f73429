import { describe, expect, test } from "vitest";
import type { DirectRoute } from "@/lib/http/direct";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { openConnection, type RawConnection } from "@/tests/support/raw-connection";
import { useWebServer } from "@/tests/support/web-server";

/** More than any form may have, and more than a connection takes in before somebody reads. */
const LARGE = 600_000;
const PIECE = 8_192;

useDatabase();
const site = useWebServer(async () => {
  const { directRoutes } = await import("@/app/direct-routes");
  const { POST: access } = await import("@/app/api/signature/access/route");
  const framed: DirectRoute[] = [
    { method: "POST", path: /^\/api\/signature\/access$/, answer: (request) => access(request) },
  ];
  return { direct: directRoutes, framed };
});

const SIGNING = `/api/petitions/${CAMPAIGN_SLUG}/signatures`;
const LOST_LINK = "/api/signature/access";

function head(target: string, ...headers: string[]): string {
  return [`POST ${target} HTTP/1.1`, "Host: localhost", "Accept: application/json", ...headers, "", ""].join(
    "\r\n",
  );
}
const chunks = (bytes: number) =>
  `${PIECE.toString(16)}\r\n${"x".repeat(PIECE)}\r\n`.repeat(Math.ceil(bytes / PIECE));

const JSON_TYPE = "Content-Type: application/json";
const TEXT_TYPE = "Content-Type: text/plain";
const CHUNKED = "Transfer-Encoding: chunked";
const FOREIGN = "Origin: https://evil.example";

const refused: [string, number, (target: string) => string][] = [
  [
    "a form that says it is too large",
    413,
    (to) => head(to, JSON_TYPE, `Content-Length: ${LARGE}`) + "x".repeat(LARGE),
  ],
  ["a form too large in chunks", 413, (to) => `${head(to, JSON_TYPE, CHUNKED)}${chunks(LARGE)}0\r\n\r\n`],
  ["another type in chunks", 415, (to) => `${head(to, TEXT_TYPE, CHUNKED)}${chunks(LARGE)}0\r\n\r\n`],
  [
    "another type at length",
    415,
    (to) => head(to, TEXT_TYPE, `Content-Length: ${LARGE}`) + "x".repeat(LARGE),
  ],
  [
    "another site's form in chunks",
    403,
    (to) => `${head(to, JSON_TYPE, FOREIGN, CHUNKED)}${chunks(LARGE)}0\r\n\r\n`,
  ],
  ["chunks that never end", 415, (to) => `${head(to, TEXT_TYPE, CHUNKED)}${chunks(PIECE)}`],
];

/** A form that is answered, on the same connection or, when that one was closed in good order, on another. */
async function nextForm(connection: RawConnection, closing: boolean): Promise<number | undefined> {
  if (closing) await connection.ended;
  const next = closing ? openConnection(site.current().port) : connection;
  next.send(`${head(SIGNING, JSON_TYPE, "Content-Length: 2")}{}`);
  const answer = await next.answer();
  next.close();
  return answer?.status;
}

describe.each([
  ["the web server's own routes", SIGNING],
  ["the framework's routes", LOST_LINK],
])("S15: an attacker on a connection shared with honest signers, against %s", (_, target) => {
  test.each(refused)("sends %s, gets an error, and delays nobody", async (_name, status, bytes) => {
    const connection = openConnection(site.current().port);
    connection.send(bytes(target));
    const answer = await connection.answer();
    expect(answer?.status).toBe(status);
    expect(answer?.body).toContain("error");
    expect(await nextForm(connection, answer?.headers.get("connection") === "close")).toBe(422);
    connection.close();
  });

  test("cannot smuggle a second request behind a refused one", async () => {
    const connection = openConnection(site.current().port);
    connection.send(`${head(target, TEXT_TYPE, CHUNKED)}${chunks(PIECE)}`);
    const answer = await connection.answer();
    expect([answer?.status, answer?.headers.get("connection")]).toEqual([415, "close"]);
    connection.send(`0\r\n\r\n${head(SIGNING, JSON_TYPE, "Content-Length: 2")}{}`);
    expect(await connection.answer()).toBeNull();
    connection.close();
  });

  test("gets the error even when it is sent behind a request that is not yet answered", async () => {
    const connection = openConnection(site.current().port);
    const first = "GET /api/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
    connection.send(`${first}${head(target, TEXT_TYPE, CHUNKED)}${chunks(LARGE)}`);
    expect((await connection.answer())?.status).toBe(200);
    const refusal = await connection.answer();
    expect([refusal?.status, refusal?.headers.get("connection")]).toEqual([415, "close"]);
    await connection.ended;
    connection.close();
  });

  test("is cut off after sending without end", async () => {
    const connection = openConnection(site.current().port);
    connection.send(`${head(target, TEXT_TYPE, CHUNKED)}${chunks(PIECE)}`);
    expect((await connection.answer())?.status).toBe(415);
    const endless = setInterval(() => connection.send(chunks(LARGE)), 10);
    await connection.cut;
    clearInterval(endless);
  });
});

test("keeps the connection open after a form within the limit", async () => {
  const connection = openConnection(site.current().port);
  const statuses: (number | undefined)[] = [];
  for (const body of ["{}", `{"name":"${"x".repeat(10_000)}"}`, "not json"]) {
    connection.send(
      `${head(SIGNING, JSON_TYPE, CHUNKED)}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    );
    const answer = await connection.answer();
    expect(answer?.headers.get("connection")).not.toBe("close");
    statuses.push(answer?.status);
  }
  expect(statuses).toEqual([422, 422, 400]);
  connection.close();
});
