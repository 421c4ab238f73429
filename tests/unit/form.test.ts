import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tidyName } from "@/lib/fields/name-rules";
import { EMAIL_MAX_CHARACTERS } from "@/lib/mailbox/address-rules";
import { checkSignatureForm } from "@/lib/signing/form";

const GOOD = {
  name: "Zarghuna Kargar",
  email: "zarghuna@example.org",
  country: "AF",
  consent: "yes",
  locale: "ps",
};

function errorsOf(changes: Record<string, unknown>) {
  const checked = checkSignatureForm({ ...GOOD, ...changes });
  return checked.ok ? {} : checked.errors;
}

function requestOf(changes: Record<string, unknown>) {
  const checked = checkSignatureForm({ ...GOOD, ...changes });
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return checked.request;
}

describe("the signature form", () => {
  test("tidies a name: trimmed, single spaces, composed characters", () => {
    expect(requestOf({ name: "  Zoe\u0308 \t  Khan\n" }).name).toBe("Zoë Khan");
  });

  test.each([
    "محمد علي",
    "ګل‌مکۍ",
    "Nguyễn Thị",
    "O’Neil-Smith",
    "李明",
    "O",
    "王",
    "J. R. Smith",
    "M.Khan",
    "J.Top",
    "H.af Klint",
    "J.-P.Müller",
    "Jean-P.Sartre",
    "Dr.Net Savoeun",
    "St.John",
    "Md.Rahim",
    "ش.احمد",
    "Ali Khan Jr.",
  ])("takes the name %s as it is", (name) => expect(requestOf({ name }).name).toBe(name));

  test.each([
    ["", "name.missing"],
    [undefined, "name.missing"],
    ["\u200B\u200B", "name.missing"],
    ["\u3164\u3164", "name.missing"],
    ["\u115F\u1160\uFFA0\u2800", "name.missing"],
    ["123 !", "name.missing"],
    ["\uFE0F\u0301", "name.missing"],
    ["x".repeat(101), "name.long"],
    ["see https://spam.example", "name.url"],
    ["www.x.com", "name.url"],
    ["evil.de", "name.url"],
    ["EVIL.DE", "name.url"],
    ["wa.me", "name.url"],
    ["my-shop.de", "name.url"],
    ["a-b.de", "name.url"],
    ["4you.de", "name.url"],
    ["evil。de", "name.url"],
    ["evil．de", "name.url"],
    ["evil｡de", "name.url"],
    ["evil.d\u200Ce", "name.url"],
    ["e\u200Bvil.\u2060de", "name.url"],
    ["Dr.Net.evil.de", "name.url"],
    ["Claim your prize at evil.de/x", "name.url"],
    ["t.me/x", "name.url"],
    ["t.me／x", "name.url"],
    ["zarmina@web.de", "name.url"],
    ["zarmina＠web", "name.url"],
    ["посетите.рф", "name.url"],
    ["محمد.علی", "name.url"],
  ])("refuses the name %j: %s", (name, error) => expect(errorsOf({ name })).toEqual({ name: [error] }));

  test.each([
    ["\u202AAli Khan\u202C", "Ali Khan"],
    ["\u2068Ali\u2069 \u061CKhan\u200F", "Ali Khan"],
    ["\uFEFFAli\u00AD \u0000Khan\u{E0041}", "Ali Khan"],
    ["علی\u200Cرضا", "علی\u200Cرضا"],
    ["\u200Cعلی\u200C \u200Dرضا\u200D", "علی رضا"],
    ["രാജന്\u200D", "രാജന്\u200D"],
    ["Ali\uD800 Khan", "Ali Khan"],
    ["Ali\u0085\u2028Khan\u3000", "Ali Khan"],
  ])("takes what is invisible out of %j, and leaves joiners inside words", (name, tidy) => {
    expect(requestOf({ name }).name).toBe(tidy);
  });

  test("a tidied name is tidy", () => {
    const pieces = fc.constantFrom(
      "\u200C",
      "\u200D",
      " ",
      "\u202E",
      "\u3164",
      "ا",
      "e",
      "\u0301",
      ".",
      "\uD800",
      "\u0085",
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: pieces })), (name) => {
        expect(tidyName(tidyName(name))).toBe(tidyName(name));
      }),
      { numRuns: 2_000 },
    );
  });

  test("counts characters, not UTF-16 units", () => {
    expect(errorsOf({ name: "𝒜".repeat(100) })).toEqual({});
    expect(errorsOf({ name: "𝒜".repeat(101) })).toEqual({ name: ["name.long"] });
  });

  test.each([
    ["", "email.invalid"],
    ["zarghuna", "email.invalid"],
    ["a@b", "email.invalid"],
    ["a@example.org, b@example.org", "email.invalid"],
    ["a@example.org\r\nBcc: b@example.org", "email.invalid"],
    [`${"a".repeat(EMAIL_MAX_CHARACTERS)}@example.org`, "email.long"],
    [7, "email.invalid"],
  ])("refuses the address %j: %s", (email, error) => expect(errorsOf({ email })).toEqual({ email: [error] }));

  test("names every field that is wrong at once", () => {
    const checked = checkSignatureForm({});
    expect(checked.ok ? [] : Object.keys(checked.errors)).toEqual([
      "name",
      "email",
      "country",
      "consent",
      "locale",
    ]);
  });

  test("consent must be given; updates and a public name are off unless asked for", () => {
    expect(errorsOf({ consent: "no" })).toEqual({ consent: ["consent.missing"] });
    expect(errorsOf({ consent: undefined })).toEqual({ consent: ["consent.missing"] });
    expect(requestOf({})).toMatchObject({ updates: false, publicName: false });
    expect(requestOf({ updates: "yes", publicName: "on" })).toMatchObject({
      updates: true,
      publicName: false,
    });
  });

  test("a country is ISO 3166-1 or Kosovo's XK, in either case", () => {
    expect(requestOf({ country: "pk" }).country).toBe("PK");
    expect(requestOf({ country: "xk" }).country).toBe("XK");
    expect(errorsOf({ country: "XX" })).toEqual({ country: ["country.unknown"] });
  });

  test("a misshapen share code is ignored; case and what a message put behind it do not matter", () => {
    expect(requestOf({ ref: "bcdfgh22" }).ref).toBe("bcdfgh22");
    expect(requestOf({ ref: "BCDFGH22." }).ref).toBe("bcdfgh22");
    expect(requestOf({ ref: "abc-123" }).ref).toBeUndefined();
    expect(requestOf({ ref: "<script>" }).ref).toBeUndefined();
  });
});
