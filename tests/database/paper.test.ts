import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { answerExport } from "@/lib/export";
import { csvRows } from "@/lib/paper/csv-rows";
import {
  draftPaper,
  importPaper,
  PAPER_FILE_LIMIT_BYTES,
  PAPER_ROWS_MAX,
  readPaper,
  signingDays,
  undoPaper,
} from "@/lib/paper/paper";
import { forgetEndedAccess } from "@/lib/privacy/ended-access";
import {
  findSignatories,
  resendMails,
  type SignatoryFilter,
  signatoryWithHistory,
} from "@/lib/signatories/signatories";
import { campaignFigures } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { deskRoute } from "@/tests/support/routes";
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

/** Sheets were signed before the test's campaign was put online. */
const SINCE = "2026-09-01";

async function drafted(file = SHEET) {
  const drafting = await draftPaper(OWNER, CAMPAIGN_SLUG, "sheet.csv", file, SINCE);
  if (!drafting.ok) throw new Error(drafting.refusal);
  return drafting.draft;
}
const foundBy = async (filter: SignatoryFilter) =>
  asFound(await findSignatories(someReader(), CAMPAIGN_SLUG, filter)).signatories;
const count = async () => (await campaignFigures(CAMPAIGN_SLUG))?.count;

beforeEach(async () => {
  await database().$executeRaw`DELETE FROM signature`;
  await database().$executeRaw`DELETE FROM paper_import`;
});

const DAYS = { first: SINCE, last: "2026-11-27" };
const reading = (...lines: string[]) => readPaper(bytes(lines.join("\n")), DAYS);

test("reads a sheet line by line, and reports every mistake with its line", () => {
  const read = reading(
    "name,country,email,signed",
    "!,AF,,",
    '"Amelia\nSmith",XX,amelia@,',
    "Meena,AF,m@example.org,2999-01-01",
    "evil.de,AF,,",
    "Nur Jan,AF,,",
  );
  expect(read).toEqual({
    ok: true,
    rows: [expect.objectContaining({ name: "Nur Jan" })],
    mistakes: [
      { line: 2, key: "name.missing" },
      { line: 4, key: "country.unknown" },
      { line: 4, key: "email.invalid" },
      { line: 5, key: "signed.future" },
      { line: 6, key: "name.url" },
    ],
  });
});

/** What comes of one row with these cells: the row, or what is wrong with it. */
function rowOf(cells: { country?: string; email?: string; updates?: string; signed?: string }) {
  const { country = "AF", email = "a@example.org", updates = "", signed = "" } = cells;
  const read = reading(
    "name;country;email;updates;signed",
    `Nur Jan;${country};${email};${updates};${signed}`,
  );
  if (!read.ok) throw new Error(read.refusal);
  return { row: read.rows[0], mistake: read.mistakes[0] };
}

test.each([
  ["1405-09-05", { key: "signed.invalid", meant: "2026-11-26" }],
  ["1405/9/5", { key: "signed.invalid", meant: "2026-11-26" }],
  ["۱۴۰۵/۰۹/۰۵", { key: "signed.invalid", meant: "2026-11-26" }],
  ["1403-12-30", { key: "signed.invalid", meant: "2025-03-20" }],
  ["1404-01-01", { key: "signed.invalid", meant: "2025-03-21" }],
  ["1405-12-30", { key: "signed.invalid" }],
  ["1405-13-01", { key: "signed.invalid" }],
  ["1389-09-05", { key: "signed.early" }],
  ["0001-01-01", { key: "signed.early" }],
  ["2026-08-31", { key: "signed.early" }],
  ["2026-11-28", { key: "signed.future" }],
  ["2026-02-30", { key: "signed.invalid" }],
  ["24.11.2026", { key: "signed.invalid" }],
  ["yesterday", { key: "signed.invalid" }],
])("refuses signed %s with its line: %o", (signed, wrong) => {
  expect(rowOf({ signed })).toEqual({ row: undefined, mistake: { line: 2, ...wrong } });
});

test.each(["2026-09-01", "2026-11-27", " 2026-10-01 ", "۲۰۲۶-۱۰-۰۱"])(
  "accepts signed %j as a day",
  (signed) => {
    expect(rowOf({ signed }).row?.signedAt).toMatch(/^2026-\d\d-\d\d$/);
  },
);

