import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { GET as exportsFile } from "@/app/api/admin/petitions/[slug]/exports/route";
import { GET as figuresFile } from "@/app/api/admin/petitions/[slug]/figures/route";
import { GET as sharingFile } from "@/app/api/admin/petitions/[slug]/sharing/route";
import { readFigures } from "@/components/admin/overview/read-figures";
import { readRuns } from "@/components/admin/read-runs";
import { recordAudit } from "@/lib/audit";
import { pseudonymOf } from "@/lib/audit/audit";
import { database } from "@/lib/db/client";
import { hashToken } from "@/lib/db/keyed-hash";
import { overviewFor } from "@/lib/desk";
import { CHANGES_FOLDED_AT_ONCE, deskFigures, foldSignatureChanges } from "@/lib/desk/figures";
import { answerExport, lastExports } from "@/lib/export";
import { decideOnBatch, retryMails, stopMail } from "@/lib/mail/decisions";
import { mailboxKey } from "@/lib/mailbox";
import { markInvalid, restore, undoableJobs, withdrawSignatories } from "@/lib/moderation/invalid";
import { nameBucket } from "@/lib/people";
import { forgetEndedAccess } from "@/lib/privacy/ended-access";
import { setAllowedOrigins } from "@/lib/sharing/origins";
import { correct } from "@/lib/signatories";
import type { PageEdge } from "@/lib/signatories/matches";
import {
  deleteSignatory,
  findSignatories,
  resendMails,
  signatoryWithHistory,
} from "@/lib/signatories/signatories";
import { campaignFigures, checkSignatureForm, sign } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { posted } from "@/tests/support/desk";
import { deskRoute } from "@/tests/support/routes";
import { asFound, OWNER, sessionOf, someReader, visitorOf } from "@/tests/support/session";

const held = useDatabase();

async function signed(changes: Record<string, string> = {}): Promise<string> {
  const email = `${crypto.randomUUID()}@example.org`;
  const form = { name: "Amelia Smith", email, country: "GB", consent: "yes", locale: "en", ...changes };
  const checked = checkSignatureForm(form);
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  await sign(CAMPAIGN_SLUG, checked.request);
  const { id } = await database().signature.findFirstOrThrow({
    where: { mailboxKey: mailboxKey(form.email) },
  });
  return id;
}

async function confirmed(changes: Record<string, string> = {}): Promise<string> {
  const id = await signed(changes);
  await database().signature.update({ where: { id }, data: { state: "confirmed", confirmedAt: new Date() } });
  return id;
}

const stateOf = async (id: string) => (await database().signature.findUniqueOrThrow({ where: { id } })).state;
const historyOf = async (id: string) =>
  asFound(await signatoryWithHistory(someReader(), CAMPAIGN_SLUG, id)).history;
const lastEntry = () => database().auditEntry.findFirstOrThrow({ orderBy: { sequence: "desc" } });

async function figures() {
  const found = await deskFigures(CAMPAIGN_SLUG);
  if (!found) throw new Error("the campaign is missing");
  return found;
}

beforeEach(async () => {
  await database().$executeRaw`DELETE FROM signature`;
  await database().$executeRaw`DELETE FROM mail_batch`;
  await foldSignatureChanges();
});

