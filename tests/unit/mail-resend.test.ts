import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { resendTransport } from "@/lib/mail/transports/resend";
import type { Delivery, OutgoingMail } from "@/lib/mail/transports/types";
import { type FailureMode, type FakeResend, startFakeResend } from "@/tests/support/fake-resend";

const REFUSED_ADDRESS = "nobody@refused.test";

let fake: FakeResend;
beforeEach(async () => {
  fake = await startFakeResend();
});
afterEach(() => fake.close());

describe("what Resend says, in our words", () => {
  const cases: { mode: FailureMode; delivery: Delivery }[] = [
    { mode: "429", delivery: { kind: "throttled", reason: "rate_limit_exceeded (429)", afterSeconds: 1 } },
    { mode: "500", delivery: { kind: "retry", reason: "internal_server_error (500)", afterSeconds: null } },
    { mode: "hang", delivery: { kind: "retry", reason: "timeout", afterSeconds: null } },
    {
      mode: "cut-after-accept",
      delivery: { kind: "retry", reason: "application_error", afterSeconds: null },
    },
    { mode: "nonsense", delivery: { kind: "retry", reason: "application_error", afterSeconds: null } },
    // Followed, the mails would be accepted.
    { mode: "redirect", delivery: { kind: "retry", reason: "application_error", afterSeconds: null } },
    { mode: "401", delivery: { kind: "misconfigured", cause: "key", reason: "restricted_api_key (401)" } },
    {
      mode: "domain",
      delivery: { kind: "misconfigured", cause: "domain", reason: "validation_error (403)" },
    },
    {
      mode: "sender",
      delivery: { kind: "misconfigured", cause: "sender", reason: "invalid_from_address (422)" },
    },
    {
      mode: "sender-each",
      delivery: {
        kind: "accepted",
        providerIds: [null],
        refused: [{ index: 0, reason: "validation_error: from", cause: "sender" }],
      },
    },
    {
      mode: "refused-connection",
      delivery: { kind: "retry", reason: "application_error", afterSeconds: null },
    },
  ];
  test.each(cases)("$mode: $delivery.kind, and the next try arrives", async ({ mode, delivery }) => {
    const transport = transportTo(fake, 300);
    const batch = { key: "batch-1", mails: mailsTo("a@people.test") };
    fake.fail(mode, 1);
    expect(await transport.deliver(batch)).toEqual(delivery);
    expect(await transport.deliver(batch)).toMatchObject({ kind: "accepted", refused: [] });
    expect(fake.accepted).toHaveLength(1);
  });

  test("a used-up quota pauses for at least a minute and at most a day", async () => {
    fake.fail("quota", 1);
    const delivery = await transportTo(fake).deliver({ key: "q", mails: mailsTo("a@people.test") });
    expect(delivery).toMatchObject({ kind: "quota", reason: "daily_quota_exceeded (429)" });
    const pause = delivery.kind === "quota" ? delivery.afterSeconds : Number.NaN;
    expect(pause).toBeGreaterThanOrEqual(60);
    expect(pause).toBeLessThanOrEqual(24 * 60 * 60);
  });

  test("nobody listening is a retry", async () => {
    await fake.close();
    const delivery = await transportTo(fake).deliver({ key: "gone", mails: mailsTo("a@people.test") });
    expect(delivery.kind).toBe("retry");
  });

  test("a wrong key keeps the mail and raises the alarm", async () => {
    const transport = resendTransport({ apiKey: "re_wrong", baseUrl: fake.url });
    const delivery = await transport.deliver({ key: "k", mails: mailsTo("a@people.test") });
    expect(delivery).toEqual({ kind: "misconfigured", cause: "key", reason: "invalid_api_key (403)" });
    expect(fake.accepted).toHaveLength(0);
  });

  test("more than a hundred mails are refused as a whole", async () => {
    const addresses = Array.from({ length: 101 }, (_, index) => `p${index}@people.test`);
    const delivery = await transportTo(fake).deliver({ key: "big", mails: mailsTo(...addresses) });
    expect(delivery).toEqual({ kind: "refused", reason: "validation_error (422)" });
  });
});

