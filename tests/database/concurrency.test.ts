import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { newToken } from "@/lib/db/keyed-hash";
import { foldSignatureChanges } from "@/lib/desk/figures";
import { markInvalid, restore } from "@/lib/moderation/invalid";
import { erase, withdraw } from "@/lib/signatories";
import { campaignFigures, checkSignatureForm, confirm, sign } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";

useDatabase();

const PEOPLE = 5;
const COUNTRIES = ["AF", "PK", "DE"];
const DEEDS = ["sign", "confirm", "confirm", "invalid", "restore", "withdraw", "erase", "fold"] as const;
const ACTOR = {
  kind: "account",
  id: crypto.randomUUID(),
  label: "owner@example.org",
  role: "owner",
} as const;

type Deed = { deed: (typeof DEEDS)[number]; person: number };
type Signed = { id: string; confirming: string; managing: string };

async function signAs(person: number): Promise<void> {
  const country = COUNTRIES[person % COUNTRIES.length];
  const form = { name: "Laila", email: `person${person}@example.net`, country, consent: "yes", locale: "en" };
  const checked = checkSignatureForm(form);
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  await sign(CAMPAIGN_SLUG, checked.request);
}

/** Everybody has signed, and holds the tokens that mails would have brought. */
async function everybody(): Promise<Signed[]> {
  const people: Signed[] = [];
  for (let person = 0; person < PEOPLE; person++) {
    await signAs(person);
    const { id } = await database().signature.findFirstOrThrow({ orderBy: { id: "desc" } });
    const [confirming, managing] = [newToken(), newToken()];
    const expiresAt = new Date(Date.now() + 60_000);
    await database().token.createMany({
      data: [
        { hash: confirming.hash, purpose: "confirm", signatureId: id, expiresAt },
        { hash: managing.hash, purpose: "manage", signatureId: id, expiresAt: null },
      ],
    });
    people.push({ id, confirming: confirming.token, managing: managing.token });
  }
  return people;
}

function perform({ deed, person }: Deed, people: Signed[]): Promise<unknown> {
  const { id, confirming, managing } = people[person] ?? { id: "", confirming: "", managing: "" };
  switch (deed) {
    case "sign":
      return signAs(person);
    case "confirm":
      return confirm(confirming);
    case "invalid":
      // Together with the next, as from a list: several rows in one statement.
      return markInvalid(
        ACTOR,
        CAMPAIGN_SLUG,
        [id, people[(person + 1) % PEOPLE]?.id ?? id],
        "made by a machine",
      );
    case "restore":
      return restore(ACTOR, CAMPAIGN_SLUG, { signatureId: id });
    case "withdraw":
      return withdraw(managing);
    case "erase":
      return erase(managing);
    case "fold":
      return foldSignatureChanges();
  }
}

const figures = (columns: "hour" | "country") => {
  const grouped = columns === "hour" ? "date_trunc('hour', confirmed_at)" : "country";
  return Promise.all([
    database().$queryRawUnsafe(`
      SELECT ${columns} AS key, sum(confirmed)::int AS confirmed FROM signature_hour
      GROUP BY 1 HAVING sum(confirmed) <> 0 ORDER BY 1`),
    database().$queryRawUnsafe(`
      SELECT ${grouped} AS key, count(*)::int AS confirmed FROM signature
      WHERE state = 'confirmed' GROUP BY 1 ORDER BY 1`),
  ]);
};

beforeEach(async () => {
  await database().$executeRaw`DELETE FROM signature`;
});

test("keeps every figure equal to a count of the rows, whatever happens to signatures at the same moment", async () => {
  const deeds = fc.array(
    fc.record({ deed: fc.constantFrom(...DEEDS), person: fc.nat({ max: PEOPLE - 1 }) }),
    { minLength: 8, maxLength: 24 },
  );
  await fc.assert(
    fc.asyncProperty(deeds, async (chosen) => {
      await database().$executeRaw`DELETE FROM signature`;
      await database().$executeRaw`DELETE FROM suppression`;
      const people = await everybody();
      await Promise.all(chosen.map((deed) => perform(deed, people)));
      await foldSignatureChanges();
      const confirmed = await database().signature.count({ where: { state: "confirmed" } });
      expect((await campaignFigures(CAMPAIGN_SLUG))?.count).toBe(confirmed);
      for (const by of ["hour", "country"] as const) {
        const [told, counted] = await figures(by);
        expect(told, by).toEqual(counted);
      }
      const [wrong] = await database().$queryRaw<{ marks: number }[]>`
        SELECT count(*)::int AS marks FROM signature FULL JOIN signature_invalidation ON signature_id = signature.id
        WHERE (signature.state = 'invalid') IS DISTINCT FROM (signature_id IS NOT NULL)`;
      expect(wrong?.marks).toBe(0);
    }),
    { numRuns: 25 },
  );
}, 120_000);
