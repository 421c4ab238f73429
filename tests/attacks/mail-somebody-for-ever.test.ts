import { beforeEach, describe, expect, test } from "vitest";
import { POST as confirmRoute } from "@/app/api/confirm/route";
import { POST as allowRoute } from "@/app/api/unsubscribe/[token]/allow/route";
import { database } from "@/lib/db/client";
import { allowanceOf, MAILS_A_DAY } from "@/lib/mailbox";
import { liftSuppression, suppressionOf } from "@/lib/moderation/suppression";
import { perProcess } from "@/lib/per-process";
import { purge } from "@/lib/privacy";
import { correct, erase, heldSignature, requestAccess } from "@/lib/signatories";
import { campaignFigures, confirm, disown, unsubscribe } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { tokenIn } from "@/tests/support/capturing-transport";
import { receiveReport } from "@/tests/support/reports";
import { OWNER } from "@/tests/support/session";
import { typedAddress } from "@/tests/support/signers";

useDatabase();

const { typed, drain, transport, confirmed, unsubscribeLink } = typedAddress();
const recipients = () => transport.sent.map(({ to }) => to);

/** Lets time pass for everything that is stored. */
async function passes(interval: string): Promise<void> {
  await database().$executeRawUnsafe(`
    UPDATE signature SET signed_at = signed_at - interval '${interval}', mail_requested_at = mail_requested_at - interval '${interval}',
      confirmed_at = confirmed_at - interval '${interval}', access_requested_at = access_requested_at - interval '${interval}',
      unsubscribed_at = unsubscribed_at - interval '${interval}', reminded_at = reminded_at - interval '${interval}'`);
  await database().$executeRawUnsafe(`
    UPDATE suppression SET since = since - extract(day FROM interval '${interval}')::int,
      retried_on = retried_on - extract(day FROM interval '${interval}')::int`);
  await database().$executeRawUnsafe(`UPDATE mail SET created_at = created_at - interval '${interval}'`);
  await database().$executeRawUnsafe(`UPDATE mail_allowance SET day = day - 1`);
}

async function allow(token: string): Promise<number> {
  const answer = await allowRoute(
    new Request("http://localhost/", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "",
    }),
    { params: Promise.resolve({ token }) },
  );
  return answer.status;
}

beforeEach(async () => {
  for (const table of ["signature", "suppression", "mail_allowance", "webhook_delivery"])
    await database().$executeRawUnsafe(`DELETE FROM ${table}`);
  transport.sent.length = 0;
});

describe("S7: reminders", () => {
  test("sends two mails to an address that a stranger types every hour for a week", async () => {
    for (let hour = 0; hour < 24 * 6; hour += 2) {
      await typed("laila@example.org");
      await drain();
      await passes("2 hours");
    }
    expect(recipients()).toEqual(["laila@example.org", "laila@example.org"]);
  });

  test("sends no more when the spelling changes each time", async () => {
    for (const email of [
      "laila@example.org",
      "Laila@example.org",
      "lAila@example.org",
      "LAILA@example.org",
    ]) {
      await typed(email);
      await drain();
      await passes("2 hours");
    }
    expect(recipients()).toEqual(["laila@example.org", "Laila@example.org"]);
  });

  test("deletes an unconfirmed signature a week after it was first made, however often it is repeated", async () => {
    await typed("laila@example.org");
    for (let day = 0; day < 7; day += 1) {
      await drain();
      await typed("laila@example.org");
      expect(await database().signature.count(), `day ${day}`).toBe(1);
      await passes("1 day");
    }
    expect((await purge(new Date(Date.now() + 60_000))).unconfirmed).toBe(1);
    expect(await database().signature.count()).toBe(0);
  });

  test("issues no reminder link that outlives the week", async () => {
    await typed("laila@example.org");
    await drain();
    await passes("6 days");
    await typed("laila@example.org");
    await drain();
    expect(transport.sent.at(-1)?.text).toContain("The button works for 1 day.");
    const [{ latest } = { latest: new Date(0) }] = await database().$queryRaw<{ latest: Date }[]>`
      SELECT max(expires_at) - interval '7 days' AS latest FROM token WHERE purpose = 'confirm'`;
    expect(latest.getTime()).toBeLessThanOrEqual(Date.now());
  });
});

