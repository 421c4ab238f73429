import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GET as auditCsv } from "@/app/api/admin/audit/route";
import { database } from "@/lib/db/client";
import { hashToken } from "@/lib/db/keyed-hash";
import { forgetErasedBodies } from "@/lib/mail/erased-bodies";
import { freezeBatch, holdBatch, recordDelivery } from "@/lib/mail/outbox";
import { sendOnce } from "@/lib/mail/sending";
import { mailboxKey } from "@/lib/mailbox";
import { purge } from "@/lib/privacy";
import { forgetEndedAccess } from "@/lib/privacy/ended-access";
import { erase } from "@/lib/signatories";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { CapturingTransport, tokenIn } from "@/tests/support/capturing-transport";
import { posted } from "@/tests/support/desk";
import { deskRoute } from "@/tests/support/routes";
import { sessionOf } from "@/tests/support/session";
import { confirmedSigner } from "@/tests/support/signer";
import { typedAddress } from "@/tests/support/signers";

useDatabase();

const list = deskRoute("[campaign]/signatories");
const signatory = deskRoute("[campaign]/signatories/[id]");
const LIST = `/admin/${CAMPAIGN_SLUG}/signatories`;
const SUSPECT = "suspect@example.org";
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

let cookie = "";
beforeAll(async () => {
  cookie = await sessionOf("owner");
});

async function acted(id: string, action: string, more: Record<string, string> = {}): Promise<void> {
  const fields = { action, signature: id, confirmed: "yes", ...more };
  const answer = await signatory.POST(posted(`${LIST}/${id}`, cookie, fields));
  expect(answer.status).toBe(303);
}

/** Everything that an owner can do with a signature, up to erasing it. */
async function livedThrough(id: string): Promise<void> {
  const page = await signatory.GET(new Request(`http://localhost${LIST}/${id}`, { headers: { cookie } }));
  expect(page.status).toBe(200);
  await acted(id, "invalid", { reason: "made by a machine" });
  await acted(id, "restore");
  await database().$executeRaw`UPDATE signature SET mail_requested_at = now() - interval '2 hours'`;
  await acted(id, "resend");
  await acted(id, "erase");
}

describe("S16: a reader of the audit log", () => {
  test("finds no signature id, which would reveal when somebody signed", async () => {
    const ids: string[] = [];
    const { id } = await confirmedSigner({ email: SUSPECT });
    ids.push(id);
    await livedThrough(id);
    const [one, other] = [await confirmedSigner(), await confirmedSigner()];
    ids.push(one.id, other.id);
    const chosen = { [`id.${one.id}`]: "yes", [`id.${other.id}`]: "yes", confirmed: "yes" };
    await database().$executeRaw`UPDATE signature SET mail_requested_at = now() - interval '2 hours'`;
    for (const action of ["resend", "withdraw"])
      expect((await list.POST(posted(LIST, cookie, { action, ...chosen }))).status).toBe(303);
    await database().$executeRaw`UPDATE signature_invalidation SET delete_at = now()`;
    await forgetEndedAccess();
    expect(await database().signature.count()).toBe(0);

    const csv = await (
      await auditCsv(new Request("http://localhost/api/admin/audit", { headers: { cookie } }))
    ).text();
    const entries = await database().auditEntry.findMany();
    const all = `${csv}${JSON.stringify(entries.map(({ subject, detail }) => [subject, detail]))}`;
    expect(all).toContain("signatory.deleted");
    for (const each of ids) expect(all).not.toContain(each);
    // Nor in any other form: a UUID of version 7 begins with the time (RFC 9562, 5.7).
    const subjects = entries
      .filter(({ action }) => action.startsWith("signatory."))
      .flatMap(({ subject, detail }) => `${subject} ${detail}`.match(UUID) ?? []);
    const times = ids.map((each) => each.slice(0, 8));
    const jobs = new Set(entries.flatMap(({ detail }) => /"job(?:Id)?":"([^"]+)"/.exec(detail)?.[1] ?? []));
    for (const subject of subjects.filter((each) => !jobs.has(each)))
      expect(times).not.toContain(subject.slice(0, 8));
  });

  test("cannot tell that somebody signed again after being erased", async () => {
    const subjects: (string | null)[] = [];
    for (let times = 0; times < 2; times++) {
      const { id } = await confirmedSigner({ email: "again@example.org" });
      await acted(id, "invalid", { reason: "made by a machine" });
      const entry = await database().auditEntry.findFirst({ orderBy: { sequence: "desc" } });
      subjects.push(entry?.subject ?? null);
      await database().$executeRaw`DELETE FROM signature`;
    }
    expect(new Set(subjects).size).toBe(2);
  });
});

