import { beforeEach, expect, test } from "vitest";
import { forgetEndedAccess } from "@/lib/admin/housekeeping";
import { draftPaper, importPaper, PAPER_ROWS_MAX, readPaper, undoPaper } from "@/lib/admin/paper";
import { findSignatories, resendMails, signatoryWithHistory } from "@/lib/admin/signatories";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import { database } from "@/lib/db/client";
import { answerExport } from "@/lib/export";
import { campaignFigures } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";

useDatabase();

const OWNER = {
  kind: "account",
  id: crypto.randomUUID(),
  label: "owner@example.org",
  role: "owner",
} as const;
const bytes = (text: string) => new TextEncoder().encode(text);
const SHEET = bytes(
  [
    "\uFEFFName;Country;Email;Locale;Updates;Signed",
    '"Kargar; Zarghuna";AF;zarghuna@example.org;ps;yes;2026-10-01',
    "گل خان;PK;;ur;yes;",
    "گل خان;PK;;ur;;",
  ].join("\r\n"),
);

async function drafted(file = SHEET) {
  const drafting = await draftPaper(OWNER, CAMPAIGN_SLUG, file);
  if (!drafting.ok) throw new Error(drafting.refusal);
  return drafting.draft;
}
const count = async () => (await campaignFigures(CAMPAIGN_SLUG))?.count;

beforeEach(async () => {
  await database().$executeRaw`DELETE FROM paper_import`;
  await database().$executeRaw`DELETE FROM signature`;
});

test("a sheet is read line by line, and every mistake is told with its line", () => {
  const read = readPaper(
    bytes(
      'name,country,email,signed\nA,AF,,\n"Amelia\nSmith",XX,amelia@,\nMeena,AF,m@example.org,2999-01-01\nNur Jan,AF,,\n',
    ),
  );
  expect(read).toMatchObject({
    ok: true,
    rows: [{ name: "Nur Jan" }],
    mistakes: [
      { line: 2, key: "name.short" },
      { line: 4, key: "country.unknown" },
      { line: 4, key: "email.invalid" },
      { line: 5, key: "signed.invalid" },
    ],
  });
});

test.each([
  ["not-utf8", Buffer.from("name,country\nJos\xe9,ES", "latin1")],
  ["not-csv", bytes('name,country\n"open,AF')],
  ["columns", bytes("who,where\nAmelia,AF")],
  ["empty", bytes("name,country\n\n")],
  ["too-many", bytes(`name,country\n${"Amelia,AF\n".repeat(PAPER_ROWS_MAX + 1)}`)],
])("a file is refused: %s", (refusal, file) => {
  expect(readPaper(file)).toEqual({ ok: false, refusal });
});

test("what was imported counts as confirmed, is told as paper, and is owed no mail", async () => {
  const { id, signatures, mistakes } = await drafted();
  expect({ signatures, mistakes }).toEqual({ signatures: 3, mistakes: [] });
  expect(await count()).toBe(0);
  expect(await importPaper(OWNER, id)).toBe(3);
  expect(await count()).toBe(3);
  const found = await findSignatories(CAMPAIGN_SLUG, { source: "paper" });
  expect(found.map(({ name, email, wantsUpdates }) => [name, email, wantsUpdates]).toSorted()).toEqual([
    ["Kargar; Zarghuna", "zarghuna@example.org", true],
    ["گل خان", "", false],
    ["گل خان", "", false],
  ]);
  expect(await findSignatories(CAMPAIGN_SLUG, { source: "web" })).toEqual([]);
  expect(await database().mail.count()).toBe(0);
  const nobody = found.find(({ email }) => email === "");
  await database().$executeRaw`UPDATE signature SET mail_requested_at = now() - interval '2 hours'`;
  expect(await resendMails(OWNER, [nobody?.id ?? ""])).toMatchObject({ refused: 1 });
  const history = (await signatoryWithHistory(nobody?.id ?? ""))?.history.map(({ what }) => what);
  expect(history).toContain("signed on paper");
  const request = new Request("http://localhost/?format=ndjson&status=confirmed");
  const file = await (await answerExport(request, CAMPAIGN_SLUG, { label: "test" }, async () => {})).text();
  expect(file).toContain("Kargar; Zarghuna");
});

test("addresses that have signed are told as a number and left as they are; no file counts twice", async () => {
  await importPaper(OWNER, (await drafted()).id);
  expect(await draftPaper(OWNER, CAMPAIGN_SLUG, SHEET)).toEqual({ ok: false, refusal: "imported-already" });
  const again = await drafted(
    bytes("name,country,email\nSomebody Else,AF,zarghuna@EXAMPLE.org\nNew One,AF,new@example.org\n"),
  );
  expect(again.present).toBe(1);
  expect(await importPaper(OWNER, again.id)).toBe(1);
  expect(await importPaper(OWNER, again.id)).toBeNull();
  expect(await count()).toBe(4);
});

test("an import is taken back within the hour, with all it added and nothing else", async () => {
  await importPaper(OWNER, (await drafted(bytes("name,country\nNur Jan,AF\n"))).id);
  const { id } = await drafted();
  await importPaper(OWNER, id);
  expect(await undoPaper(OWNER, id)).toBe(3);
  expect(await count()).toBe(1);
  expect(await undoPaper(OWNER, id)).toBeNull();
  const late = await drafted();
  await importPaper(OWNER, late.id);
  await database().$executeRaw`UPDATE paper_import SET imported_at = now() - interval '61 minutes'`;
  expect(await undoPaper(OWNER, late.id)).toBeNull();
  expect(await count()).toBe(4);
});

test("a draft rests sealed, and not beyond its hour", async () => {
  const { id } = await drafted();
  const kept = await database().paperImport.findUniqueOrThrow({ where: { id } });
  expect(Buffer.from(kept.rowsEncrypted ?? []).includes("zarghuna")).toBe(false);
  await database().$executeRaw`UPDATE paper_import SET created_at = now() - interval '61 minutes'`;
  expect(await importPaper(OWNER, id)).toBeNull();
  await forgetEndedAccess();
  expect(await database().paperImport.count()).toBe(0);
  const entries = await database().auditEntry.findMany({ where: { action: { startsWith: "paper." } } });
  expect(JSON.stringify(entries.map(({ detail }) => detail))).not.toContain("arghuna");
});
