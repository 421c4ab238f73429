import { createHmac } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { freezeBatch } from "@/lib/mail/outbox";
import { sendOnce } from "@/lib/mail/sending";
import type { MailTransport } from "@/lib/mail/transports/types";
import { forgetWebhookDeliveries, noteEarlyReports, receiveWebhook } from "@/lib/mail/webhook";
import { settings } from "@/lib/settings";
import { checkSignatureForm, sign } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";

useDatabase();

const OLD_SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const NEW_SECRET = `whsec_${Buffer.alloc(32, 2).toString("base64")}`;
const STRANGE_SECRET = `whsec_${Buffer.alloc(32, 3).toString("base64")}`;
const WORKER = "00000000-0000-4000-8000-000000000001";
const NOW = new Date("2026-11-24T12:00:00Z");
const sent: string[] = [];
const transport: MailTransport = {
  name: "resend",
  async deliver({ mails }) {
    sent.push(...mails.map(({ to }) => to));
    return { kind: "accepted", providerIds: mails.map(({ to }) => `id-${to}`), refused: [] };
  },
};

beforeAll(() => {
  settings().resendWebhookSecret = `${NEW_SECRET},${OLD_SECRET}`;
});
beforeEach(async () => {
  for (const table of ["signature", "mail_batch", "suppression", "webhook_delivery"])
    await database().$executeRawUnsafe(`DELETE FROM ${table}`);
  await database().$executeRaw`UPDATE mail_pause SET paused_until = NULL`;
  sent.length = 0;
});

async function signAs(...emails: string[]): Promise<void> {
  for (const email of emails) {
    const checked = checkSignatureForm({ name: "Laila", email, country: "AF", consent: "yes", locale: "en" });
    if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
    await sign(CAMPAIGN_SLUG, checked.request);
  }
}

type Call = { id?: string; secret?: string; at?: Date; now?: Date; tampered?: boolean };

/** Sends one event as Svix signs it. */
function call(
  event: object,
  { id = crypto.randomUUID(), secret = NEW_SECRET, at = NOW, now = NOW, tampered }: Call = {},
) {
  const body = JSON.stringify(event);
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  const headers = { id, timestamp, signature: `v1,${Buffer.alloc(32).toString("base64")} v1,${signature}` };
  return receiveWebhook(Buffer.from(tampered ? `${body} ` : body), headers, now);
}

const event = (type: string, email: string, bounce?: string) => ({
  type: `email.${type}`,
  created_at: NOW.toISOString(),
  data: { email_id: `id-${email}`, to: [email], ...(bounce ? { bounce: { type: bounce } } : {}) },
});
const bounced = (email: string) => event("bounced", email, "Permanent");
const reasons = async () => (await database().suppression.findMany()).map(({ reason }) => reason);
const outcomes = async () => (await database().mail.findMany()).map(({ outcome }) => outcome);

describe("a webhook call", () => {
  test.each<[string, Call]>([
    ["signed with another secret", { secret: STRANGE_SECRET }],
    ["changed after signing", { tampered: true }],
    ["six minutes old", { at: new Date(NOW.getTime() - 6 * 60_000) }],
    ["six minutes ahead", { at: new Date(NOW.getTime() + 6 * 60_000) }],
  ])("is refused and changes nothing if it is %s", async (_, how) => {
    expect(await call(bounced("laila@example.net"), how)).toEqual({ kind: "forged" });
    expect(await reasons()).toEqual([]);
    expect(await database().webhookDelivery.count()).toBe(0);
  });

  test("is refused without its headers", async () => {
    expect(await receiveWebhook(Buffer.from("{}"), { id: null, timestamp: null, signature: null })).toEqual({
      kind: "forged",
    });
  });

  test("is accepted under the old secret during a change", async () => {
    expect(await call(bounced("laila@example.net"), { secret: OLD_SECRET })).toEqual({ kind: "noted" });
  });

  test("is malformed if it is signed but no event, and ignored if we do not act on it", async () => {
    expect(await call(["nonsense"])).toEqual({ kind: "malformed" });
    expect(await call(event("opened", "laila@example.net"))).toEqual({ kind: "ignored" });
  });

  test("changes nothing when repeated", async () => {
    await Promise.all([1, 2, 3].map(() => call(bounced("laila@example.net"), { id: "msg_1" })));
    expect(await database().webhookDelivery.count()).toBe(1);
    expect(await reasons()).toEqual(["bounced"]);
  });

  test("is forgotten after a week", async () => {
    await call(bounced("laila@example.net"));
    expect(await forgetWebhookDeliveries()).toBe(0);
    expect(await forgetWebhookDeliveries(new Date(Date.now() + 7.1 * 24 * 60 * 60 * 1000))).toBe(1);
  });
});

describe("a permanent bounce", () => {
  test("stops queued mail at once and all later mail, unlike a transient one", async () => {
    await signAs("laila@example.net", "zarghuna@example.net");
    await call(event("bounced", "zarghuna@example.net", "Transient"));
    await call(bounced("Laila <laila@EXAMPLE.net>"));
    expect((await database().mail.findMany()).map(({ state }) => state).sort()).toEqual(["dead", "queued"]);
    while (await sendOnce(transport, WORKER));
    expect(sent).toEqual(["zarghuna@example.net"]);
  });

  test("removes the address from a frozen unsent batch, and the others are sent once", async () => {
    await signAs("a@example.net", "laila@example.net", "b@example.net");
    await freezeBatch();
    await call(bounced("laila@example.net"));
    while (await sendOnce(transport, WORKER));
    expect(sent.sort()).toEqual(["a@example.net", "b@example.net"]);
    expect((await database().mail.findMany()).map(({ state }) => state).sort()).toEqual([
      "dead",
      "sent",
      "sent",
    ]);
  });

  test("does so even after the provider refused the batch for its quota", async () => {
    const noQuota: MailTransport = {
      name: "resend",
      deliver: async () => ({ kind: "quota", reason: "daily_quota_exceeded", afterSeconds: 90_000 }),
    };
    await signAs("a@example.net", "laila@example.net");
    await sendOnce(noQuota, WORKER);
    await call(bounced("laila@example.net"));
    await database().$executeRaw`UPDATE mail_pause SET paused_until = NULL`;
    await database().$executeRaw`UPDATE mail_batch SET next_attempt_at = now()`;
    while (await sendOnce(transport, WORKER));
    expect(sent).toEqual(["a@example.net"]);
  });
});

describe("the outcome of a mail", () => {
  test.each([
    [["delivered", "bounced", "complained"]],
    [["complained", "bounced", "delivered"]],
    [["bounced", "complained", "delivered"]],
  ])("is the same whatever the order of reports: %j", async (types) => {
    await signAs("laila@example.net");
    await sendOnce(transport, WORKER);
    for (const type of types) await call(event(type, "laila@example.net", "Permanent"));
    expect(await outcomes()).toEqual(["complained"]);
    expect(await reasons()).toEqual(["complained"]);
  });

  test("is recorded later if the report overtakes the provider's answer", async () => {
    await signAs("laila@example.net");
    await call(event("delivered", "laila@example.net"));
    await sendOnce(transport, WORKER);
    expect(await outcomes()).toEqual([null]);
    await noteEarlyReports();
    expect(await outcomes()).toEqual(["delivered"]);
  });
});