describe("the desk's figures", () => {
  async function expectExact(): Promise<void> {
    const [counted] = await held.current().query(`
      SELECT count(*)::int AS signed, count(*) FILTER (WHERE state = 'confirmed')::int AS confirmed,
        count(*) FILTER (WHERE state = 'invalid')::int AS invalid FROM signature`);
    const countries = await held.current().query(`
      SELECT country AS key, count(*)::int AS signed, count(*) FILTER (WHERE state = 'confirmed')::int AS confirmed
      FROM signature GROUP BY 1 ORDER BY 1`);
    const told = await figures();
    expect({ signed: told.signed, confirmed: told.confirmed, invalid: told.invalid }).toEqual(counted);
    expect(told.countries.toSorted((one, other) => (one.key < other.key ? -1 : 1))).toEqual(countries);
    for (const buckets of [told.hours, told.days]) {
      expect(buckets.reduce((sum, bucket) => sum + bucket.signed, 0)).toBe(told.signed);
      expect(buckets.reduce((sum, bucket) => sum + bucket.confirmed, 0)).toBe(told.confirmed);
    }
  }

  test("equal a count of the signatures after each kind of change, folded or not", async () => {
    const changes = [
      () => signed(),
      () => signed({ country: "AF", locale: "ps" }),
      () => confirmed({ country: "AF" }),
      () => database().$executeRaw`UPDATE signature SET state = 'confirmed', confirmed_at = now()`,
      () => database().$executeRaw`UPDATE signature SET country = 'PK' WHERE country = 'GB'`,
      async () => markInvalid(OWNER, CAMPAIGN_SLUG, [await confirmed()], "made by a machine"),
      () => database().$executeRaw`DELETE FROM signature WHERE country = 'AF'`,
    ];
    for (const change of changes) {
      await change();
      await expectExact();
      await foldSignatureChanges();
      await expectExact();
    }
    expect((await figures()).signed).toBeGreaterThan(0);
  });

  test("are folded completely after a rush while the planner takes the table for empty", async () => {
    const change = (times: number) =>
      database().$executeRaw`
        INSERT INTO signature_change (campaign_id, hour, country, locale, signed, confirmed)
        SELECT id, date_trunc('hour', now()), 'AF', 'ps', 0, 0 FROM campaign, generate_series(1, ${times}::int)`;
    await change(20_000);
    await database().$executeRaw`DELETE FROM signature_change`;
    await held.current().query("ANALYZE signature_change");
    await change(50_000);
    await foldSignatureChanges();
    expect(await database().signatureChange.count()).toBe(0);
  });

  test("are folded completely, however many changes come together", async () => {
    await signed();
    const [campaign] = await held.current().query("SELECT id FROM campaign");
    await database().$executeRaw`
      INSERT INTO signature_change (campaign_id, hour, country, locale, signed, confirmed)
      SELECT ${campaign?.id}::uuid, date_trunc('hour', now()), 'GB', 'en', sign, sign
      FROM generate_series(1, ${CHANGES_FOLDED_AT_ONCE}) AS number, (VALUES (1), (-1)) AS either (sign)`;
    await foldSignatureChanges();
    expect(await database().signatureChange.count()).toBe(0);
    await expectExact();
  });

  test("tell where people signed", async () => {
    // A site that the campaign does not name is not kept: anybody could make one up.
    await setAllowedOrigins(CAMPAIGN_SLUG, ["https://partner.example"]);
    await signed({ origin: "https://partner.example" });
    await signed({ origin: "https://made-up.example" });
    await setAllowedOrigins(CAMPAIGN_SLUG, null);
    const onPaper = await confirmed();
    await database().signature.update({ where: { id: onPaper }, data: { source: "paper" } });
    await signed();
    expect(await figures()).toMatchObject({ signed: 4, paper: 1, elsewhere: 1 });
  });

  test("count bounces and complaints of the last thirty days", async () => {
    const id = await signed();
    await database().$executeRaw`
      INSERT INTO mail (id, signature_id, kind, state, finished_at, outcome, outcome_at)
      SELECT gen_random_uuid(), ${id}::uuid, 'confirmed', 'sent', now(), outcome::mail_outcome, now() - days * interval '1 day'
      FROM (VALUES ('bounced', 1), ('bounced', 2), ('complained', 3), ('bounced', 31), ('delivered', 1)) AS told (outcome, days)`;
    expect((await figures()).mail).toMatchObject({ bounced: 2, complained: 1 });
  });
});

describe("the list of exports that its page fetches", () => {
  test("is the one that the page shows, with any number of rows", async () => {
    const rows = 9_007_199_254_740_993n;
    await database().$executeRaw`
      INSERT INTO export_run (id, campaign_id, format, filter, actor_label, rows, expected_rows)
      SELECT gen_random_uuid(), id, 'csv', '{}', 'someone', ${rows}, ${rows} FROM campaign`;
    const request = new Request(`http://localhost/api/admin/petitions/${CAMPAIGN_SLUG}/exports`, {
      headers: { cookie: await sessionOf("exporter") },
    });
    const answer = await exportsFile(request, { params: Promise.resolve({ slug: CAMPAIGN_SLUG }) });
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
    const told = readRuns(await answer.text());
    expect(told).toEqual(await lastExports(CAMPAIGN_SLUG));
    expect(told[0]).toMatchObject({ state: "running", rows: String(rows), expectedRows: String(rows) });
  });
});

