import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { seal } from "@/lib/db/encryption";
import type { MailTransport } from "@/lib/mail";
import { resendTransport } from "@/lib/mail";
import { retryDeadMails, UNREADABLE } from "@/lib/mail/dead-letters";
import { backoffSeconds, freezeBatch, holdBatch, LEASE_SECONDS, recordDelivery } from "@/lib/mail/outbox";
import { sendOnce } from "@/lib/mail/sending";
import { markInvalid, restore } from "@/lib/moderation/invalid";
import { CONFIRMATION_DAYS } from "@/lib/signing";
import { runWorker } from "@/lib/worker";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { type FakeResend, startFakeResend } from "@/tests/support/fake-resend";
import { signAs } from "@/tests/support/signers";

useDatabase();

const WORKER = "00000000-0000-4000-8000-000000000001";
const OTHER_WORKER = "00000000-0000-4000-8000-000000000002";
let resend: FakeResend;
let transport: MailTransport;

beforeAll(async () => {
  resend = await startFakeResend();
  transport = resendTransport({ apiKey: resend.apiKey, baseUrl: resend.url, timeoutMilliseconds: 300 });
});
afterAll(() => resend.close());
beforeEach(async () => {
  await database().$executeRaw`DELETE FROM signature`;
  await database().$executeRaw`DELETE FROM mail_batch`;
  await database().$executeRaw`UPDATE mail_pause SET paused_until = NULL, reason = NULL`;
  resend.accepted.length = 0;
});

/** Lets every wait pass: the next attempt is due now. */
async function skipWaiting(): Promise<void> {
  await database().$executeRaw`UPDATE mail_batch SET next_attempt_at = now() WHERE state = 'frozen'`;
  await database().$executeRaw`UPDATE mail_pause SET paused_until = NULL`;
}

const states = async () =>
  (await database().mail.findMany({ orderBy: { id: "asc" } })).map(({ state }) => state);
const recipients = () => resend.accepted.map(({ to }) => String(to)).sort();

