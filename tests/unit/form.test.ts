import { describe, expect, test } from "vitest";
import { checkSignatureForm } from "@/lib/signing/form";
import { EMAIL_MAX_CHARACTERS } from "@/lib/signing/rules";

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

  test.each(["محمد علي", "ګل‌مکۍ", "Nguyễn Thị", "O’Neil-Smith", "李明", "J. R. Smith", "M.Khan", "St.John"])(
    "takes the name %s",
    (name) => expect(errorsOf({ name })).toEqual({}),
  );

  test.each([
    ["", "name.short"],
    ["A", "name.short"],
    [undefined, "name.short"],
    ["x".repeat(101), "name.long"],
    ["Ali\u202Emoc", "name.control"],
    ["Ali\u2066x", "name.control"],
    ["Ali\u0000x", "name.control"],
    ["see https://spam.example", "name.url"],
    ["www.spam.example", "name.url"],
    ["buy at spam.com now", "name.url"],
  ])("refuses the name %j: %s", (name, error) => expect(errorsOf({ name })).toEqual({ name: [error] }));

  test("counts characters, not UTF-16 units", () => {
    expect(errorsOf({ name: "𝒜".repeat(100) })).toEqual({});
    expect(errorsOf({ name: "𝒜" })).toEqual({ name: ["name.short"] });
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

  test("a country is ISO 3166-1, in either case", () => {
    expect(requestOf({ country: "pk" }).country).toBe("PK");
    expect(errorsOf({ country: "XX" })).toEqual({ country: ["country.unknown"] });
  });

  test("a misshapen share code is ignored", () => {
    expect(requestOf({ ref: "abc-123" }).ref).toBe("abc-123");
    expect(requestOf({ ref: "<script>" }).ref).toBeUndefined();
  });
});
