import { beforeEach, describe, expect, test } from "vitest";
import { POST as paperRoute } from "@/app/admin/paper/route";
import { forgetEndedAccess } from "@/lib/admin/housekeeping";
import {
  draftPaper,
  importPaper,
  PAPER_FILE_LIMIT_BYTES,
  PAPER_ROWS_MAX,
  readPaper,
  undoPaper,
} from "@/lib/admin/paper";
import {
  findSignatories,
  resendMails,
  type SignatoryFilter,
  signatoryWithHistory,
} from "@/lib/admin/signatories";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import { database } from "@/lib/db/client";
import { answerExport } from "@/lib/export";
import { settings } from "@/lib/settings";
import { campaignFigures } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { asFound, OWNER, sessionOf, someReader } from "@/tests/support/session";

useDatabase();

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
  const drafting = await draftPaper(OWNER, CAMPAIGN_SLUG, "sheet.csv", file);
  if (!drafting.ok) throw new Error(drafting.refusal);
  return drafting.draft;
}
const foundBy = async (filter: SignatoryFilter) =>
  asFound(await findSignatories(someReader(), CAMPAIGN_SLUG, filter)).signatories;
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
  ["not-csv", bytes("name,country\nAm\0elia,AF\n")],
  ["not-utf8", Buffer.from("PK\x03\x04\x14\0\x08\x08\x08\0\xb0\x9c\xd7", "latin1")],
  ["not-csv", bytes("%PDF-1.7\n1 0 obj\n<</Length 2>>\0\0")],
  ["columns", bytes("<!doctype html><script>alert(1)</script>")],
  ["columns", bytes("who,where\nAmelia,AF")],
  ["empty", bytes("name,country\n\n")],
  ["too-many", bytes(`name,country\n${"Amelia,AF\n".repeat(PAPER_ROWS_MAX + 1)}`)],
])("a file is refused: %s", (refusal, file) => {
  expect(readPaper(file)).toEqual({ ok: false, refusal });
});

describe("what an owner sends", () => {
  async function sent(name: string, file: Uint8Array<ArrayBuffer>): Promise<Response> {
    const body = new FormData();
    body.set("file", new File([file], name, { type: "text/csv" }));
    const headers = { cookie: await sessionOf("owner"), origin: settings().siteUrl };
    return paperRoute(new Request(`${settings().siteUrl}/admin/paper`, { method: "POST", headers, body }));
  }

  test.each(["sheet.csv", "SHEET.CSV", "../../sheet.html.csv"])("%s is looked through", async (name) => {
    const answer = await sent(name, SHEET);
    expect([answer.status, (await answer.text()).includes("can be imported")]).toEqual([200, true]);
  });

  test.each(["sheet.xlsx", "sheet.csv.exe", "sheet", "csv", "sheet.csv\u202e", ".csv.html"])(
    "%s is refused by its name, and nothing of it is kept",
    async (name) => {
      const answer = await sent(name, SHEET);
      expect([answer.status, (await answer.text()).includes("must end in .csv")]).toEqual([422, true]);
      expect(await database().paperImport.count()).toBe(0);
    },
  );

  test("a file above the limit is refused before it is read as one", async () => {
    const answer = await sent("sheet.csv", new Uint8Array(PAPER_FILE_LIMIT_BYTES + 5 * 1024).fill(65));
    expect(answer.status).toBe(413);
    expect(await database().paperImport.count()).toBe(0);
  });
});

test("what was imported counts as confirmed, is told as paper, and is owed no mail", async () => {
  const { id, signatures, mistakes } = await drafted();
  expect({ signatures, mistakes }).toEqual({ signatures: 3, mistakes: [] });
  expect(await count()).toBe(0);
  expect(await importPaper(OWNER, id)).toBe(3);
  expect(await count()).toBe(3);
  const found = await foundBy({ source: "paper" });
  expect(found.map(({ name, email, wantsUpdates }) => [name, email, wantsUpdates]).toSorted()).toEqual([
    ["Kargar; Zarghuna", "zarghuna@example.org", true],
    ["گل خان", "", false],
    ["گل خان", "", false],
  ]);
  expect(await foundBy({ source: "web" })).toEqual([]);
  expect(await database().mail.count()).toBe(0);
  const nobody = found.find(({ email }) => email === "");
  await database().$executeRaw`UPDATE signature SET mail_requested_at = now() - interval '2 hours'`;
  expect(await resendMails(OWNER, [nobody?.id ?? ""])).toMatchObject({ refused: 1 });
  const history = asFound(await signatoryWithHistory(someReader(), nobody?.id ?? "")).history.map(
    ({ what }) => what,
  );
  expect(history).toContain("signed on paper");
  const request = new Request("http://localhost/?format=ndjson&status=confirmed");
  const file = await (await answerExport(request, CAMPAIGN_SLUG, { label: "test" }, async () => {})).text();
  expect(file).toContain("Kargar; Zarghuna");
});

test("addresses that have signed are told as a number and left as they are; no file counts twice", async () => {
  await importPaper(OWNER, (await drafted()).id);
  expect(await draftPaper(OWNER, CAMPAIGN_SLUG, "again.CSV", SHEET)).toEqual({
    ok: false,
    refusal: "imported-already",
  });
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