describe("mail", () => {
  test("reaches the provider once, in one request, and leaves no body behind", async () => {
    await signAs("a@example.net", "b@example.net", "c@example.net");
    await sendOnce(transport, WORKER);
    expect(recipients()).toEqual(["a@example.net", "b@example.net", "c@example.net"]);
    expect(await states()).toEqual(["sent", "sent", "sent"]);
    const [batch] = await database().mailBatch.findMany();
    expect(batch).toMatchObject({ state: "finished", payloadEncrypted: null, attempts: 1 });
    expect(await sendOnce(transport, WORKER)).toBe(false);
  });

  test.each(["500", "hang", "cut-after-accept", "nonsense"] as const)(
    "is sent again under the same key after %s, and arrives exactly once",
    async (fault) => {
      resend.fail(fault, 1);
      await signAs("a@example.net", "b@example.net");
      await sendOnce(transport, WORKER);
      expect(await states()).toEqual(["batched", "batched"]);
      await skipWaiting();
      await sendOnce(transport, WORKER);
      expect(await states()).toEqual(["sent", "sent"]);
      expect(recipients()).toEqual(["a@example.net", "b@example.net"]);
      const [batch] = await database().mailBatch.findMany();
      expect(batch?.attempts).toBe(2);
    },
  );

  test("is not sent for a signature marked invalid until that is undone, frozen or not", async () => {
    await signAs("a@example.net", "b@example.net");
    await freezeBatch();
    await signAs("c@example.net");
    const actor = { kind: "account", id: WORKER, label: "owner@example.org", role: "owner" } as const;
    const [marked, , waiting] = await database().signature.findMany({ orderBy: { id: "asc" } });
    const ids = [marked?.id ?? "", waiting?.id ?? ""];
    const { jobId } = await markInvalid(actor, CAMPAIGN_SLUG, ids, "made by a machine");
    while (await sendOnce(transport, WORKER));
    expect(recipients()).toEqual(["b@example.net"]);
    expect(await states()).toEqual(["dead", "sent", "dead"]);
    expect(await restore(actor, CAMPAIGN_SLUG, { jobId })).toBe(2);
    while (await sendOnce(transport, WORKER));
    expect(recipients()).toEqual(["a@example.net", "b@example.net", "c@example.net"]);
  });

  test.each(["429", "quota"] as const)(
    "waits in the queue after %s, and then continues by itself",
    async (fault) => {
      resend.fail(fault, 1);
      await signAs("a@example.net");
      await sendOnce(transport, WORKER);
      await signAs("b@example.net");
      await database().$executeRaw`UPDATE mail_batch SET next_attempt_at = now()`;
      expect(await sendOnce(transport, WORKER)).toBe(false);
      expect(resend.accepted).toHaveLength(0);
      await skipWaiting();
      while (await sendOnce(transport, WORKER));
      expect(recipients()).toEqual(["a@example.net", "b@example.net"]);
    },
  );

  test("goes to the others in a batch with one bad address, which becomes a dead letter with its reason", async () => {
    resend.refuse("poison@example.net");
    await signAs("a@example.net", "poison@example.net", "b@example.net");
    while (await sendOnce(transport, WORKER));
    expect(recipients()).toEqual(["a@example.net", "b@example.net"]);
    const dead = await database().mail.findMany({ where: { state: "dead" } });
    expect(dead).toHaveLength(1);
    expect(dead[0]?.reason).toBeTruthy();
    expect(dead[0]?.reason).not.toContain("poison");
  });

  test("goes out one by one after a batch is refused, so that only the bad one fails", async () => {
    const strict: MailTransport = {
      name: "resend",
      deliver: async (batch) =>
        batch.mails.some((mail) => mail.to === "poison@example.net")
          ? { kind: "refused", reason: "validation_error" }
          : transport.deliver(batch),
    };
    await signAs("a@example.net", "poison@example.net", "b@example.net");
    while (await sendOnce(strict, WORKER));
    expect(recipients()).toEqual(["a@example.net", "b@example.net"]);
    expect((await states()).filter((state) => state === "dead")).toHaveLength(1);
  });

  test("becomes a dead letter with its reason if its address or name cannot be opened, and the others go out", async () => {
    await signAs("a@example.net", "b@example.net", "c@example.net", "d@example.net");
    const [first, second, third] = await database().signature.findMany({ orderBy: { id: "asc" } });
    await database()
      .$executeRaw`UPDATE signature SET person_encrypted = set_byte(person_encrypted, 20, get_byte(person_encrypted, 20) # 1) WHERE id = ${first?.id}::uuid`;
    await database()
      .$executeRaw`UPDATE signature SET person_encrypted = (SELECT person_encrypted FROM signature WHERE id = ${third?.id}::uuid)
        WHERE id = ${second?.id}::uuid`;
    await database().$executeRaw`UPDATE signature SET data_key_id = 'lost' WHERE id = ${third?.id}::uuid`;
    while (await sendOnce(transport, WORKER));
    expect(recipients()).toEqual(["d@example.net"]);
    expect(await states()).toEqual(["dead", "dead", "dead", "sent"]);
    await database().signature.update({
      where: { id: third?.id ?? "" },
      data: { dataKeyId: second?.dataKeyId ?? "" },
    });
    expect(await retryDeadMails(UNREADABLE)).toBe(3);
    while (await sendOnce(transport, WORKER));
    expect(recipients()).toEqual(["c@example.net", "d@example.net"]);
  });

  test("is composed again if its frozen body cannot be opened, or set aside if it may have been sent", async () => {
    await signAs("a@example.net");
    await freezeBatch();
    await database().$executeRaw`UPDATE mail_batch SET payload_encrypted = '\\x00'`;
    await sendOnce(transport, WORKER);
    expect(await states()).toEqual(["queued"]);
    while (await sendOnce(transport, WORKER));
    expect(recipients()).toEqual(["a@example.net"]);

    resend.fail("cut-after-accept", 1);
    await signAs("b@example.net");
    await sendOnce(transport, WORKER);
    await database().$executeRaw`UPDATE mail_batch SET payload_encrypted = '\\x00' WHERE state = 'frozen'`;
    await skipWaiting();
    while (await sendOnce(transport, WORKER));
    expect(recipients()).toEqual(["a@example.net", "b@example.net"]);
    expect(await database().mailBatch.count({ where: { state: "ambiguous" } })).toBe(1);
  });

  test("is sent unchanged from a batch that an earlier release froze without compression", async () => {
    await signAs("a@example.net", "b@example.net");
    await freezeBatch();
    const { id, mails } = (await holdBatch(WORKER)) ?? {};
    if (!id || !mails) throw new Error("nothing was frozen");
    const plain = seal(JSON.stringify(mails), { table: "mail_batch", column: "payload", id });
    await database().mailBatch.update({
      where: { id },
      data: { payloadEncrypted: plain, leasedBy: null, leasedUntil: null },
    });
    await sendOnce(transport, WORKER);
    expect(resend.accepted.map(({ to, subject, html }) => ({ to, subject, html }))).toEqual(
      mails.map(({ to, subject, html }) => ({ to, subject, html })),
    );
  });

  test("is set aside if the provider knows its key with another body, and never sent under a new key", async () => {
    const conflicting: MailTransport = {
      name: "resend",
      deliver: async () => ({ kind: "refused", reason: "invalid_idempotent_request" }),
    };
    await signAs("a@example.net", "b@example.net");
    while (await sendOnce(conflicting, WORKER));
    expect((await database().mailBatch.findMany()).map(({ state }) => state)).toEqual(["ambiguous"]);
  });

  test("is taken over unchanged from a killed worker when its lease ends", async () => {
    await signAs("a@example.net");
    await freezeBatch();
    const held = await holdBatch(WORKER);
    expect(await holdBatch(OTHER_WORKER)).toBeNull();
    await database()
      .$executeRaw`UPDATE mail_batch SET leased_until = leased_until - make_interval(secs => ${LEASE_SECONDS + 1}::int)`;
    const taken = await holdBatch(OTHER_WORKER);
    expect(taken).toEqual({ ...held, attempts: 2, untried: false });
    if (!held) throw new Error("nothing was held");
    await recordDelivery(held, WORKER, { kind: "refused", reason: "late" });
    expect(await states()).toEqual(["batched"]);
  });

  test("is sent once by eight workers at the same time", async () => {
    await signAs(...Array.from({ length: 40 }, (_, index) => `signer${index}@example.net`));
    const stop = new AbortController();
    const workers = Array.from({ length: 8 }, () => runWorker(transport, stop.signal));
    await expect.poll(() => resend.accepted.length, { timeout: 10_000 }).toBe(40);
    await expect.poll(async () => new Set(await states())).toEqual(new Set(["sent"]));
    stop.abort();
    await Promise.all(workers);
    expect(new Set(recipients()).size).toBe(40);
    expect(resend.accepted).toHaveLength(40);
  });

  test("is not sent for a signature deleted since it was frozen, while the others in the batch are", async () => {
    await signAs("gone@example.net", "stays@example.net");
    await freezeBatch();
    const [gone] = await database().signature.findMany({ orderBy: { id: "asc" } });
    await database().signature.delete({ where: { id: gone?.id ?? "" } });
    while (await sendOnce(transport, WORKER));
    expect(recipients()).toEqual(["stays@example.net"]);
    expect(await states()).toEqual(["sent"]);
  });

  test("is skipped while its signature is being deleted, and blocks neither the deletion nor the worker", async () => {
    await signAs("going@example.net", "stays@example.net");
    await database().$transaction(async (transaction) => {
      const [going] = await transaction.$queryRaw<{ id: string }[]>`
        SELECT id FROM signature ORDER BY id LIMIT 1 FOR UPDATE`;
      // Whoever deletes a signature has its lock before those of its mails: waiting for it here would be a deadlock.
      expect(await freezeBatch()).toBe(1);
      await transaction.signature.delete({ where: { id: going?.id ?? "" } });
    });
    expect(await states()).toEqual(["batched"]);
  });

  test("is not sent again if it may have been accepted and the provider has forgotten its key", async () => {
    resend.fail("hang", 1);
    await signAs("a@example.net");
    await freezeBatch();
    await database().$executeRaw`UPDATE mail_batch SET first_attempt_at = now() - interval '24 hours'`;
    await sendOnce(transport, WORKER);
    await skipWaiting();
    await sendOnce(transport, WORKER);
    expect((await database().mailBatch.findMany()).map(({ state }) => state)).toEqual(["ambiguous"]);
    expect(resend.accepted).toHaveLength(0);
  });

  test("shows no name, address or token in the outbox", async () => {
    await signAs("canary@example.net");
    await freezeBatch();
    const [batch] = await database().mailBatch.findMany();
    expect(Buffer.from(batch?.payloadEncrypted ?? []).toString("latin1")).not.toMatch(/canary|Laila|confirm/);
  });
});

