import fc from "fast-check";
import { strFromU8, unzipSync } from "fflate";
import { expect, test } from "vitest";
import { checkExportParameters, csvCell } from "@/lib/export";
import type { Row } from "@/lib/export/columns";
import { isoTime } from "@/lib/export/copy";
import { xlsxFile } from "@/lib/export/xlsx";

const FORMULA_STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"];

/** Reads one cell back as RFC 4180 says. */
function parsed(cell: string): string {
  return cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.tuple(fc.constantFrom(...FORMULA_STARTS), fc.string()).map(([start, rest]) => start + rest),
  fc.string({ unit: fc.constantFrom('"', ",", "\r", "\n", ";", "=", "'", " ", "ا") }),
);

test("a cell is read back as it was, or with a quote before what would run", () => {
  fc.assert(
    fc.property(text, (value) => {
      const read = parsed(csvCell(value));
      expect(FORMULA_STARTS.some((start) => read.startsWith(start))).toBe(false);
      const runs = FORMULA_STARTS.some((start) => value.startsWith(start));
      expect(read).toBe(runs ? `'${value}` : value);
    }),
    { numRuns: 100_000 },
  );
});

test("a workbook's cell is typed as text and holds what it held, whatever it begins with", async () => {
  const texts = [...FORMULA_STARTS.map((start) => `${start}1+1`), "Zarghuna", "1=1", ""];
  async function* batches(): AsyncGenerator<Row[]> {
    yield texts.map((value) => [value]);
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of xlsxFile(["name"], batches())) pieces.push(piece);
  const sheet = strFromU8(
    unzipSync(new Uint8Array(Buffer.concat(pieces)))["xl/worksheets/sheet1.xml"] ?? new Uint8Array(),
  );
  const cells = [...sheet.matchAll(/<c\b(?:\/>|[^>]*><is><t [^>]*>([^<]*)<)/g)]
    .slice(1)
    // Characters that XML cannot hold stand there by their number (ECMA-376, ST_Xstring).
    .map(([, cell = ""]) =>
      cell.replace(/_x([0-9A-F]{4})_/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16))),
    );
  expect(cells).toEqual(texts);
  expect(sheet).not.toContain("<f");
  for (const [cell] of sheet.matchAll(/<c\b[^>]*>/g)) expect(cell).toMatch(/^<c(?:\/| t="inlineStr")>$/);
});

test("a cell never ends its line, its column or its quotes early", () => {
  fc.assert(
    fc.property(text, (value) => {
      const cell = csvCell(value);
      if (cell.startsWith('"')) expect(cell.slice(1, -1).replaceAll('""', "")).not.toContain('"');
      else expect(cell).not.toMatch(/[",\r\n;\t]/);
    }),
    { numRuns: 20_000 },
  );
});

test("a time is written as Date writes it", () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date("1900-01-01"), max: new Date("2250-01-01"), noInvalidDate: true }),
      (date) => {
        const field = Buffer.alloc(8);
        field.writeBigInt64BE((BigInt(date.getTime()) - BigInt(Date.UTC(2000, 0, 1))) * 1000n);
        expect(isoTime(field)).toBe(date.toISOString());
      },
    ),
    { numRuns: 20_000 },
  );
});

test.each([
  ["format=pdf", "format"],
  ["status=everyone", "status"],
  ["from=yesterday", "from"],
  ["from=2026-02-30", "from"],
  ["to=2026-13-01", "to"],
  ["from=2026-11-02&to=2026-11-01", "to"],
  ["country=Pakistan", "country"],
  ["country=XX", "country"],
  ["updates=no", "updates"],
  ["columns=name,secret", "columns"],
  ["columns=name,name", "columns"],
  ["reason=for somebody@example.org", "reason"],
  ["status=all&status=pending", "status"],
  ["contry=AF", "contry"],
])("%s is refused, naming %s", (query, parameter) => {
  expect(checkExportParameters(new URLSearchParams(query))).toMatchObject({ ok: false, parameter });
});

test("left out or empty, a parameter has its usual value", () => {
  expect(checkExportParameters(new URLSearchParams("format=&from="))).toMatchObject({
    ok: true,
    parameters: { format: "csv", filter: { status: "confirmed", from: null, to: null }, reason: null },
  });
});