describe("S7: a flood of mail to one mailbox", () => {
  test("limits hundreds of tags and dots at one domain to a day's allowance", async () => {
    for (let variant = 0; variant < MAILS_A_DAY * 2; variant += 1)
      await typed(`la.ila+${variant}@example.org`, `203.0.${variant}.9`);
    await Promise.all(
      Array.from({ length: MAILS_A_DAY }, (_, variant) =>
        typed(`l.aila+p${variant}@example.org`, `198.51.${variant}.9`),
      ),
    );
    await drain();
    expect(recipients()).toHaveLength(MAILS_A_DAY);
    await passes("1 day");
    await typed("laila+tomorrow@example.org");
    await drain();
    expect(recipients()).toHaveLength(MAILS_A_DAY + 1);
  });

  test("destroys the salt, so that yesterday's counters tell a thief with keys and database nothing", async () => {
    const today = new Date("2026-11-27T12:00:00Z");
    const { key } = await allowanceOf("laila@example.org", today);
    expect((await allowanceOf("LAILA+x@example.org", today)).key).toEqual(key);
    expect((await allowanceOf("laila@example.org", new Date("2026-11-28T12:00:00Z"))).key).not.toEqual(key);
    await database().$executeRaw`DELETE FROM network_salt`;
    delete perProcess("abuse/network", (): { networkSalt?: unknown } => ({})).networkSalt;
    expect((await allowanceOf("laila@example.org", today)).key).not.toEqual(key);
  });
});

