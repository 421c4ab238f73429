import { createHash, randomBytes } from "node:crypto";
import { strFromU8, unzipSync } from "fflate";
import { beforeAll, describe, expect, test } from "vitest";
import { CONSENT_VERSION } from "@/lib/consent";
import { database } from "@/lib/db/client";
import { STEP } from "@/lib/disclosure";
import { answerExport, EXPORT_COLUMNS, exportsIncluding, failLostExports } from "@/lib/export";
import type { Row } from "@/lib/export/columns";
import { xlsxFile } from "@/lib/export/xlsx";
import { generateSignatures } from "@/lib/generator";
import { channelCodes, refreshSupporters, shownNames } from "@/lib/sharing";
import { checkSignatureForm, sign } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";

const held = useDatabase();

const EXPORTER = { label: "test" };
/** More than the sockets between database and reader hold. */
const MANY = 30_000;
const BYTE_ORDER_MARK = "\uFEFF";

type Entry = { action: string; detail: Record<string, unknown> };
const entries: Entry[] = [];

async function audit(action: string, detail: Record<string, unknown>): Promise<void> {
  entries.push({ action, detail });
}

function answer(
  query: string,
  { slug = CAMPAIGN_SLUG, exporter = EXPORTER, signal = new AbortController().signal } = {},
) {
  const request = new Request(`http://localhost/api/admin/petitions/${slug}/export?${query}`, { signal });
  return answerExport(request, slug, exporter, audit);
}

