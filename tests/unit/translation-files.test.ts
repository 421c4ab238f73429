import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { translatedParts } from "@/lib/document";
import type { Exchanged } from "@/lib/translations/exchange";
import { differentMarks } from "@/lib/translations/marks";
import { fromPo, toPo } from "@/lib/translations/po";
import { fromXliff, toXliff } from "@/lib/translations/xliff";

const FORMATS = [
  ["XLIFF", toXliff, fromXliff],
  ["PO", toPo, fromPo],
] as const;
const exchanged = (parts: { original: string; translation: string | null }[], settled = true): Exchanged => ({
  slug: "made-up",
  originalLocale: "en",
  locale: "fa-AF",
  parts: parts.map((part, at) => ({
    key: `sections.${at + 1}.title`,
    label: `Section ${at + 1}: "heading" & more`,
    state: part.translation === null ? "missing" : settled ? "draft" : "outdated",
    ...part,
  })),
});
const piece = fc.oneof(
  fc.constantFrom(
    "<",
    "&",
    '"',
    "'",
    "]]>",
    "\n",
    "\n\n",
    "\u200f",
    "\u202e",
    "\\",
    "\\n",
    "#~ ",
    "%s",
    "[^K1]",
    "{count}",
  ),
  fc.constantFrom(
    ":advice[call 1]",
    "[a *link*](https://example.org/?a=1&b=2)",
    "<!-- -->",
    "\t",
    "پښتو",
    "🙂",
    "&amp;",
  ),
  fc.string({ unit: "grapheme", maxLength: 6 }).filter((text) => !/[\p{Cc}\ufffe\uffff]/u.test(text)),
);
const text = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => `w${pieces.join("")}w`);

describe.each(FORMATS)("%s", (_, write, read) => {
  test("comes back as it went out, whatever the texts are", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ original: text, translation: fc.option(text) }), { maxLength: 4 }),
        (parts) => {
          const file = read(write(exchanged(parts)));
          expect(file).toEqual({
            ok: true,
            locale: "fa-AF",
            units: parts.map(({ original, translation }, at) => ({
              key: `sections.${at + 1}.title`,
              original,
              translation: translation ?? "",
              settled: expect.any(Boolean),
            })),
          });
        },
      ),
      { numRuns: 200 },
    );
  });

  test("holds the shipped campaign", () => {
    const folder = "campaigns/pakistan-stop-expulsions";
    const parts = translatedParts(
      readFileSync(`${folder}/en.md`, "utf8"),
      readFileSync(`${folder}/fa-AF.md`, "utf8"),
    );
    const file = read(
      write(exchanged(parts.map(({ original, translation }) => ({ original, translation })))),
    );
    expect(file.ok && file.units.map(({ translation }) => translation)).toEqual(
      parts.map(({ translation }) => translation ?? ""),
    );
  });

  test("says of an outdated part that it is not settled", () => {
    const settled = (isSettled: boolean) => {
      const file = read(write(exchanged([{ original: "One", translation: "Eins" }], isSettled)));
      return file.ok && file.units[0]?.settled;
    };
    expect([settled(true), settled(false)]).toEqual([true, false]);
  });

  test("refuses what is something else", () => {
    for (const other of ["<html></html>", "<xliff", "msgid", "\u0000\u0001", '{"a":1}'])
      expect(read(other).ok && read(other)).not.toMatchObject({ units: [expect.anything()] });
  });
});

describe("XLIFF", () => {
  test("protects footnotes, links and directives by elements with the ids of the original", () => {
    const file = toXliff(
      exchanged([
        {
          original: "One[^K1] two[^K2] [link](https://example.org) :advice[do]",
          translation: "[Link](https://example.org) :advice[tu] zwei[^K2] eins[^K1]",
        },
      ]),
    );
    const elements = (name: string) => {
      const [, inside = ""] = new RegExp(`<${name} [^>]*>(.*)</${name}>`).exec(file) ?? [];
      return [...inside.matchAll(/<(ph|bpt|ept) id="(\w+)"[^>]*>([^<]*)</g)].map(
        ([, tag, id, code]) => `${tag}${id}${code}`,
      );
    };
    expect(elements("source")).toEqual([
      "ph1[^K1]",
      "ph2[^K2]",
      "bpt3[",
      "ept3](https://example.org)",
      "bpt4:advice[",
      "ept4]",
    ]);
    expect([...elements("target")].sort()).toEqual([...elements("source")].sort());
  });

  test("takes an element without content for what it is in the original", () => {
    const file = toXliff(exchanged([{ original: "One[^K1]", translation: "Eins[^K1]" }])).replaceAll(
      /(<target.*?)<ph id="1"[^>]*>[^<]*<\/ph>/g,
      '$1<x id="1"/>',
    );
    expect(file).toContain('<x id="1"/>');
    const read = fromXliff(file);
    expect(read.ok && read.units[0]?.translation).toBe("Eins[^K1]");
  });

  test.each([
    '<?xml version="1.0"?><!DOCTYPE xliff [<!ENTITY a SYSTEM "file:///etc/passwd">]><xliff version="1.2">&a;</xliff>',
    '<!doctype xliff><xliff version="1.2"/>',
    '<xliff version="1.2"><body>&undeclared;</body></xliff>',
    '<xliff version="2.0"/>',
  ])("refuses %s", (file) => {
    expect(fromXliff(file).ok).toBe(false);
  });
});

describe("marks", () => {
  test.each([
    ["One[^K1]", "Eins[^K1]", null],
    ["a[^K1] b[^K2]", "b[^K2] a[^K1]", null],
    ["One[^K1]", "Eins", { lost: ["[^K1]"], invented: [] }],
    ["One[^K1]", "Eins[^K1][^K1]", { lost: [], invented: ["[^K1]"] }],
    [
      "see [a](https://a.org)",
      "siehe [a](https://b.org)",
      { lost: ["https://a.org"], invented: ["https://b.org"] },
    ],
    [":period[May]", "Mai", { lost: [":period[…]"], invented: [] }],
    ["{count} people", "Leute", { lost: ["{count}"], invented: [] }],
  ])("of %s are compared with those of %s", (original, translation, difference) => {
    expect(differentMarks(original, translation)).toEqual(difference);
  });
});
