import { beforeAll, describe, expect, test } from "vitest";
import { keepDraft } from "@/lib/accounts/drafts";
import { database } from "@/lib/db/client";
import { freezeBatch } from "@/lib/mail/outbox";
import { startInvalidation } from "@/lib/moderation/invalidation";
import { findReviewGroups } from "@/lib/moderation/review-search";
import { draftPaper } from "@/lib/paper/paper";
import { ruleOf } from "@/lib/signatories/rule";
import { checkSignatureForm, sign } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { enrolled, sessionOf } from "@/tests/support/desk";
import { OWNER } from "@/tests/support/session";

const held = useDatabase();

const NAMES = [
  "Al",
  "Laila Karimi",
  "Zarghuna Stanikzai of Nangarhar",
  "زرغونه ستانکزی",
  "زینب چوہدری",
  "王小明",
];
/** The longest that the form takes. */
const LONGEST = {
  name: "ﷺ".repeat(100),
  email: `${"x".repeat(64)}@${"y".repeat(60)}.${"z".repeat(60)}.example.org`,
};

async function signs(name: string, email: string): Promise<void> {
  const checked = checkSignatureForm({ name, email, country: "AF", consent: "yes", locale: "ps" });
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  await sign(CAMPAIGN_SLUG, checked.request);
}

/** The lengths that a thief finds in a column of a dump, in bytes. */
async function lengthsIn(table: string, column: string): Promise<number[]> {
  const rows = await held
    .current()
    .query<{ length: number }>(
      `SELECT DISTINCT octet_length("${column}") AS length FROM "${table}" WHERE "${column}" IS NOT NULL ORDER BY 1`,
    );
  return rows.map(({ length }) => length);
}

function sealedColumns(): Promise<{ table: string; column: string }[]> {
  return held.current().query(`
    SELECT table_name::text AS "table", column_name::text AS "column" FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name LIKE '%\\_encrypted' ORDER BY 1, 2`);
}

beforeAll(async () => {
  for (const [number, name] of NAMES.entries())
    await signs(name, `signer${"r".repeat(number * 4)}@example.org`);
});

describe("S4: a thief who measures sealed values", () => {
  test("finds one length for short and longer names in every script", async () => {
    expect(await database().signature.count()).toBe(NAMES.length);
    expect(await lengthsIn("signature", "person_encrypted")).toHaveLength(1);
  });

  test("finds one other length for the longest names and addresses, and the database refuses a third", async () => {
    await signs(LONGEST.name, LONGEST.email);
    const [usual, longest, ...others] = await lengthsIn("signature", "person_encrypted");
    expect([usual, others]).toEqual([188, []]);
    expect(longest).toBe(1564);
    await expect(
      database().$executeRaw`UPDATE signature SET person_encrypted = substr(person_encrypted, 2)`,
    ).rejects.toThrow();
  });

  test("finds no other sealed column whose length depends on a name, an address or a rule", async () => {
    const lengths = new Map<string, number[]>();
    const clear = async () => {
      await database().$executeRaw`DELETE FROM invalidation_job`;
      await database().$executeRaw`DELETE FROM review_group`;
      await database().$executeRaw`DELETE FROM mail`;
      await database().$executeRaw`DELETE FROM mail_batch`;
      await database().$executeRaw`DELETE FROM signature`;
      await database().$executeRaw`DELETE FROM paper_import`;
      await database().$executeRaw`DELETE FROM admin_draft`;
    };
    const names = ["Al", "Zarghuna Stanikzai of Nangarhar in the East"];
    for (const name of names) {
      await clear();
      await signs(name, `${name.length}a.b@example.org`);
      // Another spelling of a mailbox that is pending: its mail goes there.
      for (const spelling of ["ab", `a.b+${"t".repeat(name.length)}`])
        await signs(name, `${spelling}@gmail.com`);
      await signs(name, `${name.length}ab+${"t".repeat(name.length)}@example.org`);
      await findReviewGroups();
      await freezeBatch();
      const rule = await ruleOf({
        name,
        domain: "",
        network: "",
        country: "",
        from: undefined,
        to: undefined,
      });
      await startInvalidation(OWNER, CAMPAIGN_SLUG, rule, "made by a machine");
      await draftPaper(
        OWNER,
        CAMPAIGN_SLUG,
        "sheet.csv",
        Buffer.from(`name,country,email\n${name},AF,c@example.org\n`),
      );
      const { cookie } = await sessionOf(await enrolled("owner"));
      await keepDraft(cookie, "/admin", [["note", name]]);
      for (const { table, column } of await sealedColumns()) {
        const found = await lengthsIn(table, column);
        expect(found, `${table}.${column} is not empty`).toHaveLength(1);
        lengths.set(`${table}.${column}`, [
          ...new Set([...(lengths.get(`${table}.${column}`) ?? []), ...found]),
        ]);
      }
    }
    expect(lengths.size).toBeGreaterThanOrEqual(6);
    for (const [place, found] of lengths) expect(found, place).toHaveLength(1);
  });
});