describe("the figures that the overview fetches", () => {
  type File = (request: Request, context: { params: Promise<{ slug: string }> }) => Promise<Response>;
  const asked = (file: File, headers: Record<string, string>, slug = CAMPAIGN_SLUG) =>
    file(new Request(`http://localhost/api/admin/petitions/${slug}/figures`, { headers }), {
      params: Promise.resolve({ slug }),
    });

  test.each(["viewer", "exporter", "owner"] as const)("equal those of the page for a %s", async (role) => {
    await confirmed({ country: "AF" });
    await recordAudit({
      actor: OWNER,
      action: "export.packet",
      campaign: CAMPAIGN_SLUG,
      detail: { reason: "2026-11-26T00:00:00.000Z" },
    });
    await recordAudit({ actor: OWNER, action: "alarm.names", detail: { names: 500 } });
    const answer = await asked(figuresFile, { cookie: await sessionOf(role) });
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
    const told = readFigures(await answer.text());
    const at = told.kind === "exact" ? told.asOf : new Date();
    const shown = await overviewFor(CAMPAIGN_SLUG, visitorOf(role), at);
    const withoutAge = (figures: typeof shown) =>
      figures?.kind === "exact" && figures.site
        ? { ...figures, site: { ...figures.site, mail: { ...figures.site.mail, oldestQueuedSeconds: 0 } } }
        : figures;
    expect(withoutAge(told)).toEqual(withoutAge(shown));
    expect(told.kind).toBe(role === "viewer" ? "published" : "exact");
    expect(told.exports[0]?.choices).toEqual([{ name: "reason", value: "2026-11-26T00:00:00.000Z" }]);
  });

  test("leave out another campaign's exports", async () => {
    await recordAudit({
      actor: OWNER,
      action: "export.started",
      campaign: "of-another",
      detail: { format: "xlsx" },
    });
    const told = await overviewFor(CAMPAIGN_SLUG, visitorOf("owner"));
    expect(told?.exports.flatMap(({ choices }) => choices)).not.toContainEqual({
      name: "format",
      value: "xlsx",
    });
  });

  test("do not count an export twice once it has ended", async () => {
    const entry = { actor: OWNER, campaign: CAMPAIGN_SLUG };
    await recordAudit({ ...entry, action: "export.started", detail: { format: "csv" } });
    await recordAudit({ ...entry, action: "export.finished", detail: { rows: 7 } });
    const told = await overviewFor(CAMPAIGN_SLUG, visitorOf("owner"));
    expect(told?.exports.slice(0, 2).map(({ action }) => action)).not.toContain("export.finished");
    expect(told?.exports[0]?.action).toBe("export.started");
  });

  test.each<File>([figuresFile, sharingFile, exportsFile])(
    "answer data: 401 without a session, 404 without a campaign",
    async (file) => {
      const cookie = await sessionOf("exporter");
      expect((await asked(file, {})).status).toBe(401);
      const none = await asked(file, { cookie }, "no-such-campaign");
      expect([none.status, await none.json()]).toEqual([404, { error: "not_found" }]);
      expect((await asked(file, { cookie })).status).toBe(200);
    },
  );
});