/** Moves everything the outbox goes by an hour into the past. */
async function letAnHourPass(): Promise<void> {
  await database().$executeRaw`
    UPDATE mail_batch SET created_at = created_at - interval '1 hour', first_attempt_at = first_attempt_at - interval '1 hour',
      next_attempt_at = next_attempt_at - interval '1 hour'`;
  await database().$executeRaw`UPDATE mail SET created_at = created_at - interval '1 hour'`;
  await database().$executeRaw`UPDATE mail_pause SET paused_until = paused_until - interval '1 hour'`;
}

describe("an outage of two days", () => {
  const FAULTS = [
    "refused-connection",
    "500",
    "429",
    "nonsense",
    "hang",
    "quota",
    "cut-after-accept",
  ] as const;

  test("ends with all mail sent oldest first by itself, and only what may have been sent waiting for a person", async () => {
    const hours = Array.from({ length: 48 }, (_, hour) => `hour${String(hour).padStart(2, "0")}@example.net`);
    for (const [hour, email] of hours.entries()) {
      await signAs(email);
      for (let turn = 0; turn < 3; turn++) {
        resend.fail(FAULTS[(hour + turn) % FAULTS.length] ?? "500", 1);
        await sendOnce(transport, WORKER);
      }
      resend.recover();
      await letAnHourPass();
    }
    const acceptedBefore = resend.accepted.length;
    // A used-up quota makes the queue wait for the next day.
    for (let hour = 0; hour < 24; hour++) {
      while (await sendOnce(transport, WORKER));
      await letAnHourPass();
    }
    const doubtful = await database().mail.findMany({ where: { batch: { state: "ambiguous" } } });
    // Three for each time that the provider's memory of its keys ran out.
    expect(await database().mailBatch.count({ where: { state: "ambiguous" } })).toBeLessThanOrEqual(6);
    expect(await states()).not.toContain("queued");
    const sent = resend.accepted.map(({ to }) => String(to));
    expect(new Set(sent).size).toBe(sent.length);
    expect((await states()).filter((state) => state === "sent")).toHaveLength(hours.length - doubtful.length);
    const recovered = sent.slice(acceptedBefore);
    expect(recovered.length).toBeGreaterThan(0);
    expect(recovered).toEqual(recovered.toSorted());
  });
});