test("accepts a day as long as it is one somewhere in the world, and none from long ago whatever the first day", () => {
  const began = new Date("2026-11-20T08:00:00Z");
  expect(signingDays(began, new Date("2026-11-27T09:59:59Z"))).toEqual({
    first: "2026-11-19",
    last: "2026-11-27",
  });
  expect(signingDays(began, new Date("2026-11-27T10:00:00Z")).last).toBe("2026-11-28");
  expect(signingDays("0001-01-01", began).first).toBe("2000-01-01");
});

test.each([
  "yes",
  "YES",
  "true",
  "x",
  "X",
  "1",
  "۱",
  "✓",
  "WAHR",
  "نعم",
  "بلی",
  "بلې",
  "ہاں",
  "هو",
  "جی ہاں",
])("reads updates %s as yes", (updates) => expect(rowOf({ updates }).row?.updates).toBe(true));
test.each(["", "no", "NO", "false", "0", "-", "–", "نہیں", "نه", "لا", "نخیر"])(
  "reads updates %j as no",
  (updates) => expect(rowOf({ updates }).row?.updates).toBe(false),
);
test.each(["perhaps", "2", "?", "yes please"])(
  "reports updates %s with its line instead of guessing",
  (updates) =>
    expect(rowOf({ updates })).toEqual({ row: undefined, mistake: { line: 2, key: "updates.unknown" } }),
);

test.each([
  ["af", "AF"],
  ["Afghanistan", "AF"],
  ["پاکستان", "PK"],
  ["پاكستان", "PK"],
  ["افغانستان", "AF"],
  ["برطانیہ", "GB"],
  ["المان", "DE"],
  ["KOSOVO", "XK"],
])("understands the country %s", (country, code) => expect(rowOf({ country }).row?.country).toBe(code));

test("accepts column names in our languages", () => {
  expect(reading("\uFEFFنام\tملک\tای میل", "گل خان\tپاکستان\tg@example.org")).toMatchObject({
    rows: [{ name: "گل خان", country: "PK", email: "g@example.org" }],
  });
});

test.each(["sep=;", "SEP=;", '"sep=;"'])(
  "reads the separator from a first line %s, and counts that line",
  (first) => {
    expect(reading(first, "name;country", '"Khan; Gul, Jan";AF', "Nur Jan;Atlantis")).toEqual({
      ok: true,
      rows: [expect.objectContaining({ name: "Khan; Gul, Jan" })],
      mistakes: [{ line: 4, key: "country.unknown" }],
    });
  },
);

test.each(['"open,AF', 'Ali "Lala,AF', '"Ali" Lala,AF', 'Ali,"AF', '"'])(
  "refuses only its own row for a stray quotation mark as in %s, and reports it",
  (stray) => {
    const read = reading(
      "name,country",
      "Gul Khan,AF",
      stray,
      '"Nur\nJan",AF',
      '"Meena ""M"" Khan",PK',
      "Sara,AF",
    );
    expect(read).toEqual({
      ok: true,
      rows: ["Gul Khan", "Nur Jan", 'Meena "M" Khan', "Sara"].map((name) =>
        expect.objectContaining({ name }),
      ),
      mistakes: [{ line: 3, key: "quotes" }],
    });
  },
);

test("reads a file of nothing but stray quotation marks to its end", () => {
  expect(
    reading("name,country", ...Array.from({ length: PAPER_ROWS_MAX }, () => `"${"x".repeat(90)}`)),
  ).toMatchObject({
    mistakes: { length: PAPER_ROWS_MAX },
  });
});

test("reads back whatever a quoted cell holds", () => {
  const cell = fc.string({ unit: fc.constantFrom('"', ",", "\n", ";", "a", "ا", " "), minLength: 1 });
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 })), (rows) => {
      const full = rows.map((cells) => [...cells, "end"]);
      const written = full.map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(","));
      expect([...csvRows(written.join("\r\n"), ",")].map(({ cells }) => cells)).toEqual(full);
    }),
  );
});

