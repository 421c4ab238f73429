import { createHmac } from "node:crypto";
import { NextRequest } from "next/server";
import { beforeEach, expect, test } from "vitest";
import { addListEntry } from "@/lib/abuse/owner-settings";
import { forgetPolicies } from "@/lib/abuse/policy";
import { database } from "@/lib/db/client";
import { sendOnce } from "@/lib/mail/sending";
import { metricsText } from "@/lib/observability/metrics";
import { securityEventTotals } from "@/lib/observability/security-events";
import { settings } from "@/lib/settings";
import { TRAP_FIELD } from "@/lib/signing/form";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { CapturingTransport, tokenIn } from "@/tests/support/capturing-transport";
import { handlerOf, routes } from "@/tests/support/routes";
import { OWNER, sessionOf } from "@/tests/support/session";

useDatabase();

const WORKER = "00000000-0000-4000-8000-000000000001";
const UNKNOWN_TOKEN = "x".repeat(43);
const WEBHOOK_KEY = Buffer.alloc(32, 7);
const SIGN = "POST app/api/petitions/[slug]/signatures/route.tsx";
const signer = {
  name: "Zarghuna Kakar",
  email: "zarghuna@example.net",
  country: "AF",
  consent: "yes",
  locale: "en",
};

beforeEach(async () => {
  settings().resendWebhookSecret = `whsec_${WEBHOOK_KEY.toString("base64")}`;
  settings().metricsToken = "metrics";
  await database().$executeRaw`DELETE FROM signature`;
  await database().$executeRaw`DELETE FROM network_minute`;
});

async function call(
  name: string,
  fields: Record<string, string> | string | null,
  headers: Record<string, string> = {},
): Promise<number> {
  const route = routes.find((each) => each.name === name);
  if (!route) throw new Error(`${name} is gone`);
  const request = new NextRequest("http://localhost/", {
    method: route.method,
    headers: { accept: "application/json", "x-client-address": "192.0.2.1", ...headers },
    body: typeof fields === "string" || fields === null ? fields : new URLSearchParams(fields),
  });
  const handler = await handlerOf(route);
  const answer = await handler(request, {
    params: Promise.resolve({ slug: CAMPAIGN_SLUG, locale: "en", token: UNKNOWN_TOKEN }),
  });
  await answer.body?.cancel();
  return answer.status;
}

/** What an act is counted as: the kinds, each as often as it was noted. */
async function notedBy(act: () => Promise<unknown>): Promise<string[]> {
  const before = securityEventTotals();
  await act();
  return securityEventTotals().flatMap(({ kind, total }, place) =>
    Array.from({ length: total - (before[place]?.total ?? 0) }, () => kind),
  );
}

test("counts no security event for ordinary signing, confirming and unsubscribing", async () => {
  const noted = await notedBy(async () => {
    expect(await call(SIGN, signer)).toBe(202);
    const provider = new CapturingTransport();
    while (await sendOnce(provider, WORKER));
    const token = tokenIn(provider.last(signer.email).text, "confirm");
    expect(await call("POST app/api/confirm/route.ts", { token })).toBe(200);
  });
  expect(noted).toEqual([]);
});

test("counts a form posted by a page of another origin", async () => {
  const foreign = { origin: "https://evil.example" };
  expect(await notedBy(() => call(SIGN, signer, foreign))).toEqual(["foreign-post"]);
  const limits = "POST app/admin/[campaign]/limits/actions.ts";
  const cookie = await sessionOf("owner");
  expect(await notedBy(() => call(limits, { action: "set" }, { ...foreign, cookie }))).toEqual([
    "foreign-post",
  ]);
});

test("counts a form with the trap field filled in", async () => {
  expect(await notedBy(() => call(SIGN, { ...signer, [TRAP_FIELD]: "https://evil.example" }))).toEqual([
    "trap-filled",
  ]);
});

test("counts a sender that an owner has blocked", async () => {
  await addListEntry(OWNER, CAMPAIGN_SLUG, { verdict: "block", subject: "198.51.100.0/24", note: "" });
  const blocked = { "x-client-address": "198.51.100.7" };
  forgetPolicies();
  expect(await notedBy(() => call(SIGN, signer, blocked))).toEqual(["listed-sender"]);
});

test("counts an invalid proof of work", async () => {
  expect(await notedBy(() => call(SIGN, { ...signer, proof: "{}" }))).toEqual(["false-proof"]);
});

test("counts links that nobody has", async () => {
  for (const [name, fields] of [
    ["POST app/api/confirm/route.ts", { token: UNKNOWN_TOKEN }],
    ["POST app/api/confirm/route.ts", { token: UNKNOWN_TOKEN, action: "delete" }],
    ["POST app/api/signature/route.ts", { token: UNKNOWN_TOKEN, action: "withdraw" }],
    ["POST app/api/signature/route.ts", { token: UNKNOWN_TOKEN, action: "download" }],
    ["POST app/api/unsubscribe/[token]/route.tsx", {}],
    ["GET app/(public)/[locale]/signature/[token]/route.tsx", null],
  ] as const)
    expect(await notedBy(() => call(name, fields)), name).toEqual(["unknown-token"]);
});

test("counts an unsigned report of the mail provider, and no signed one", async () => {
  const webhook = "POST app/api/webhooks/resend/route.ts";
  const body = JSON.stringify({ type: "email.opened", data: {} });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac("sha256", WEBHOOK_KEY).update(`a.${timestamp}.${body}`).digest("base64");
  const signed = { "svix-id": "a", "svix-timestamp": timestamp, "svix-signature": `v1,${signature}` };
  expect(await notedBy(() => call(webhook, body, signed))).toEqual([]);
  expect(await notedBy(() => call(webhook, `${body} `, signed))).toEqual(["forged-notice"]);
});

test("counts a wrong token for the metrics, which report all events", async () => {
  const metrics = "GET app/api/metrics/route.ts";
  expect(await notedBy(() => call(metrics, null, { authorization: "Bearer metrics" }))).toEqual([]);
  expect(await notedBy(() => call(metrics, null, { authorization: "Bearer other" }))).toEqual([
    "wrong-metrics-token",
  ]);
  const { body } = await metricsText();
  for (const { kind, total } of securityEventTotals())
    expect(body).toContain(`petition_attempts_total{kind="${kind}"} ${total}`);
});