describe("a jump of the machine's clock", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each([-10, 10])(
    "by %i days takes no batch from its holder, and ends no link and no wait",
    async (days) => {
      await signAs("a@example.net", "b@example.net");
      vi.useFakeTimers({ toFake: ["Date"] });
      vi.setSystemTime(Date.now() + days * 24 * 60 * 60 * 1000);
      await freezeBatch();
      const held = await holdBatch(WORKER);
      expect(await holdBatch(OTHER_WORKER)).toBeNull();
      if (!held) throw new Error("nothing was held");
      const [link] = await database().$queryRaw<{ days: number }[]>`
      SELECT extract(epoch FROM max(expires_at) - now())::float8 / 86400 AS days FROM token WHERE purpose = 'confirm'`;
      expect(link?.days).toBeCloseTo(CONFIRMATION_DAYS, 2);
      await recordDelivery(held, WORKER, { kind: "retry", reason: "timeout", afterSeconds: null });
      expect((await database().mailBatch.findMany()).map(({ state }) => state)).toEqual(["frozen"]);
      expect(await holdBatch(WORKER)).toBeNull();
      await skipWaiting();
      const again = await holdBatch(WORKER);
      if (!again) throw new Error("nothing was held");
      await recordDelivery(again, WORKER, {
        kind: "quota",
        reason: "daily_quota_exceeded",
        afterSeconds: 3600,
      });
      await signAs("c@example.net");
      expect(await sendOnce(transport, WORKER)).toBe(false);
      await letAnHourPass();
      while (await sendOnce(transport, WORKER));
      expect(new Set(await states())).toEqual(new Set(["sent"]));
    },
  );
});

test("doubles the wait between attempts up to half a minute", () => {
  expect([1, 2, 3, 6, 7, 99].map((attempts) => backoffSeconds(attempts, 0))).toEqual([1, 2, 4, 30, 30, 30]);
});