describe("marking invalid", () => {
  test("takes a signature out of the count and every export, and restores it as it was", async () => {
    const [kept, doubtful] = [await confirmed(), await confirmed()];
    const before = await database().signature.findUniqueOrThrow({ where: { id: doubtful } });
    await markInvalid(OWNER, CAMPAIGN_SLUG, [doubtful], "not a real person");
    expect((await campaignFigures(CAMPAIGN_SLUG))?.count).toBe(1);
    for (const status of ["confirmed", "pending", "all"]) {
      const request = new Request(`http://localhost/?format=ndjson&status=${status}`);
      const file = await (
        await answerExport(request, CAMPAIGN_SLUG, { label: "test" }, async () => {})
      ).text();
      expect(file).not.toContain(doubtful);
      expect(file.includes(kept)).toBe(status !== "pending");
    }
    const found = asFound(
      await findSignatories(someReader(), CAMPAIGN_SLUG, { state: "invalid" }),
    ).signatories;
    expect(found.map(({ id }) => id)).toEqual([doubtful]);
    expect((await historyOf(doubtful)).map(({ what }) => what)).toContain(
      "marked invalid by owner@example.org: not a real person",
    );
    expect(await restore(OWNER, CAMPAIGN_SLUG, { signatureId: doubtful })).toBe(1);
    expect(await database().signature.findUniqueOrThrow({ where: { id: doubtful } })).toEqual(before);
    expect((await campaignFigures(CAMPAIGN_SLUG))?.count).toBe(2);
  });

  test("of many is one job, undone as a whole within the hour and one by one at any time", async () => {
    const pending = await signed();
    const ids = [pending, await confirmed(), await confirmed()];
    const first = await markInvalid(OWNER, CAMPAIGN_SLUG, ids, "the same person twice");
    expect(first.marked).toBe(3);
    expect(JSON.parse((await lastEntry()).detail)).toEqual({
      job: first.jobId,
      reason: "the same person twice",
      signatures: 3,
      slug: CAMPAIGN_SLUG,
    });
    expect((await markInvalid(OWNER, CAMPAIGN_SLUG, ids, "made by a machine")).marked).toBe(0);
    expect(await restore(OWNER, CAMPAIGN_SLUG, { jobId: first.jobId })).toBe(3);
    expect(await Promise.all(ids.map(stateOf))).toEqual(["pending", "confirmed", "confirmed"]);
    const second = await markInvalid(OWNER, CAMPAIGN_SLUG, ids, "made by a machine");
    await database().$executeRaw`UPDATE signature_invalidation SET at = now() - interval '61 minutes'`;
    expect(await restore(OWNER, CAMPAIGN_SLUG, { jobId: second.jobId })).toBe(0);
    expect(await restore(OWNER, CAMPAIGN_SLUG, { signatureId: pending })).toBe(1);
    expect(await stateOf(pending)).toBe("pending");
  });

  test("holds mail back, which a restored signature is owed again", async () => {
    const id = await signed();
    const queued = () => database().mail.count({ where: { signatureId: id, state: "queued" } });
    expect(await queued()).toBe(1);
    await markInvalid(OWNER, CAMPAIGN_SLUG, [id], "made by a machine");
    expect(await queued()).toBe(0);
    expect(await retryMails(OWNER, "marked invalid")).toBeNull();
    await restore(OWNER, CAMPAIGN_SLUG, { signatureId: id });
    expect(await queued()).toBe(1);
  });

  test("owes no mail when the person signs again", async () => {
    const email = "again@example.org";
    const id = await signed({ email });
    await markInvalid(OWNER, CAMPAIGN_SLUG, [id], "made by a machine");
    await database().$executeRaw`UPDATE signature SET mail_requested_at = now() - interval '2 hours'`;
    await signed({ email });
    expect(await database().mail.count({ where: { signatureId: id, state: "queued" } })).toBe(0);
    expect(await resendMails(OWNER, CAMPAIGN_SLUG, [id])).toEqual({ owed: 0, tooSoon: 0, refused: 1 });
  });

  test("does not keep an unconfirmed signature beyond its week", async () => {
    const [never, once] = [await signed(), await confirmed()];
    await markInvalid(OWNER, CAMPAIGN_SLUG, [never, once], "made by a machine");
    await forgetEndedAccess();
    expect(await database().signature.count()).toBe(2);
    await database().$executeRaw`UPDATE signature SET signed_at = now() - interval '8 days'`;
    await forgetEndedAccess();
    expect((await database().signature.findMany()).map(({ id }) => id)).toEqual([once]);
  });
});