describe("exactly once", () => {
  test("cut after acceptance, then repeated with the same key: one mail each", async () => {
    const transport = transportTo(fake);
    const batch = { key: "frozen", mails: mailsTo("a@people.test", "b@people.test") };
    fake.fail("cut-after-accept", 2);
    expect((await transport.deliver(batch)).kind).toBe("retry");
    expect((await transport.deliver(batch)).kind).toBe("retry");
    const delivery = await transport.deliver(batch);
    expect(fake.accepted.map((mail) => mail.to)).toEqual(["a@people.test", "b@people.test"]);
    expect(delivery).toEqual({
      kind: "accepted",
      providerIds: fake.accepted.map((mail) => mail.id),
      refused: [],
    });
  });

  test("a key used again with another body is refused as the bug it is", async () => {
    const transport = transportTo(fake);
    await transport.deliver({ key: "same", mails: mailsTo("a@people.test") });
    const delivery = await transport.deliver({ key: "same", mails: mailsTo("b@people.test") });
    expect(delivery).toEqual({ kind: "refused", reason: "invalid_idempotent_request (409)" });
    expect(fake.accepted).toHaveLength(1);
  });

  test("two workers with one batch at once: one is told to come back", async () => {
    const slow = await startFakeResend({ answerAfterMilliseconds: 200 });
    try {
      const batch = { key: "both", mails: mailsTo("a@people.test") };
      const deliveries = await Promise.all([
        transportTo(slow).deliver(batch),
        transportTo(slow).deliver(batch),
      ]);
      expect(deliveries.map((delivery) => delivery.kind).sort()).toEqual(["accepted", "retry"]);
      expect(deliveries.find((delivery) => delivery.kind === "retry")).toMatchObject({
        reason: "concurrent_idempotent_requests (409)",
      });
      expect(slow.accepted).toHaveLength(1);
    } finally {
      await slow.close();
    }
  });
});

test("one bad address of three: the other two go out, and the reason names no address", async () => {
  fake.refuse(REFUSED_ADDRESS);
  const mails = mailsTo("a@people.test", REFUSED_ADDRESS, "c@people.test");
  const delivery = await transportTo(fake).deliver({ key: "three", mails });
  expect(fake.accepted.map((mail) => mail.to)).toEqual(["a@people.test", "c@people.test"]);
  expect(delivery).toEqual({
    kind: "accepted",
    providerIds: [fake.accepted[0]?.id, null, fake.accepted[1]?.id],
    refused: [{ index: 1, reason: "validation_error: to" }],
  });
});

test("the mail arrives as it was frozen, under its key", async () => {
  const [mail] = mailsTo("زرغونه@people.test");
  await transportTo(fake).deliver({ key: "whole", mails: mail === undefined ? [] : [mail] });
  const { id: _, ...accepted } = fake.accepted[0] ?? { id: "" };
  expect(accepted).toEqual({ ...mail, key: "whole" });
});

