import { beforeEach, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { publishCounts } from "@/lib/disclosure";
import { perProcess } from "@/lib/per-process";
import { refreshSupporters, shownNames, supporters } from "@/lib/sharing";
import { erase, withdraw } from "@/lib/signatories";
import { countByCountry, refreshCountryFigures } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { joinsFrom } from "@/tests/support/networks";

useDatabase("in-steps");

const ATTACKER = 1;
const VICTIM = 2;

/** What the worker does from time to time, as if that time had come. */
async function worked(): Promise<void> {
  await database().$executeRaw`UPDATE country_figures SET taken_at = '-infinity'`;
  await database().$executeRaw`UPDATE published_count SET due_at = now() WHERE due_at IS NOT NULL`;
  await publishCounts();
  await publishCounts();
  await refreshCountryFigures();
  await refreshSupporters();
  // Names that a process has in hand are read anew in the next five minutes.
  perProcess("sharing/supporters", () => new Map()).clear();
}

async function join(people: number, networkOf: (index: number) => number, fields: Record<string, string>) {
  const tokens: string[] = [];
  for (let index = 0; index < people; index++) tokens.push(await joinsFrom(networkOf(index), fields));
  return tokens;
}

/** The worst draw for whoever is to be hidden: each step at its first person. */
const luckyForTheAttacker = () => database().$executeRaw`UPDATE told_figure SET rise_at = told + 10`;

beforeEach(async () => {
  for (const table of [
    "signature",
    "confirmed_count",
    "signature_hour",
    "signature_change",
    "published_count",
  ])
    await database().$executeRawUnsafe(`DELETE FROM ${table}`);
  for (const table of ["country_figures", "told_figure", "network_tally"])
    await database().$executeRawUnsafe(`DELETE FROM ${table}`);
});

describe("S10: an attacker with nine mailboxes in a small country", () => {
  test("does not see it appear with the tenth, real signer, however many sign from elsewhere", async () => {
    await join(30, (index) => 50 + index, { country: "DE" });
    await join(9, () => ATTACKER, { country: "IS" });
    await worked();
    await luckyForTheAttacker();
    await joinsFrom(VICTIM, { country: "IS" });
    await join(14, (index) => 100 + index, { country: "DE" });
    await worked();
    expect(Object.keys((await countByCountry(CAMPAIGN_SLUG)) ?? {})).not.toContain("IS");
  });

  test("cannot make it appear by withdrawing and adding the same mailboxes", async () => {
    const tokens = await join(9, () => ATTACKER, { country: "IS" });
    await joinsFrom(VICTIM, { country: "IS" });
    await worked();
    await luckyForTheAttacker();
    for (const token of tokens) await withdraw(token);
    await worked();
    await join(9, () => ATTACKER, { country: "IS" });
    await join(25, (index) => 50 + index, { country: "DE" });
    await worked();
    expect(Object.keys((await countByCountry(CAMPAIGN_SLUG)) ?? {})).not.toContain("IS");
  });

  test("sees a country only in tens, and only once many people from many networks signed there", async () => {
    await join(64, (index) => 50 + index, { country: "DE" });
    await worked();
    await worked();
    const { DE = 0 } = (await countByCountry(CAMPAIGN_SLUG)) ?? {};
    expect(DE % 10).toBe(0);
    expect(DE).toBeGreaterThan(0);
    expect(DE).toBeLessThanOrEqual(64);
  });
});

describe("S10: an attacker with nine fake public names", () => {
  test("does not see the tenth name, of a real signer", async () => {
    await join(9, () => ATTACKER, { name: "Fake Person", publicName: "yes" });
    await joinsFrom(VICTIM, { name: "Zarmina Ahmadi", publicName: "yes" });
    await worked();
    await luckyForTheAttacker();
    await worked();
    expect(await supporters(CAMPAIGN_SLUG)).toEqual([]);
    expect(await shownNames(CAMPAIGN_SLUG)).toEqual([]);
  });

  test("cannot tell who came last once names are shown, and sees an erased name vanish on its own schedule", async () => {
    await join(60, (index) => 50 + index, { name: "Laila Haidari", publicName: "yes" });
    await worked();
    const shown = await supporters(CAMPAIGN_SLUG);
    expect(shown).toHaveLength(12);
    await database().$executeRaw`UPDATE told_figure SET rise_at = 1000`;
    const token = await joinsFrom(VICTIM, { name: "Zarmina Ahmadi", publicName: "yes" });
    await worked();
    expect(await supporters(CAMPAIGN_SLUG)).toEqual(shown);
    expect((await shownNames(CAMPAIGN_SLUG)).map(({ name }) => name)).toEqual(["Laila"]);
    await erase(token);
    await database()
      .$executeRaw`DELETE FROM signature WHERE id IN (SELECT signature_id FROM shown_name LIMIT 1)`;
    expect(await database().shownName.count()).toBe(11);
  });
});