describe("one signatory", () => {
  test("is sent mail at most once an hour, even when two ask at once", async () => {
    const id = await signed();
    expect(await resendMails(OWNER, CAMPAIGN_SLUG, [id])).toEqual({ owed: 0, tooSoon: 1, refused: 0 });
    await database().$executeRaw`UPDATE signature SET mail_requested_at = now() - interval '61 minutes'`;
    const sent = await Promise.all([
      resendMails(OWNER, CAMPAIGN_SLUG, [id]),
      resendMails(OWNER, CAMPAIGN_SLUG, [id]),
    ]);
    expect(sent.map(({ owed, tooSoon }) => [owed, tooSoon]).toSorted()).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect(await database().mail.count({ where: { signatureId: id, kind: "reminder" } })).toBe(1);
    expect(await resendMails(OWNER, CAMPAIGN_SLUG, [crypto.randomUUID()])).toEqual({
      owed: 0,
      tooSoon: 0,
      refused: 0,
    });
  });

  test("shows when its signer corrected it, but not what", async () => {
    const id = await confirmed();
    const token = "a-mailed-token";
    await database().token.create({
      data: { hash: hashToken(token), purpose: "manage", signatureId: id },
    });
    await correct(token, { name: "Amelia Jones", country: "AF", locale: "en" });
    const history = (await historyOf(id)).map(({ what }) => what);
    expect(history).toContain("confirmation mail waiting to be sent");
    expect(history).toContain("corrected by the signer, the last time");
    expect(history.join()).not.toContain("Jones");
  });

  test("is never mailed again once erased, and leaves an entry that names nobody", async () => {
    const email = "erased@example.org";
    const id = await signed({ email });
    expect(await deleteSignatory(OWNER, CAMPAIGN_SLUG, id, true)).toEqual(expect.any(String));
    expect(
      await database().suppression.findUnique({ where: { mailboxKey: mailboxKey(email) } }),
    ).toMatchObject({
      reason: "stopped",
    });
    const entry = await lastEntry();
    expect(entry).toMatchObject({ action: "signatory.erase", subject: pseudonymOf(id) });
    expect(entry.detail).not.toContain("erased@");
    expect(await deleteSignatory(OWNER, CAMPAIGN_SLUG, id, true)).toBeNull();
  });
});

describe("a bulk action", () => {
  test("can be undone from the list of signatories once, within the hour", async () => {
    const ids = [await signed(), await confirmed(), await confirmed()];
    const marked = await markInvalid(OWNER, CAMPAIGN_SLUG, ids.slice(0, 2), "made by a machine");
    const withdrawal = await withdrawSignatories(OWNER, CAMPAIGN_SLUG, ids.slice(2));
    expect(await markInvalid(OWNER, CAMPAIGN_SLUG, ids.slice(0, 2), "made by a machine")).toMatchObject({
      marked: 0,
    });
    const told = async (now?: Date) =>
      (await undoableJobs(CAMPAIGN_SLUG, now))
        .filter(({ jobId }) => [marked.jobId, withdrawal.jobId].includes(jobId))
        .map(({ jobId, reason, signatures, actorLabel }) => [jobId, reason, signatures, actorLabel]);
    const first = [marked.jobId, "made by a machine", 2, OWNER.label];
    const second = [withdrawal.jobId, "withdrawn", 1, OWNER.label];
    expect(await told()).toEqual([second, first]);
    expect(await told(new Date(Date.now() + 61 * 60_000))).toEqual([]);
    await restore(OWNER, CAMPAIGN_SLUG, { jobId: withdrawal.jobId });
    expect(await told()).toEqual([first]);
    await restore(OWNER, CAMPAIGN_SLUG, { jobId: marked.jobId });
    expect(await told()).toEqual([]);
  });

  const passed = () =>
    database()
      .$executeRaw`UPDATE signature_invalidation SET at = at - interval '61 minutes', delete_at = delete_at - interval '61 minutes'`;

  test("sends mail again to all but those who may not be mailed or just were", async () => {
    const ids = [await signed(), await confirmed(), await signed(), await confirmed()];
    await markInvalid(OWNER, CAMPAIGN_SLUG, ids.slice(3), "made by a machine");
    await database()
      .$executeRaw`UPDATE signature SET mail_requested_at = now() - interval '61 minutes' WHERE id <> ${ids[2]}::uuid`;
    expect(await resendMails(OWNER, CAMPAIGN_SLUG, ids)).toEqual({ owed: 2, tooSoon: 1, refused: 1 });
    const mails = await database().mail.findMany({ where: { kind: { in: ["reminder", "confirmed"] } } });
    expect(new Set(mails.map(({ signatureId }) => signatureId))).toEqual(new Set(ids.slice(0, 2)));
    expect(JSON.parse((await lastEntry()).detail)).toMatchObject({ owed: 2 });
  });

  test("withdraws signatures from the count at once, and deletes them after the hour", async () => {
    const ids = [await signed(), await confirmed(), await confirmed()];
    await markInvalid(OWNER, CAMPAIGN_SLUG, ids.slice(2), "made by a machine");
    const kept = await confirmed();
    const { jobId, withdrawn } = await withdrawSignatories(OWNER, CAMPAIGN_SLUG, ids);
    expect(withdrawn).toBe(3);
    expect(JSON.parse((await lastEntry()).detail)).toMatchObject({ job: jobId, signatures: 3 });
    expect((await campaignFigures(CAMPAIGN_SLUG))?.count).toBe(1);
    expect((await withdrawSignatories(OWNER, CAMPAIGN_SLUG, ids)).withdrawn).toBe(0);
    await forgetEndedAccess();
    expect(await database().signature.count()).toBe(4);
    await passed();
    expect(await restore(OWNER, CAMPAIGN_SLUG, { jobId })).toBe(0);
    await forgetEndedAccess();
    expect((await database().signature.findMany()).map(({ id }) => id)).toEqual([kept]);
    expect(await lastEntry()).toMatchObject({ action: "signatory.deleted", actorKind: "system" });
  });

  test("restores everything as it was when a withdrawal is undone, including invalid signatures", async () => {
    const ids = [await signed(), await confirmed(), await confirmed()];
    await markInvalid(OWNER, CAMPAIGN_SLUG, ids.slice(2), "made by a machine");
    const { jobId } = await withdrawSignatories(OWNER, CAMPAIGN_SLUG, ids);
    expect(await restore(OWNER, CAMPAIGN_SLUG, { jobId })).toBe(3);
    expect(await Promise.all(ids.map(stateOf))).toEqual(["pending", "confirmed", "invalid"]);
    await passed();
    await forgetEndedAccess();
    expect(await database().signature.count()).toBe(3);
  });
});