describe("answers that are not Resend's", () => {
  const json = { "content-type": "application/json" };
  const cases: {
    title: string;
    status: number;
    headers?: Record<string, string>;
    body: string;
    delivery: Delivery;
  }[] = [
    { title: "empty body", status: 200, body: "", delivery: retry("application_error") },
    { title: "null", status: 200, body: "null", delivery: retry("unknown_error") },
    { title: "no list", status: 200, body: "{}", delivery: retry("malformed_answer") },
    { title: "too few ids", status: 200, body: '{"data":[{"id":"1"}]}', delivery: retry("malformed_answer") },
    {
      title: "too many ids",
      status: 200,
      body: '{"data":[{"id":"1"},{"id":"2"},{"id":"3"}]}',
      delivery: retry("malformed_answer"),
    },
    {
      title: "an index out of range",
      status: 200,
      body: '{"data":[{"id":"1"}],"errors":[{"index":2,"message":"?"}]}',
      delivery: retry("malformed_answer"),
    },
    {
      title: "ids without text",
      status: 200,
      body: '{"data":[{"id":1},{"id":2}]}',
      delivery: retry("malformed_answer"),
    },
    { title: "error null", status: 500, body: "null", delivery: retry("unknown_error") },
    {
      title: "a proxy's 502",
      status: 502,
      body: "<h1>Bad gateway</h1>",
      delivery: retry("application_error (502)"),
    },
    {
      title: "a proxy's 400",
      status: 400,
      body: "<h1>Bad request</h1>",
      delivery: retry("application_error (400)"),
    },
    {
      title: "an error name that carries an address",
      status: 422,
      body: '{"statusCode":422,"name":"a@people.test is bad","message":"a@people.test"}',
      delivery: retry("unknown_error (422)"),
    },
    {
      title: "a domain that is not verified",
      status: 403,
      body: '{"statusCode":403,"name":"validation_error","message":"The people.test domain is not verified"}',
      delivery: { kind: "misconfigured", cause: "domain", reason: "validation_error (403)" },
    },
    {
      title: "a domain that is not verified, without the status in the body",
      status: 403,
      body: '{"name":"validation_error","message":"The people.test domain is not verified"}',
      delivery: { kind: "misconfigured", cause: "domain", reason: "validation_error" },
    },
    {
      title: "a sender that is not valid",
      status: 422,
      body: '{"statusCode":422,"name":"validation_error","message":"Invalid `from` field. Use a@people.test"}',
      delivery: { kind: "misconfigured", cause: "sender", reason: "validation_error (422)" },
    },
    {
      title: "a recipient that names a domain",
      status: 422,
      body: '{"statusCode":422,"name":"validation_error","message":"Invalid `to` field: domain is not verified"}',
      delivery: { kind: "refused", reason: "validation_error (422)" },
    },
    {
      title: "an account that was closed",
      status: 451,
      body: '{"statusCode":451,"name":"security_error","message":"a@people.test"}',
      delivery: { kind: "misconfigured", cause: "account", reason: "security_error (451)" },
    },
    {
      title: "a proxy's 403",
      status: 403,
      body: "<h1>Forbidden</h1>",
      delivery: { kind: "misconfigured", cause: "endpoint", reason: "application_error (403)" },
    },
    {
      title: "mails whose domain is not verified, one by one",
      status: 200,
      body: '{"data":[],"errors":[{"index":0,"message":"The people.test domain is not verified"},{"index":1,"message":"no"}]}',
      delivery: {
        kind: "accepted",
        providerIds: [null, null],
        refused: [
          { index: 0, reason: "validation_error: domain", cause: "domain" },
          { index: 1, reason: "validation_error" },
        ],
      },
    },
    {
      title: "a longer wait",
      status: 429,
      headers: { "retry-after": "17" },
      body: '{"statusCode":429,"name":"rate_limit_exceeded"}',
      delivery: { kind: "throttled", reason: "rate_limit_exceeded (429)", afterSeconds: 17 },
    },
    {
      title: "only ratelimit-reset",
      status: 429,
      headers: { "ratelimit-reset": "4" },
      body: '{"statusCode":429,"name":"rate_limit_exceeded"}',
      delivery: { kind: "throttled", reason: "rate_limit_exceeded (429)", afterSeconds: 4 },
    },
    {
      title: "a 503 with a date long past",
      status: 503,
      headers: { "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" },
      body: '{"statusCode":503,"name":"internal_server_error"}',
      delivery: { kind: "retry", reason: "internal_server_error (503)", afterSeconds: 1 },
    },
    {
      title: "a quota with its own reset",
      status: 429,
      headers: { "retry-after": "4000", "ratelimit-reset": "1" },
      body: '{"statusCode":429,"name":"monthly_quota_exceeded"}',
      delivery: { kind: "quota", reason: "monthly_quota_exceeded (429)", afterSeconds: 4000 },
    },
  ];
  test.each(cases)("$title: $delivery.kind", async ({ status, headers, body, delivery }) => {
    const server = createServer((request, response) => {
      request.resume().on("end", () => response.writeHead(status, { ...json, ...headers }).end(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const transport = resendTransport({ apiKey: "re_any", baseUrl: `http://127.0.0.1:${port}/` });
      const given = await transport.deliver({ key: "k", mails: mailsTo("a@people.test", "b@people.test") });
      expect(given).toEqual(delivery);
      expect(JSON.stringify(given)).not.toContain("@");
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test("headers at once and then silence end with the timeout", async () => {
    const server = createServer((_, response) => response.writeHead(200, json).write('{"data":['));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const transport = resendTransport({
        apiKey: "re_any",
        baseUrl: `http://127.0.0.1:${port}`,
        timeoutMilliseconds: 200,
      });
      expect(await transport.deliver({ key: "k", mails: mailsTo("a@people.test") })).toEqual(
        retry("timeout"),
      );
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

function retry(reason: string): Delivery {
  return { kind: "retry", reason, afterSeconds: null };
}

function transportTo(target: FakeResend, timeoutMilliseconds = 5_000) {
  return resendTransport({ apiKey: target.apiKey, baseUrl: target.url, timeoutMilliseconds });
}

function mailsTo(...addresses: string[]): OutgoingMail[] {
  return addresses.map((to) => ({
    from: "Campaign <campaign@ours.test>",
    to,
    subject: "Confirm",
    html: "<p>Confirm</p>",
    text: "Confirm",
    headers: { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
  }));
}