async function objects(query: string): Promise<Record<string, unknown>[]> {
  const text = await (await answer(`format=ndjson&${query}`)).text();
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function signAs(changes: Record<string, string>): Promise<void> {
  const checked = checkSignatureForm({
    name: "Amelia Smith",
    country: "GB",
    consent: "yes",
    locale: "en",
    ...changes,
  });
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  await sign(CAMPAIGN_SLUG, checked.request);
}

function exportConnections(): Promise<{ count: number }[]> {
  return held
    .current()
    .query("SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = 'export'");
}

async function lastRun() {
  return database().exportRun.findFirstOrThrow({ orderBy: { id: "desc" } });
}

/** The code of a link of the organisation's own. */
let ownCode = "";

/** Three people with awkward names, at known times; the second has not confirmed. */
async function threeSignatories(): Promise<void> {
  await database().$executeRaw`DELETE FROM signature`;
  ownCode = (await channelCodes(CAMPAIGN_SLUG, 1))?.poster ?? "";
  await signAs({ name: "=A1", email: "+formula@example.org", updates: "yes", ref: ownCode });
  await signAs({ name: 'Zarghuna "Z", Ahmadi', email: "b@example.org", country: "AF", locale: "ps" });
  await signAs({
    name: "زرغونه احمدی",
    email: "c@example.org",
    country: "AF",
    locale: "fa-AF",
    publicName: "yes",
  });
  await database().$executeRaw`
    WITH numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS place FROM signature)
    UPDATE signature SET signed_at = timestamptz '2026-11-01T00:00:00Z' + (4 - place) * interval '1 day',
      mail_requested_at = '2026-11-01', came_channel = NULL, came_step = NULL, state = (CASE WHEN country = 'AF' AND locale = 'ps' THEN 'pending' ELSE 'confirmed' END)::signature_state,
      confirmed_at = CASE WHEN country = 'AF' AND locale = 'ps' THEN NULL ELSE timestamptz '2026-11-05T06:07:08.009Z' END
    FROM numbered WHERE numbered.id = signature.id`;
}

describe("what is in an export", () => {
  beforeAll(threeSignatories);

  test("writes CSV with the documented columns in signing order, a byte order mark, CRLF and defused formulas", async () => {
    const response = await answer("format=csv&status=all");
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toContain("no-store");
    expect(response.headers.get("x-export-rows")).toBe("3");
    expect(response.headers.get("content-disposition")).toMatch(
      new RegExp(`^attachment; filename="${CAMPAIGN_SLUG}_all_made-\\d{4}-\\d\\d-\\d\\dT\\d{4}Z\\.csv"$`),
    );
    const text = Buffer.from(await response.arrayBuffer()).toString("utf8");
    const lines = text.split("\r\n");
    expect(lines[0]).toBe(
      `${BYTE_ORDER_MARK}id,name,email,country,locale,status,updates,publicName,consentVersion,signedAt,confirmedAt,ref,textVersion`,
    );
    const id = "[0-9a-f-]{36}";
    expect(lines[1]).toMatch(
      new RegExp(
        `^${id},زرغونه احمدی,c@example\\.org,AF,fa-AF,confirmed,no,yes,${CONSENT_VERSION},2026-11-02T00:00:00\\.000Z,2026-11-05T06:07:08\\.009Z,,1$`,
      ),
    );
    expect(lines[2]).toMatch(
      new RegExp(
        `^${id},"Zarghuna ""Z"", Ahmadi",b@example\\.org,AF,ps,pending,no,no,${CONSENT_VERSION},2026-11-03T.*Z,,,1$`,
      ),
    );
    expect(lines[3]).toMatch(
      new RegExp(`^${id},'=A1,'\\+formula@example\\.org,GB,en,confirmed,yes,no,.*Z,${ownCode},1$`),
    );
    expect(lines.slice(4)).toEqual([""]);
  });

  test("writes NDJSON with one object a signatory, without defusing", async () => {
    expect(await objects("status=all")).toMatchObject([
      { name: "زرغونه احمدی", updates: false, publicName: true, ref: null, textVersion: 1 },
      { name: 'Zarghuna "Z", Ahmadi', status: "pending", confirmedAt: null },
      { name: "=A1", email: "+formula@example.org", updates: true, ref: ownCode },
    ]);
  });

  test.each([
    ["", ["c@example.org", "+formula@example.org"]],
    ["status=pending", ["b@example.org"]],
    ["status=all&country=AF", ["c@example.org", "b@example.org"]],
    ["status=all&updates=yes", ["+formula@example.org"]],
    ["status=all&from=2026-11-03", ["b@example.org", "+formula@example.org"]],
    ["status=all&to=2026-11-03", ["c@example.org"]],
    ["status=all&from=2026-11-03T00:00:00Z&to=2026-11-03T00:00:00.001Z", ["b@example.org"]],
    ["status=all&from=2026-11-03T05:00:00%2B05:00&to=2026-11-04", ["b@example.org"]],
  ])("applies the filter %s", async (query, emails) => {
    expect((await objects(query)).map(({ email }) => email)).toEqual(emails);
  });

  test("derives the exports that include a signatory from their filters and times", async () => {
    await database().exportRun.deleteMany();
    for (const query of [
      "",
      "status=pending",
      "status=all&country=AF",
      "status=all&updates=yes",
      "to=2026-11-03",
    ])
      await objects(query);
    const unread = await answer("status=all");
    await unread.body?.cancel();
    const told = async (country: string, locale: string) => {
      const { id } = await database().signature.findFirstOrThrow({ where: { country, locale } });
      return (await exportsIncluding(id)).map(({ format, whole }) => `${format} ${whole}`);
    };
    expect(await told("GB", "en")).toEqual(["ndjson true", "ndjson true", "csv false"]);
    expect(await told("AF", "ps")).toEqual(["ndjson true", "ndjson true", "csv false"]);
    expect(await told("AF", "fa-AF")).toEqual(["ndjson true", "ndjson true", "ndjson true", "csv false"]);
    await database()
      .$executeRaw`UPDATE export_run SET started_at = '2026-11-05T00:00:00Z' WHERE format = 'ndjson'`;
    // Not yet confirmed by then: in the exports of the pending and of all.
    expect(await told("AF", "fa-AF")).toEqual(["ndjson true", "ndjson true", "csv false"]);
  });

  test("writes the chosen columns, and countries as names", async () => {
    const [first] = await objects("status=all&columns=country,name&countryNames=en");
    expect(Object.entries(first ?? {})).toEqual([
      ["country", "Afghanistan"],
      ["name", "زرغونه احمدی"],
    ]);
  });

  test("writes XLSX with the same rows as text cells, which run nothing", async () => {
    const response = await answer("format=xlsx&status=all&columns=name,email");
    const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
    const sheet = strFromU8(files["xl/worksheets/sheet1.xml"] ?? new Uint8Array());
    const cells = [...sheet.matchAll(/<t [^>]*>([^<]*)<\/t>/g)].map(([, cell]) => cell);
    expect(cells).toEqual([
      "name",
      "email",
      "زرغونه احمدی",
      "c@example.org",
      'Zarghuna "Z", Ahmadi',
      "b@example.org",
      "=A1",
      "+formula@example.org",
    ]);
    expect(sheet).not.toContain("<f");
  });
});

test("continues a workbook on further sheets when one is full", async () => {
  async function* batches(): AsyncGenerator<Row[]> {
    yield [["1"], ["2"]];
    yield [["3"], ["4"], ["5"]];
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of xlsxFile(["id"], batches(), 2)) pieces.push(piece);
  const files = unzipSync(new Uint8Array(Buffer.concat(pieces)));
  const cells = [1, 2, 3].map((number) =>
    [
      ...strFromU8(files[`xl/worksheets/sheet${number}.xml`] ?? new Uint8Array()).matchAll(
        /<t [^>]*>([^<]*)</g,
      ),
    ].map(([, cell]) => cell),
  );
  expect(cells).toEqual([
    ["id", "1", "2"],
    ["id", "3", "4"],
    ["id", "5"],
  ]);
  expect(strFromU8(files["xl/workbook.xml"] ?? new Uint8Array()).match(/<sheet /g)).toHaveLength(3);
});

test("completes a workbook whose text does not compress", async () => {
  const lines = Array.from({ length: 3_000 }, () => [randomBytes(150).toString("base64")]);
  async function* batches(): AsyncGenerator<Row[]> {
    yield lines;
    yield lines;
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of xlsxFile(["id"], batches())) pieces.push(piece);
  const files = unzipSync(new Uint8Array(Buffer.concat(pieces)));
  const sheet = strFromU8(files["xl/worksheets/sheet1.xml"] ?? new Uint8Array());
  expect(sheet.match(/<row>/g)).toHaveLength(6_001);
  expect(sheet.split(lines[2_999]?.[0] ?? "")).toHaveLength(3);
});

test("writes names as their owners chose, of confirmed signatures only, and none while few chose it", async () => {
  await database().$executeRaw`DELETE FROM signature`;
  await generateSignatures({ databaseUrl: held.current().url, signatures: 300 });
  const [chosen] = await database().$queryRaw<{ people: number }[]>`
    SELECT count(*)::int AS people FROM signature WHERE public_name AND state = 'confirmed'`;
  await refreshSupporters();
  const shown = await shownNames(CAMPAIGN_SLUG);
  expect(shown.reduce((people, { count }) => people + count, 0)).toBe(chosen?.people);
  expect(shown.filter(({ name }) => name.includes(" "))).toEqual([]);
  await database().$executeRaw`
    UPDATE signature SET public_name = false WHERE id NOT IN
      (SELECT id FROM signature WHERE public_name AND state = 'confirmed' LIMIT ${STEP - 1})`;
  await refreshSupporters();
  expect(await shownNames(CAMPAIGN_SLUG)).toEqual([]);
});

describe("refusals", () => {
  test("answers 400 to a wrong parameter and names it", async () => {
    const response = await answer("from=soon");
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: "invalid_parameter", parameter: "from" });
  });

  test("keeps a reason with the export, and refuses one with an address", async () => {
    const given = await answer("reason=Handing+over");
    expect(given.status).toBe(200);
    await given.body?.cancel();
    expect((await lastRun()).reason).toBe("Handing over");
    const answered = await answer("reason=for+laila@example.org");
    expect([answered.status, await answered.json()]).toMatchObject([400, { parameter: "reason" }]);
  });

  test("answers 404 for an unknown campaign", async () => {
    expect((await answer("", { slug: "no-such-campaign" })).status).toBe(404);
  });
});