describe("a search by name", () => {
  test("finds all common spellings and nobody else, page by page in both directions", async () => {
    const ids = [];
    for (const name of ["علی کریمی", "علي كريمي", "علی\u200Cکریمی", "عَلی کریمی"])
      ids.push(await signed({ name }));
    await signed({ name: "علی کریم" });
    const search = async (edge?: PageEdge) =>
      asFound(
        await findSignatories(someReader(), CAMPAIGN_SLUG, { find: "علی کريمی" }, edge, 3),
      ).signatories.map(({ id }) => id);
    const newestFirst = ids.toReversed();
    expect(await search()).toEqual(newestFirst.slice(0, 3));
    const placeOf = async (id = "") => {
      const { signedAt } = await database().signature.findUniqueOrThrow({ where: { id } });
      return { signedAt, id };
    };
    expect(await search({ direction: "behind", place: await placeOf(newestFirst[2]) })).toEqual(
      newestFirst.slice(3),
    );
    expect(await search({ direction: "ahead", place: await placeOf(newestFirst[3]) })).toEqual(
      newestFirst.slice(0, 3),
    );
  });

  test("sends the browser no more of each person than the list shows", async () => {
    const name = "Torpekai Amarkhel";
    await signed({ name });
    const path = `/admin/${CAMPAIGN_SLUG}/signatories`;
    const answer = await deskRoute("[campaign]/signatories").POST(
      posted(path, await sessionOf("exporter"), { find: name }),
    );
    const people = z.object({ result: z.object({ people: z.array(z.record(z.string(), z.unknown())) }) });
    const [person] = people.parse(await answer.json()).result.people;
    expect(Object.keys(person ?? {}).join(" ")).toBe(
      "id name email country locale state source signedAt confirmedAt",
    );
  });

  test("finds people who signed when the campaign was smaller, or corrected their name", async () => {
    const find = "Amelia Searched";
    const [early, late] = [await signed({ name: find }), await signed()];
    await database().signature.update({ where: { id: early }, data: { nameBucket: nameBucket(find, 3) } });
    await database().token.create({ data: { hash: hashToken("own"), purpose: "manage", signatureId: late } });
    await correct("own", { name: find, country: "AF", locale: "en" });
    const found = asFound(await findSignatories(someReader(), CAMPAIGN_SLUG, { find: "amelia  searched" }));
    expect(found.signatories.map(({ id }) => id).toSorted()).toEqual([early, late].toSorted());
  });
});