test.each([
  ["not-utf8", Buffer.from("name,country\nJos\xe9,ES", "latin1")],
  ["not-csv", bytes("name,country\nAm\0elia,AF\n")],
  ["not-utf8", Buffer.from("PK\x03\x04\x14\0\x08\x08\x08\0\xb0\x9c\xd7", "latin1")],
  ["not-csv", bytes("%PDF-1.7\n1 0 obj\n<</Length 2>>\0\0")],
  ["columns", bytes("<!doctype html><script>alert(1)</script>")],
  ["columns", bytes("who,where\nAmelia,AF")],
  ["columns", bytes('name,"country\nAmelia,AF')],
  ["columns", bytes("")],
  ["empty", bytes("name,country\n\n")],
  ["too-many", bytes(`name,country\n${"Amelia,AF\n".repeat(PAPER_ROWS_MAX + 1)}`)],
])("refuses a file: %s", (refusal, file) => {
  expect(readPaper(file, DAYS)).toEqual({ ok: false, refusal });
});

describe("a file that an owner sends", () => {
  const { POST } = deskRoute("[campaign]/paper");

  async function sent(name: string, file: Uint8Array<ArrayBuffer>, since = SINCE): Promise<Response> {
    const body = new FormData();
    body.set("since", since);
    body.set("file", new File([file], name, { type: "text/csv" }));
    const headers = { cookie: await sessionOf("owner"), "sec-fetch-site": "same-origin" };
    return POST(new Request("http://localhost/admin", { method: "POST", headers, body }));
  }

  /** What the form shows about a file: its report, or what has to be corrected. */
  async function told(name: string, file: Uint8Array<ArrayBuffer>, since?: string) {
    const answer = await sent(name, file, since);
    const { result, mistakes } = await answer.json();
    return { status: answer.status, report: result, mistakes };
  }

  test.each(["sheet.csv", "SHEET.CSV", "../../sheet.html.csv"])("is read if its name is %s", async (name) => {
    const { status, report } = await told(name, SHEET);
    const { id } = await database().paperImport.findFirstOrThrow();
    expect(status).toBe(200);
    expect(report).toEqual({
      draft: id,
      file: expect.stringMatching(/\.csv$/i),
      signatures: 3,
      present: 0,
      mistakes: [],
      moreMistakes: 0,
    });
  });

  test.each(["sheet.xlsx", "sheet.csv.exe", "sheet", "csv", "sheet.csv\u202e", ".csv.html"])(
    "is refused, and none of it stored, if its name is %s",
    async (name) => {
      const { status, mistakes } = await told(name, SHEET);
      const text = "File: its name must end in .csv. Save it as “CSV UTF-8”.";
      expect([status, mistakes]).toEqual([422, [{ field: "file", text }]]);
      expect(await database().paperImport.count()).toBe(0);
    },
  );

  test("may hold days before the campaign only once the owner says that sheets are older", async () => {
    const sheet = bytes("name,country,signed\nNur Jan,AF,2026-01-15\nGul Jan,AF,1404-11-01\n");
    const { report } = await told("sheet.csv", sheet, "");
    expect(report.mistakes).toEqual([
      { line: 2, text: expect.stringContaining("Signed: this is before 20") },
      { line: 3, text: expect.stringContaining("Write 2026-01-21 if that is the day.") },
    ]);
    expect((await told("sheet.csv", sheet, "2026-01-01")).report.signatures).toBe(1);
    const { status, mistakes } = await told("sheet.csv", sheet, "1.1.2026");
    const text = "Signed since: write the day like 2026-11-24.";
    expect([status, mistakes]).toEqual([422, [{ field: "since", text }]]);
  });

  test("shows the first of many mistakes and counts the rest", async () => {
    const lines = Array.from({ length: 150 }, () => "Nur Jan,Atlantis\n").join("");
    const { report } = await told("sheet.csv", bytes(`name,country\n${lines}`));
    expect([report.signatures, report.mistakes.length, report.moreMistakes]).toEqual([0, 100, 50]);
    expect(report.mistakes[0].line).toBe(2);
  });

  test("may be signed today in the easternmost time zone, and then counts as signed now", async () => {
    const east = new Date(Date.now() + 14 * 60 * 60 * 1000).toISOString().slice(0, 10);
    const { id } = await drafted(bytes(`name,country,signed\nNur Jan,AF,${east}\n`));
    expect(await importPaper(OWNER, CAMPAIGN_SLUG, id)).toBe(1);
    const { signedAt } = await database().signature.findFirstOrThrow();
    expect(signedAt.getTime()).toBeLessThanOrEqual(Date.now());
  });

  test("is refused unread above the size limit, and if it is empty", async () => {
    const large = await told("sheet.csv", new Uint8Array(PAPER_FILE_LIMIT_BYTES + 1).fill(65));
    const text = "File: it is larger than 200 KiB. Split it into several files.";
    expect([large.status, large.mistakes]).toEqual([422, [{ field: "file", text }]]);
    const none = await told("sheet.csv", new Uint8Array());
    expect([none.status, none.mistakes[0].field]).toEqual([422, "file"]);
    expect(await database().paperImport.count()).toBe(0);
  });
});