describe("S7: mail after an opt-out", () => {
  test("does not let the finder of an old mail withdraw a confirmed signature or stop its mail", async () => {
    await typed("laila@example.org");
    await drain();
    const old = tokenIn(transport.last("laila@example.org").text, "confirm");
    const manage = await confirmed("laila@example.org", { signs: false });
    const pressed = (token: string) =>
      confirmRoute(
        new Request("http://localhost/", {
          method: "POST",
          headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
          body: new URLSearchParams({ token, action: "delete" }),
        }),
      );
    const [used, unknown] = [await pressed(old), await pressed("a".repeat(43))];
    expect(used.status).toBe(410);
    expect([used.status, await used.text()]).toEqual([unknown.status, await unknown.text()]);
    expect((await campaignFigures(CAMPAIGN_SLUG))?.count).toBe(1);
    expect(await suppressionOf({ address: "laila@example.org" })).toBeNull();
    await database().$executeRaw`UPDATE signature SET state = 'invalid', confirmed_at = NULL`;
    await database().$executeRaw`
      INSERT INTO signature_invalidation (signature_id, job_id, reason, confirmed_at, actor_label)
      SELECT id, gen_random_uuid(), 'made by a machine', now(), 'owner@example.org' FROM signature`;
    expect((await disown(old)).kind, "marked invalid since").toBe("expired-or-unknown");
    expect((await heldSignature(manage))?.email).toBe("laila@example.org");
  });

  test("lets 'this was not me' delete a held signature even after its button was pressed", async () => {
    await typed("laila@example.org");
    await drain();
    const token = tokenIn(transport.last("laila@example.org").text, "confirm");
    await database().$executeRaw`UPDATE signature SET held = true`;
    await confirm(token);
    expect((await disown(token)).kind).toBe("deleted");
    expect(await database().signature.count()).toBe(0);
  });

  test("sends no more mail after 'this was not me', even for a later signature, until the owner of the address allows it", async () => {
    await typed("laila@example.org");
    await drain();
    const link = unsubscribeLink();
    expect((await disown(tokenIn(transport.last("laila@example.org").text, "confirm"))).kind).toBe("deleted");
    expect(await database().signature.count()).toBe(0);
    await typed("Laila@example.org");
    await requestAccess("laila@example.org");
    await drain();
    expect(recipients()).toHaveLength(1);
    expect(await suppressionOf({ address: "LAILA@example.org" })).toMatchObject({ since: expect.any(Date) });
    expect(await allow("not-a-token")).toBe(200);
    expect(await suppressionOf({ address: "laila@example.org" })).not.toBeNull();
    expect(await allow(link)).toBe(200);
    expect(await suppressionOf({ address: "laila@example.org" })).toBeNull();
    await database().$executeRaw`DELETE FROM signature`;
    await typed("laila@example.org");
    await drain();
    expect(recipients()).toHaveLength(2);
  });

  test("sends nothing to somebody who unsubscribed before confirming, even after the purge, until they allow it", async () => {
    await typed("laila@example.org");
    await drain();
    const link = unsubscribeLink();
    await unsubscribe(link);
    await unsubscribe(link);
    await passes("8 days");
    await purge();
    expect(await database().signature.count()).toBe(0);
    await typed("laila@example.org");
    await drain();
    expect(recipients()).toHaveLength(1);
    await unsubscribe(link);
    await allow(link);
    await database().$executeRaw`DELETE FROM signature`;
    await typed("laila@example.org");
    await drain();
    expect(recipients()).toHaveLength(2);
  });

  test("mails a confirmed signer who unsubscribed at most once in 30 days, and takes them off the list", async () => {
    await confirmed("laila@example.org");
    const link = unsubscribeLink();
    // Long after their last mail, so that only unsubscribing can hold the next one back.
    await passes("40 days");
    await unsubscribe(link);
    expect(await database().suppression.count()).toBe(0);
    transport.sent.length = 0;
    for (let day = 0; day < 30; day += 1) {
      await typed("laila@example.org");
      await drain();
      await passes("1 day");
    }
    expect(recipients(), "in the 30 days after unsubscribing").toEqual([]);
    for (let day = 0; day < 30; day += 1) {
      await typed("laila@example.org");
      await drain();
      // What they get may be unsubscribed from again: that is no reason for another.
      await unsubscribe(unsubscribeLink());
      await passes("1 day");
    }
    expect(recipients()).toEqual(["laila@example.org"]);
    expect(transport.sent[0]?.subject).toBe("Your signature counts");
    await typed("laila@example.org");
    await drain();
    expect(recipients()).toHaveLength(2);
    expect((await campaignFigures(CAMPAIGN_SLUG))?.count).toBe(1);
  });

  test("does not resume mail to an unsubscribed signer when a stranger signs in their name", async () => {
    const token = await confirmed("laila@example.org");
    await unsubscribe(unsubscribeLink());
    await typed("laila@example.org", undefined, { updates: "yes" });
    expect(await heldSignature(token)).toMatchObject({ updates: false, unsubscribedAt: expect.any(Date) });
    await correct(token, { name: "Laila", country: "AF", locale: "en", updates: "yes" });
    expect(await heldSignature(token)).toMatchObject({ updates: true, unsubscribedAt: null });
  });

  test("mails a lost link to an unsubscribed signer once a day", async () => {
    await confirmed("laila@example.org");
    await unsubscribe(unsubscribeLink());
    transport.sent.length = 0;
    for (let hour = 0; hour < 24; hour += 2) {
      await requestAccess("laila@example.org");
      await drain();
      await passes("2 hours");
    }
    expect(recipients()).toHaveLength(1);
  });

  test("sends no more mail after a complaint until the recipient or an owner at the desk allows it", async () => {
    await confirmed("laila@example.org");
    const link = unsubscribeLink();
    await receiveReport("complained", "laila@example.org");
    transport.sent.length = 0;
    await passes("90 days");
    await typed("laila@example.org");
    await requestAccess("laila@example.org");
    await drain();
    expect(recipients()).toEqual([]);
    expect(await liftSuppression(OWNER, CAMPAIGN_SLUG, { address: "laila@example.org" })).toBe(true);
    expect(await liftSuppression(OWNER, CAMPAIGN_SLUG, { address: "laila@example.org" })).toBe(false);
    const [entry] = await database().auditEntry.findMany({ where: { action: "suppression.lift" } });
    expect(JSON.parse(entry?.detail ?? "")).toEqual({ reason: "complained", slug: CAMPAIGN_SLUG });
    await receiveReport("complained", "laila@example.org");
    await allow(link);
    await requestAccess("laila@example.org");
    await drain();
    expect(recipients()).toEqual(["laila@example.org"]);
  });

  test("tries a bounced address once after 30 days, and never again if that bounces", async () => {
    await typed("laila@example.org");
    await receiveReport("bounced", "laila@example.org");
    await database().$executeRaw`DELETE FROM signature`;
    await passes("29 days");
    await typed("laila@example.org");
    await drain();
    expect(recipients()).toEqual([]);
    await database().$executeRaw`DELETE FROM signature`;
    await passes("2 days");
    await typed("laila@example.org");
    await requestAccess("laila@example.org");
    await drain();
    expect(recipients()).toHaveLength(1);
    await receiveReport("bounced", "laila@example.org");
    await passes("3 hours");
    await typed("laila@example.org");
    await drain();
    expect(recipients()).toHaveLength(1);
  });

  test("mails a bounced address normally once its owner confirms", async () => {
    await typed("laila@example.org");
    await drain();
    await receiveReport("bounced", "laila@example.org");
    await confirmed("laila@example.org", { signs: false });
    expect(recipients()).toHaveLength(2);
    expect(await suppressionOf({ address: "laila@example.org" })).toBeNull();
  });

  test("never mails somebody who erased and chose 'never write', but lets them change their mind", async () => {
    const token = await confirmed("laila@example.org");
    const link = unsubscribeLink();
    await erase(token, { neverWrite: true });
    transport.sent.length = 0;
    await typed("LAILA@example.org");
    await drain();
    expect(recipients()).toEqual([]);
    await allow(link);
    expect(await database().suppression.count()).toBe(0);
  });
});
