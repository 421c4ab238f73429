import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { LIMIT_BOUNDS } from "@/lib/abuse/policy";
import { PROOF_MAX_CHARACTERS } from "@/lib/abuse/proof";
import { REASON_MAX_CHARACTERS, REASON_MIN_CHARACTERS } from "@/lib/export/parameters";
import { NAME_MAX_CHARACTERS } from "@/lib/fields/name-rules";
import { ORIGIN_MAX_CHARACTERS } from "@/lib/http/origin";
import { COUNTRY_CODES } from "@/lib/i18n/countries";
import { LOCALES } from "@/lib/i18n/locales";
import { EMAIL_MAX_CHARACTERS } from "@/lib/mailbox/address-rules";
import { PAPER_FILE_EXTENSION, PAPER_FILE_LIMIT_BYTES, PAPER_ROWS_MAX } from "@/lib/paper/paper";
import { SHARE_CODE_CHARACTERS } from "@/lib/sharing/codes";
import { GOAL_MAX } from "@/lib/sharing/milestones";
import {
  checkSignatureForm,
  SIGNATURE_BODY_LIMIT_BYTES,
  signatureForm,
  TRAP_FIELD,
} from "@/lib/signing/form";

// docs/http.md says what the fields of a form may hold: it must say what the code does.
let text: string;
let rules: Map<string, string>;
beforeAll(async () => {
  text = await readFile("docs/http.md", "utf8");
  const [, section = ""] = text.split("\n## Fields\n");
  rules = new Map(
    [...section.matchAll(/^\| `(\w+)` +\| [^|]+\| (.+?) +\|$/gm)].map(([, name = "", rule = ""]) => [
      name,
      rule,
    ]),
  );
});

const grouped = (number: number) => number.toLocaleString("en");

test("every field of the form is documented, and no other", () => {
  const known = [...Object.keys(signatureForm.shape), "proof", TRAP_FIELD, "token"];
  expect([...rules.keys()].sort()).toEqual(known.sort());
});

const LIMITS: Record<string, string> = {
  name: `1 to ${NAME_MAX_CHARACTERS} characters`,
  email: `at most ${EMAIL_MAX_CHARACTERS} characters`,
  country: `one of the ${COUNTRY_CODES.length} codes`,
  locale: LOCALES.map((locale) => `\`${locale}\``)
    .join(", ")
    .replace(/, (?=[^,]*$)/, " or "),
  ref: `${SHARE_CODE_CHARACTERS} of`,
  origin: `at most ${ORIGIN_MAX_CHARACTERS} characters`,
  proof: `at most ${PROOF_MAX_CHARACTERS} characters`,
};

test.each(Object.entries(LIMITS))(
  "%s is documented with the limit that the code holds it to",
  (field, limit) => {
    expect(rules.get(field)).toContain(limit);
  },
);

test("the limits across fields, of bodies and of files are those of the code", () => {
  const { networkPerMinute, networkPerHour, campaignPerMinute, campaignPerHour } = LIMIT_BOUNDS;
  const words = text.replace(/\s+/g, " ");
  for (const said of [
    `at most ${SIGNATURE_BODY_LIMIT_BYTES / 1024} KiB`,
    `${REASON_MIN_CHARACTERS} to ${REASON_MAX_CHARACTERS} characters`,
    `whole numbers from 1 to ${grouped(GOAL_MAX)}`,
    `those of a network ${networkPerMinute.map(grouped).join(" to ")} a minute and ${networkPerHour.map(grouped).join(" to ")} an hour`,
    `those of the campaign ${campaignPerMinute.map(grouped).join(" to ")} and ${campaignPerHour.map(grouped).join(" to ")};`,
    `the name ends in \`${PAPER_FILE_EXTENSION}\`, at most ${PAPER_FILE_LIMIT_BYTES / 1024} KiB and ${grouped(PAPER_ROWS_MAX)} signatures`,
  ])
    expect(words).toContain(said);
});

test("what the table says is ignored or taken in either case is", () => {
  const checked = checkSignatureForm({
    name: "  Zarghuna   Kakar ",
    email: " zarghuna.k+a@Example.org ",
    country: "af",
    consent: "yes",
    updates: "on",
    publicName: "yes",
    locale: "ps",
    ref: "b".repeat(SHARE_CODE_CHARACTERS + 1),
    origin: "nonsense",
    surplus: "ignored",
  });
  expect(checked).not.toHaveProperty("request.surplus");
  expect(checked).toMatchObject({
    ok: true,
    request: {
      name: "Zarghuna Kakar",
      email: "zarghuna.k+a@Example.org",
      country: "AF",
      consent: "yes",
      updates: false,
      publicName: true,
      locale: "ps",
      ref: undefined,
      origin: undefined,
    },
  });
});