describe("many signatories", () => {
  beforeAll(async () => {
    await database().$executeRaw`DELETE FROM signature`;
    await generateSignatures({ databaseUrl: held.current().url, signatures: MANY });
  });

  test("records the whole file: rows, bytes, SHA-256, and an audit entry before and after", async () => {
    entries.length = 0;
    const response = await answer("format=csv&status=all");
    expect(entries.map(({ action }) => action)).toEqual(["export.started"]);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.toString("utf8").split("\r\n")).toHaveLength(MANY + 2);
    const run = await lastRun();
    expect(run).toMatchObject({
      state: "finished",
      expectedRows: BigInt(MANY),
      rows: BigInt(MANY),
      bytes: BigInt(bytes.length),
      actorLabel: EXPORTER.label,
    });
    expect(Buffer.from(run.sha256 ?? [])).toEqual(createHash("sha256").update(bytes).digest());
    expect(entries.at(-1)).toMatchObject({ action: "export.finished", detail: { rows: MANY } });
    expect(await exportConnections()).toEqual([{ count: 0 }]);
  });

  test("writes rows in signing order, each once", async () => {
    const rows = await objects("status=all&columns=id,signedAt");
    const order = rows.map(({ signedAt, id }) => `${signedAt} ${id}`);
    expect(order).toEqual([...order].sort());
    expect(new Set(rows.map(({ id }) => id)).size).toBe(MANY);
  });

  test("reads one snapshot, whatever is signed or deleted meanwhile", async () => {
    const response = await answer("format=ndjson&status=all&columns=email");
    await signAs({ email: "meanwhile@example.org" });
    await database()
      .$executeRaw`DELETE FROM signature WHERE id IN (SELECT id FROM signature ORDER BY signed_at DESC LIMIT 100)`;
    const text = await response.text();
    expect(text.match(/\n/g)).toHaveLength(Number(response.headers.get("x-export-rows")));
    expect(text).not.toContain("meanwhile@example.org");
  });

  test.each(["csv", "xlsx", "ndjson"])(
    "frees the connection at once when a %s reader goes away",
    async (format) => {
      const gone = new AbortController();
      const response = await answer(`format=${format}&status=all`, { signal: gone.signal });
      const reader = response.body?.getReader();
      await reader?.read();
      expect(await exportConnections()).toEqual([{ count: 1 }]);
      gone.abort();
      await expect.poll(exportConnections, { timeout: 2_000 }).toEqual([{ count: 0 }]);
      await expect.poll(async () => (await lastRun()).state).toBe("aborted");
    },
  );

  test("frees the connection when a reader cancels", async () => {
    const response = await answer("status=all");
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await expect.poll(exportConnections, { timeout: 2_000 }).toEqual([{ count: 0 }]);
    expect((await lastRun()).state).toBe("aborted");
  });

  test("fails an export whose process is gone, but not one with a slow reader", async () => {
    const response = await answer("status=all");
    const reader = response.body?.getReader();
    await reader?.read();
    const running = await lastRun();
    const lost = { ...running, id: crypto.randomUUID(), filter: {} };
    const anHourAgo = new Date(Date.now() - 60 * 60 * 1000);
    await database().exportRun.create({ data: { ...lost, startedAt: anHourAgo } });
    await failLostExports(0);
    const stateOf = async (id: string) =>
      (await database().exportRun.findUniqueOrThrow({ where: { id } })).state;
    expect([await stateOf(lost.id), await stateOf(running.id)]).toEqual(["failed", "running"]);
    await database().exportRun.delete({ where: { id: lost.id } });
    await reader?.cancel();
  });

  test("breaks a file off with an error if it cannot be completed", async () => {
    const response = await answer("status=all");
    const reader = response.body?.getReader();
    await reader?.read();
    await held
      .current()
      .query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'export'");
    const rest = async () => {
      while (!(await reader?.read())?.done);
    };
    await expect(rest()).rejects.toThrow();
    expect((await lastRun()).state).toBe("failed");
  });
});

test("keeps the documented columns first and in order", () => {
  expect(EXPORT_COLUMNS.join()).toMatch(
    /^id,name,email,country,locale,status,updates,publicName,consentVersion,signedAt,confirmedAt,ref,textVersion/,
  );
});