describe("a thief who looks for gaps in a dump", () => {
  const WORKER = crypto.randomUUID();

  beforeEach(async () => {
    for (const table of ["signature", "mail_batch", "suppression"])
      await database().$executeRawUnsafe(`DELETE FROM ${table}`);
  });

  test("finds no mail batch that counts more mails than it holds, and no gap in one", async () => {
    const { typed, drain, transport, confirmed } = typedAddress();
    for (const email of ["before@example.org", SUSPECT, "after@example.org"]) await typed(email);
    await drain();
    const manage = await confirmed(SUSPECT, { signs: false });
    await erase(manage);
    const batches = await database().mailBatch.findMany();
    expect(batches.map(({ mailsFrozen, memberGoneAt }) => mailsFrozen ?? memberGoneAt)).toEqual(
      batches.map(() => null),
    );
    expect(transport.sent.length).toBeGreaterThan(3);
    const left = await database().mail.findMany();
    expect(left.map(({ batchId, position }) => batchId ?? position)).toEqual([null, null]);
    await purge();
    expect(await database().mailBatch.count()).toBe(0);
  });

  test("finds none in a batch with an unknown outcome or one that was split up", async () => {
    const { typed } = typedAddress();
    for (const [email, isTried] of [
      ["tried@example.org", true],
      ["untried@example.org", false],
    ] as const) {
      await typed(email);
      await typed("other@example.org");
      await freezeBatch();
      const batch = isTried ? await holdBatch(WORKER) : null;
      if (batch) await recordDelivery(batch, WORKER, { kind: "retry", reason: "timeout", afterSeconds: 300 });
      await database().$executeRaw`DELETE FROM signature WHERE mailbox_key = ${mailboxKey(email)}`;
      expect(await forgetErasedBodies(new Date(Date.now() + 3_600_000))).toBe(isTried ? 0 : 1);
      expect(await forgetErasedBodies(new Date(Date.now() + 7_200_000))).toBe(isTried ? 1 : 0);
      const kept = await database().mailBatch.findMany();
      expect(kept.map(({ state }) => state)).toEqual([isTried ? "ambiguous" : "finished"]);
      for (const { mailsFrozen, memberGoneAt, lastReason } of kept) {
        expect([mailsFrozen, memberGoneAt]).toEqual([null, null]);
        expect(lastReason ?? "").not.toMatch(/erased|gone/);
      }
      await database().$executeRaw`DELETE FROM signature`;
      await database().$executeRaw`DELETE FROM mail_batch`;
    }
  });
});

describe("S16: a finder of an old mail with a link to somebody's own page", () => {
  test("loses access once that person has requested a new link", async () => {
    const provider = new CapturingTransport();
    const worker = crypto.randomUUID();
    const { id } = await confirmedSigner({ email: "old.link@example.org" });
    await database().$executeRaw`DELETE FROM mail`;
    const tokens: string[] = [];
    for (let mails = 0; mails < 2; mails++) {
      await database().$executeRaw`
        INSERT INTO mail (id, signature_id, kind) VALUES (gen_random_uuid(), ${id}::uuid, 'access')`;
      while (await sendOnce(provider, worker));
      tokens.push(tokenIn(provider.sent.at(-1)?.text ?? "", "signature"));
    }
    const [old = "", fresh = ""] = tokens;
    const kept = await database().token.findMany({ where: { purpose: "manage", signatureId: id } });
    expect(kept.map(({ hash }) => Buffer.from(hash).toString("hex"))).toEqual([
      hashToken(fresh).toString("hex"),
    ]);
    expect(old).not.toBe(fresh);
  });
});