test("counts as confirmed once imported, is marked as paper, and is owed no mail", async () => {
  const { id, signatures, mistakes } = await drafted();
  expect({ signatures, mistakes }).toEqual({ signatures: 3, mistakes: [] });
  expect(await count()).toBe(0);
  expect(await importPaper(OWNER, CAMPAIGN_SLUG, id)).toBe(3);
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
  expect(await resendMails(OWNER, CAMPAIGN_SLUG, [nobody?.id ?? ""])).toMatchObject({ refused: 1 });
  const history = asFound(
    await signatoryWithHistory(someReader(), CAMPAIGN_SLUG, nobody?.id ?? ""),
  ).history.map(({ what }) => what);
  expect(history).toContain("signed on paper");
  const request = new Request("http://localhost/?format=ndjson&status=confirmed");
  const file = await (await answerExport(request, CAMPAIGN_SLUG, { label: "test" }, async () => {})).text();
  expect(file).toContain("Kargar; Zarghuna");
});

test("reports known addresses as a number and leaves them unchanged, and counts once", async () => {
  await importPaper(OWNER, CAMPAIGN_SLUG, (await drafted()).id);
  expect(await draftPaper(OWNER, CAMPAIGN_SLUG, "again.CSV", SHEET, SINCE)).toEqual({
    ok: false,
    refusal: "imported-already",
  });
  const again = await drafted(
    bytes("name,country,email\nSomebody Else,AF,zarghuna@EXAMPLE.org\nNew One,AF,new@example.org\n"),
  );
  expect([again.present, again.signatures]).toEqual([1, 1]);
  expect(await importPaper(OWNER, CAMPAIGN_SLUG, again.id)).toBe(1);
  expect(await importPaper(OWNER, CAMPAIGN_SLUG, again.id)).toBeNull();
  expect(await count()).toBe(4);
});

test("can be undone within the hour, with all it added and nothing else", async () => {
  await importPaper(OWNER, CAMPAIGN_SLUG, (await drafted(bytes("name,country\nNur Jan,AF\n"))).id);
  const { id } = await drafted();
  await importPaper(OWNER, CAMPAIGN_SLUG, id);
  expect(await undoPaper(OWNER, CAMPAIGN_SLUG, id)).toBe(3);
  expect(await count()).toBe(1);
  expect(await undoPaper(OWNER, CAMPAIGN_SLUG, id)).toBeNull();
  const late = await drafted();
  await importPaper(OWNER, CAMPAIGN_SLUG, late.id);
  await database().$executeRaw`UPDATE paper_import SET imported_at = now() - interval '61 minutes'`;
  expect(await undoPaper(OWNER, CAMPAIGN_SLUG, late.id)).toBeNull();
  expect(await count()).toBe(4);
});

test("is stored sealed as a draft, for an hour at most", async () => {
  const { id } = await drafted();
  const kept = await database().paperImport.findUniqueOrThrow({ where: { id } });
  expect(Buffer.from(kept.rowsEncrypted ?? []).includes("zarghuna")).toBe(false);
  await database().$executeRaw`UPDATE paper_import SET created_at = now() - interval '61 minutes'`;
  expect(await importPaper(OWNER, CAMPAIGN_SLUG, id)).toBeNull();
  await forgetEndedAccess();
  expect(await database().paperImport.count()).toBe(0);
  const entries = await database().auditEntry.findMany({ where: { action: { startsWith: "paper." } } });
  expect(JSON.stringify(entries.map(({ detail }) => detail))).not.toContain("arghuna");
});
