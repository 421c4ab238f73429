import { beforeEach, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { foldSignatureChanges } from "@/lib/desk/figures";
import { generateSignatures } from "@/lib/generator";
import { mailboxKey } from "@/lib/mailbox";
import { restore } from "@/lib/moderation/invalid";
import {
  advanceInvalidation,
  cancelInvalidation,
  invalidationJobs,
  previewInvalidation,
  startInvalidation,
  undoInvalidation,
} from "@/lib/moderation/invalidation";
import { markGenuine, reviewGroups, ruleOfGroup } from "@/lib/moderation/review";
import type { GroupKind } from "@/lib/moderation/review-content";
import { findReviewGroups } from "@/lib/moderation/review-search";
import { networkKey } from "@/lib/network/network";
import { forgetEndedAccess } from "@/lib/privacy/ended-access";
import { ruleOf, type TypedRule } from "@/lib/signatories/rule";
import { findSignatories } from "@/lib/signatories/signatories";
import { checkSignatureForm, sign } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { posted } from "@/tests/support/desk";
import { deskRoute } from "@/tests/support/routes";
import { asFound, sessionOf, someReader } from "@/tests/support/session";

const held = useDatabase();

const OWNER = {
  kind: "account",
  id: crypto.randomUUID(),
  label: "owner@example.org",
  role: "owner",
} as const;
const NOTHING: TypedRule = { name: "", domain: "", network: "", country: "", from: undefined, to: undefined };

async function signed(changes: Record<string, string> = {}, address?: string): Promise<string> {
  const email = `${crypto.randomUUID()}@example.org`;
  const form = {
    name: `Amelia ${crypto.randomUUID()}`,
    email,
    country: "GB",
    consent: "yes",
    locale: "en",
    ...changes,
  };
  const checked = checkSignatureForm(form);
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  await sign(CAMPAIGN_SLUG, checked.request, address === undefined ? null : await networkKey(address));
  const { id } = await database().signature.findFirstOrThrow({
    where: { mailboxKey: mailboxKey(form.email) },
  });
  return id;
}

const many = (times: number, changes: Record<string, string>, address?: string) =>
  Promise.all(Array.from({ length: times }, () => signed(changes, address)));

async function found(kind: GroupKind) {
  await findReviewGroups();
  return asFound(await reviewGroups(someReader(), CAMPAIGN_SLUG)).groups.filter(
    (group) => group.kind === kind,
  );
}

async function invalidIds(): Promise<string[]> {
  const rows = await database().signature.findMany({ where: { state: "invalid" }, select: { id: true } });
  return rows.map(({ id }) => id).toSorted();
}

async function started(typed: Partial<TypedRule>): Promise<string> {
  return startInvalidation(OWNER, CAMPAIGN_SLUG, await ruleOf({ ...NOTHING, ...typed }), "made by a machine");
}

async function worked(): Promise<number> {
  let batches = 0;
  while (await advanceInvalidation()) batches += 1;
  return batches;
}

const actions = async (subject: string) =>
  (await database().auditEntry.findMany({ where: { subject }, orderBy: { sequence: "asc" } })).map(
    ({ action }) => action,
  );

beforeEach(async () => {
  await database().$executeRaw`DELETE FROM invalidation_job`;
  await database().$executeRaw`DELETE FROM review_group`;
  await database().$executeRaw`DELETE FROM signature`;
  await foldSignatureChanges();
  await database().$executeRaw`DELETE FROM signature_hour`;
});

describe("the review queue", () => {
  test("groups look-alike addresses, joke names, one name and one network, and marks nothing", async () => {
    const alikeIds = await Promise.all(
      ["ali.khan@example.com", "alikhan+2@example.com", "A.likhan@EXAMPLE.com"].map((email) =>
        signed({ email }),
      ),
    );
    await signed({ name: "MICKEY  mouse" });
    await many(10, { name: "Maryam Ahmadi" });
    await many(9, { name: "Too few to tell" });
    await many(20, {}, "192.0.2.7");
    const [alike] = await found("look-alike");
    expect(alike?.signatures).toBe(3);
    const rule = await ruleOfGroup(CAMPAIGN_SLUG, alike?.id ?? "");
    const members = asFound(await findSignatories(someReader(), CAMPAIGN_SLUG, rule ?? {})).signatories;
    expect(members.map(({ id }) => id).toSorted()).toEqual(alikeIds.toSorted());
    expect(await found("joke-name")).toMatchObject([{ signatures: 1, example: "MICKEY mouse" }]);
    expect(await found("same-name")).toMatchObject([{ signatures: 10, example: "Maryam Ahmadi" }]);
    expect(await found("network")).toMatchObject([{ signatures: 20 }]);
    expect(await invalidIds()).toEqual([]);
  });

  test("reports an hour that stands out among its country's hours as a burst", async () => {
    await database().$executeRaw`
      INSERT INTO signature_hour (campaign_id, hour, country, locale, signed, confirmed)
      SELECT id, date_trunc('hour', now()) - hour * interval '1 hour', country, 'en',
        CASE WHEN hour = 3 AND country = 'PK' THEN 100 ELSE 9 END, 0
      FROM campaign, generate_series(0, 9) AS hour, unnest(ARRAY['PK', 'GB']) AS country`;
    expect(await found("burst")).toMatchObject([{ country: "PK", signatures: 100 }]);
  });

  test("drops a group that was found genuine or dealt with", async () => {
    await many(10, { name: "Maryam Ahmadi" });
    await signed({ name: "Donald Duck" });
    const [genuine] = await found("same-name");
    expect(await markGenuine(OWNER, CAMPAIGN_SLUG, genuine?.id ?? "")).toBe(true);
    expect(await markGenuine(OWNER, CAMPAIGN_SLUG, genuine?.id ?? "")).toBe(false);
    await many(5, { name: "Maryam Ahmadi" });
    expect(await found("same-name")).toEqual([]);
    expect(await found("joke-name")).toHaveLength(1);
    await started({ name: "donald duck" });
    await worked();
    expect(await found("joke-name")).toEqual([]);
  });
});

test("drops an erased signature from its group within a minute, and empty groups", async () => {
  const ids = await Promise.all(
    ["ali.khan@example.org", "alikhan@example.org", "a.likhan@example.org"].map((email) => signed({ email })),
  );
  const [group] = await found("look-alike");
  const members = async () => (await ruleOfGroup(CAMPAIGN_SLUG, group?.id ?? ""))?.ids;
  expect((await members())?.toSorted()).toEqual(ids.toSorted());
  await database().signature.delete({ where: { id: ids[0] ?? "" } });
  await forgetEndedAccess();
  expect((await members())?.toSorted()).toEqual(ids.slice(1).toSorted());
  await database().signature.deleteMany({ where: { id: { in: ids.slice(1) } } });
  await signed();
  await forgetEndedAccess();
  expect(await members()).toBeUndefined();
  expect(await database().reviewGroup.count()).toBe(0);
});

test("keeps no hash of a name or address once all signatures are destroyed", async () => {
  await signed({ name: "Donald Duck" });
  const [group] = await found("joke-name");
  await markGenuine(OWNER, CAMPAIGN_SLUG, group?.id ?? "");
  await started({ name: "Donald Duck" });
  await worked();
  await forgetEndedAccess();
  expect([await database().reviewGroup.count(), await database().invalidationJob.count()]).toEqual([1, 1]);
  await database().$executeRaw`DELETE FROM signature`;
  await forgetEndedAccess();
  expect([await database().reviewGroup.count(), await database().invalidationJob.count()]).toEqual([0, 0]);
});

describe("a moderation rule", () => {
  test.each<[string, Partial<TypedRule>]>([
    ["a name", { name: "zarghuna  KARGAR" }],
    ["a mail domain", { domain: "Fakes.Example" }],
    ["a network", { network: "198.51.100.200" }],
    ["a country", { country: "AF" }],
    ["a time span", { from: new Date("2026-01-01T00:00:00Z"), to: new Date("2026-01-02T00:00:00Z") }],
    ["several at once", { name: "Zarghuna Kargar", country: "AF", to: new Date("2026-01-02T00:00:00Z") }],
  ])("with %s matches exactly those that meet it", async (_, typed) => {
    const meant = await signed(
      { name: "Zarghuna Kargar", email: "one@fakes.example", country: "AF" },
      "198.51.100.7",
    );
    await database().$executeRaw`UPDATE signature SET signed_at = '2026-01-01T12:00:00Z'`;
    await signed({ name: "Zarghuna Kargan", email: "two@fakes.example.org" }, "198.51.101.7");
    const rule = await ruleOf({ ...NOTHING, ...typed });
    const preview = asFound(await previewInvalidation(someReader(), CAMPAIGN_SLUG, rule));
    expect(preview.signatures).toBe(1);
    expect(preview.sample.map(({ id }) => id)).toEqual([meant]);
    const job = await started(typed);
    await worked();
    expect(await invalidIds()).toEqual([meant]);
    expect(await invalidationJobs(CAMPAIGN_SLUG)).toMatchObject([{ id: job, state: "finished", marked: 1 }]);
    const entries = await database().auditEntry.findMany({ where: { subject: job } });
    expect(JSON.stringify(entries.map(({ detail }) => detail))).not.toMatch(/zarghuna|fakes|198\.51/i);
  });

  test("is shown with its matches before it is started", async () => {
    await signed({ name: "Donald Duck", email: "one@fakes.example" });
    const { GET, POST } = deskRoute("[campaign]/invalidations");
    const cookie = await sessionOf("owner");
    const post = (fields: Record<string, string>) => POST(posted("/admin", cookie, fields));
    const previewed = await post({ action: "preview", name: "donald duck" });
    expect(previewed.status).toBe(200);
    const { result } = await previewed.json();
    expect(result).toMatchObject({ signatures: 1, whole: true, sample: [{ email: "one@fakes.example" }] });

    const start = { action: "start", ...result.rule };
    const unexplained = await post({ ...start, reason: "because" });
    expect([unexplained.status, await unexplained.text()]).toEqual([
      422,
      expect.stringContaining("Reason: choose one from the list."),
    ]);
    const started = await post({ ...start, reason: "made by a machine" });
    const [job] = await invalidationJobs(CAMPAIGN_SLUG);
    const path = `/admin/${CAMPAIGN_SLUG}/invalidations?started=${job?.id}`;
    expect([started.status, started.headers.get("location")]).toEqual([303, path]);
    const page = await GET(new Request(`http://localhost${path}`, { headers: { cookie } }));
    expect(await page.text()).toContain("The job has started.");
    await worked();
    expect(await invalidIds()).toEqual([result.sample[0].id]);
  });

  test.each([
    [{}, "name", "Conditions: fill in at least one, or the rule would match every signature."],
    [{ domain: "fakes" }, "domain", "Email domain: write it like example.org."],
    [{ network: "203.0.113" }, "network", "IP address: write it like 203.0.113.7 or 2001:db8::7."],
    [{ country: "Atlantis" }, "country", "Country: choose one from the list."],
    [{ from: "yesterday" }, "from", "Signed from: give a date and a time."],
    [
      { from: "2026-11-24T10:00", to: "2026-11-24T10:00" },
      "to",
      "Signed before: give a time later than the one in “Signed from”.",
    ],
  ])("is refused with the field and the remedy: %o", async (fields, field, text) => {
    const { POST } = deskRoute("[campaign]/invalidations");
    const cookie = await sessionOf("owner");
    for (const action of ["preview", "start"]) {
      const answer = await POST(posted("/admin", cookie, { action, reason: "made by a machine", ...fields }));
      expect([answer.status, (await answer.json()).mistakes]).toEqual([422, [{ field, text }]]);
    }
  });

  test("is refused without conditions, by the database too", async () => {
    await expect(started({})).rejects.toThrow();
  });

  test("runs in batches, can be stopped on the way, and can be undone days later", async () => {
    await generateSignatures({ databaseUrl: held.current().url, signatures: 2_500 });
    const before = await database().signature.findMany({ orderBy: { id: "asc" } });
    const cancelled = await started({ to: new Date() });
    await advanceInvalidation();
    expect(await invalidIds()).toHaveLength(1_000);
    expect(await cancelInvalidation(OWNER, CAMPAIGN_SLUG, cancelled)).toBe(true);
    expect(await worked()).toBe(0);
    const finished = await started({ to: new Date() });
    expect(await worked()).toBe(3);
    expect(await invalidIds()).toHaveLength(2_500);
    await database().$executeRaw`UPDATE signature_invalidation SET at = now() - interval '3 days'`;
    for (const job of [cancelled, finished])
      expect(await undoInvalidation(OWNER, CAMPAIGN_SLUG, job)).toBe(true);
    await worked();
    expect(await database().signature.findMany({ orderBy: { id: "asc" } })).toEqual(before);
    expect(await undoInvalidation(OWNER, CAMPAIGN_SLUG, finished)).toBe(false);
    expect(await actions(cancelled)).toEqual([
      "invalidation.start",
      "invalidation.cancel",
      "invalidation.undo",
      "invalidation.undone",
    ]);
  });

  test("leaves alone whoever signs after it began or was restored meanwhile", async () => {
    const ids = await many(3, { country: "AF" });
    const [first = ""] = ids;
    await started({ country: "AF" });
    await worked();
    const job = await started({ country: "AF" });
    await restore(OWNER, CAMPAIGN_SLUG, { signatureId: first });
    await database()
      .$executeRaw`UPDATE invalidation_job SET created_at = now() - interval '1 day' WHERE id = ${job}::uuid`;
    await worked();
    expect(await invalidIds()).toEqual(ids.filter((id) => id !== first).toSorted());
  });

  test("leaves nothing half-done if its worker dies in a batch, and another continues", async () => {
    const ids = await many(5, { country: "AF" });
    const job = await started({ country: "AF" });
    await database().$transaction(async (transaction) => {
      await transaction.$executeRaw`SELECT FROM signature WHERE id = ${ids[4]}::uuid FOR UPDATE`;
      const dying = advanceInvalidation();
      dying.catch(() => {});
      await expect.poll(endWaitingConnection).toBe(1);
      await expect(dying).rejects.toThrow();
    });
    expect(await invalidIds()).toEqual([]);
    await worked();
    expect(await invalidIds()).toEqual(ids.toSorted());
    expect(await invalidationJobs(CAMPAIGN_SLUG)).toMatchObject([{ id: job, state: "finished", marked: 5 }]);
  });
});

/** Ends the connection that waits for a signature another holds, as the death of its process would. */
async function endWaitingConnection(): Promise<number> {
  const rows = await held.current().query(`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%signature_invalidation%'`);
  return rows.length;
}
