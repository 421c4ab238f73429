import { afterAll, beforeAll, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { deskFigures, foldSignatureChanges } from "@/lib/desk/figures";
import { generateSignatures } from "@/lib/generator";
import { markInvalid } from "@/lib/moderation/invalid";
import { reviewGroups } from "@/lib/moderation/review";
import { findReviewGroups } from "@/lib/moderation/review-search";
import { findSignatories, type SignatoryFilter, signatoryWithHistory } from "@/lib/signatories/signatories";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { costOf, type Reading, type ViewCost } from "@/tests/support/plans";
import { asFound, OWNER, someReader } from "@/tests/support/session";

const held = useDatabase();

/** As many as a plan needs to be the plan of a great campaign. */
const MANY = 200_000;
/** Whoever reads so many rows of a table reads it whole, whatever the plan calls it. */
const NEARLY_ALL = MANY / 2;

const costs: ViewCost[] = [];

beforeAll(async () => {
  await generateSignatures({ databaseUrl: held.current().url, signatures: MANY });
  await held.current().query(`
    INSERT INTO mail (id, signature_id, kind, state, created_at, finished_at)
    SELECT gen_random_uuid(), id, 'confirmation', 'sent', signed_at, signed_at FROM signature`);
  await held.current().query(`
    INSERT INTO token (hash, purpose, signature_id) SELECT sha256(id::text::bytea), 'manage', id FROM signature`);
  await foldSignatureChanges();
  await held.current().query("VACUUM (ANALYZE)");
}, 240_000);
afterAll(() => {
  console.table(
    costs.map(({ view, statements, milliseconds, readings }) => ({
      view,
      statements,
      "rows read": readings.reduce((sum, { rows }) => sum + rows, 0),
      "database time, ms": milliseconds.toFixed(1),
    })),
  );
});

const explained = async (view: string, work: () => Promise<unknown>): Promise<Reading[]> => {
  const cost = await costOf(held.current().url, view, work);
  costs.push(cost);
  return cost.readings.filter(
    ({ table, how, rows }) =>
      ["signature", "mail", "token"].includes(table) && (how.includes("Seq Scan") || rows >= NEARLY_ALL),
  );
};

test("scans all of 200,000 signatures, mails or links for no view of the desk, by the database's own plans", async () => {
  const { signatories } = asFound(await findSignatories(someReader(), CAMPAIGN_SLUG, {}));
  const [some, rare] = signatories;
  if (!some || !rare) throw new Error("the generator made none");
  await markInvalid(OWNER, CAMPAIGN_SLUG, [rare.id], "made by a machine");
  const filters: Record<string, SignatoryFilter> = {
    all: {},
    pending: { state: "pending" },
    "confirmed, wants updates": { state: "confirmed", updates: true },
    invalid: { state: "invalid" },
    "on paper": { source: "paper" },
    "one country": { country: "AF" },
    "one language of one country": { country: some.country, locale: some.locale },
    "a language nobody reads there": { country: "DE", locale: "ps" },
    "the last day": { from: new Date(Date.now() - 24 * 60 * 60 * 1000) },
    "one address": { find: some.email },
    "one name": { find: some.name },
  };
  const found: Reading[] = await explained("desk", () => deskFigures(CAMPAIGN_SLUG));
  for (const [name, filter] of Object.entries(filters)) {
    found.push(
      ...(await explained(`signatories: ${name}`, () =>
        findSignatories(someReader(), CAMPAIGN_SLUG, filter),
      )),
    );
    for (const direction of ["behind", "ahead"] as const)
      found.push(
        ...(await explained(`signatories: ${name}, ${direction}`, () =>
          findSignatories(someReader(), CAMPAIGN_SLUG, filter, { direction, place: some }),
        )),
      );
  }
  found.push(
    ...(await explained("one signatory", () => signatoryWithHistory(someReader(), CAMPAIGN_SLUG, some.id))),
  );
  await findReviewGroups();
  found.push(...(await explained("likely fakes", () => reviewGroups(someReader(), CAMPAIGN_SLUG))));
  expect(found).toEqual([]);
});

test("would notice such a scan", async () => {
  const [seen] = await explained(
    "a reading of all, for comparison",
    () =>
      database()
        .$queryRaw`SELECT count(*)::int FROM signature WHERE origin = 'https://elsewhere.example' OR locale = 'ur'`,
  );
  expect(seen).toMatchObject({ table: "signature" });
});