describe("a mail batch with an unknown outcome", () => {
  async function ambiguousBatch(): Promise<string> {
    const id = crypto.randomUUID();
    await signed();
    await database().$executeRaw`
      INSERT INTO mail_batch (id, state, data_key_id, payload_encrypted, last_reason)
      VALUES (${id}::uuid, 'ambiguous', 'k1', '\\x00', 'no answer')`;
    await database().$executeRaw`UPDATE mail SET state = 'batched', batch_id = ${id}::uuid, position = 0`;
    return id;
  }

  test("waits on the desk until an owner says it was sent", async () => {
    const id = await ambiguousBatch();
    expect((await figures()).mail.ambiguous).toMatchObject([{ id, mails: 1, reason: "no answer" }]);
    expect(await decideOnBatch(OWNER, id, "sent")).toBe(true);
    expect((await figures()).mail.ambiguous).toEqual([]);
    expect(await database().mail.findFirstOrThrow()).toMatchObject({ state: "sent" });
    expect(await decideOnBatch(OWNER, id, "again")).toBe(false);
    expect(await database().mail.count({ where: { state: "queued" } })).toBe(0);
  });

  test("is sent again if an owner says so", async () => {
    const id = await ambiguousBatch();
    expect(await decideOnBatch(OWNER, id, "again")).toBe(true);
    expect(await database().mail.findFirstOrThrow()).toMatchObject({ state: "queued", batchId: null });
    expect(await database().mailBatch.findUniqueOrThrow({ where: { id } })).toMatchObject({
      state: "finished",
      payloadEncrypted: null,
    });
  });

  test("is decided on the overview once", async () => {
    const batch = await ambiguousBatch();
    const decide = async (fields: Record<string, string>) =>
      deskRoute("[campaign]").POST(
        posted(`/admin/${CAMPAIGN_SLUG}`, await sessionOf("owner"), { action: "decide", batch, ...fields }),
      );
    expect((await decide({ decision: "perhaps" })).status).toBe(422);
    expect((await decide({ decision: "sent" })).status).toBe(303);
    expect((await decide({ decision: "again" })).status).toBe(410);
    expect((await decide({ batch: "none", decision: "sent" })).status).toBe(410);
    expect(await database().auditEntry.count({ where: { action: "mail.decide", subject: batch } })).toBe(1);
  });
});

describe("mail that was given up or stopped", () => {
  const sent = async (fields: Record<string, string>, role: "owner" | "exporter" = "owner") =>
    deskRoute("[campaign]").POST(posted(`/admin/${CAMPAIGN_SLUG}`, await sessionOf(role), fields));

  test("is queued again by an owner, unless its address must get none", async () => {
    await signed();
    await database()
      .$executeRaw`UPDATE mail SET state = 'dead', reason = 'no such host', finished_at = now()`;
    expect((await sent({ action: "retry", reason: "suppressed" })).status).toBe(422);
    expect((await sent({ action: "retry", reason: "no such host" }, "exporter")).status).toBe(403);
    expect(await (await sent({ action: "retry", reason: "no such host" })).text()).toContain("1 mail will");
    expect((await figures()).mail).toMatchObject({ queued: 1, dead: [] });
  });

  test("goes out once an owner has been told how many mails there are, and confirms", async () => {
    await signed();
    await stopMail(null);
    const question = await sent({ action: "resume" });
    expect([question.status, await question.text()]).toEqual([200, expect.stringContaining("Send 1 mail?")]);
    expect((await figures()).mail.trouble.stop).not.toBeNull();
    expect((await sent({ action: "resume", confirmed: "yes" })).status).toBe(303);
    expect((await figures()).mail.trouble.stop).toBeNull();
    expect((await sent({ action: "resume" })).status).toBe(410);
  });
});
