import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { broadMailboxOf, mailboxKey, mendAddress, spellingOf } from "@/lib/mailbox";
import { mailboxOf } from "@/lib/mailbox/address";
import { EMAIL_MAX_CHARACTERS } from "@/lib/mailbox/address-rules";
import { checkEmail } from "@/lib/signing/form";
import { testEnvironment } from "@/tests/support/postgres";

beforeAll(() => void Object.assign(process.env, testEnvironment("postgres://localhost/none")));

describe("an address", () => {
  test.each([
    ["\u200Fali@example.org", "ali@example.org"],
    ["ali@example.org\u200B", "ali@example.org"],
    ["\u2068ali@example.org\u2069", "ali@example.org"],
    ["\u202Aali@example.org\u202C", "ali@example.org"],
    ["\u00A0 ali@example.org\u3000\n", "ali@example.org"],
    ["ａｌｉ＠ｅｘａｍｐｌｅ．ｏｒｇ", "ali@example.org"],
    ["ali@example。org", "ali@example.org"],
    ["mailto:ali@example.org", "ali@example.org"],
    ["MAILTO:ali@example.org?subject=Hello", "ali@example.org"],
    ["Noor Khan <ali@example.org>", "ali@example.org"],
    ["“Khan, Noor” <mailto:ali@example.org>,", "ali@example.org"],
    ["ali@example.org.", "ali@example.org"],
    ["ali@example.org,", "ali@example.org"],
    ["ali@example.org۔", "ali@example.org"],
  ])("%j is taken as %s", (typed, meant) => {
    expect(checkEmail(typed)).toEqual({ ok: true, email: meant });
  });

  test.each([
    "ivan@xn--e1afmkfd.xn--p1ai",
    "ivan@пример.рф",
    "a@müller.com",
    "a@उदाहरण.भारत",
    "Noor.Khan@Example.ORG",
    "o'neil@example.org",
    "name'@example.org",
    ...[..."&/=~!#%$*?^{}|`'+-_"].map((atom) => `a${atom}b@example.org`),
    `${"a".repeat(EMAIL_MAX_CHARACTERS - "@example.org".length)}@example.org`,
  ])("%s is taken as it is", (address) => {
    expect(checkEmail(address)).toEqual({ ok: true, email: address });
  });

  test.each([
    "",
    "ali",
    "ali@",
    "@example.org",
    "ali@example",
    "ali@exa mple.org",
    "ali@@example.org",
    ".ali@example.org",
    "ali.@example.org",
    "al..i@example.org",
    "ali@example..org",
    "ali@127.0.0.1",
    "ali@[127.0.0.1]",
    "ali@example.org:25",
    "ali@example.org/path",
    "ali@example.org, noor@example.org",
    "ali@example.org\r\nBcc: noor@example.org",
    "ali\0@example.org",
    "<ali@example.org> <noor@example.org>",
    "ﺎ@example.org",
  ])("%j is refused", (address) => {
    expect(checkEmail(address)).toEqual({ ok: false, errors: ["email.invalid"] });
  });

  test("of 255 characters is too long, and long nonsense is refused at once", () => {
    const tooLong = `${"a".repeat(EMAIL_MAX_CHARACTERS)}@example.org`;
    expect(checkEmail(tooLong)).toEqual({ ok: false, errors: ["email.long"] });
    const began = performance.now();
    for (const filler of [" ", ".", "<", "mailto:", "a.", "\u200B"]) checkEmail(filler.repeat(16_000));
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  test("once mended stays as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        expect(mendAddress(mendAddress(text))).toBe(mendAddress(text));
      }),
    );
  });
});

describe("a mailbox", () => {
  const same: readonly (readonly string[])[] = [
    [
      "noor.khan@example.org",
      "Noor.Khan@example.org",
      "NOOR.KHAN@EXAMPLE.ORG",
      " \u200Fnoor.khan@example.org. ",
    ],
    ["a@müller.com", "A@MÜLLER.com", "a@xn--mller-kva.com"],
    ["ivan@пример.рф", "ivan@xn--e1afmkfd.xn--p1ai"],
    ["ali.khan@gmail.com", "alikhan@gmail.com", "A.l.i.Khan+petition@googlemail.com", "alikhan+@gmail.com"],
    ["ali@proton.me", "ali@protonmail.com", "ali+x@pm.me"],
    ["ali@outlook.com", "ali+x@outlook.com"],
  ];
  test.each(same)("%s is one in all its spellings", (...spellings) => {
    expect(new Set(spellings.map((spelling) => mailboxKey(spelling).toString("hex"))).size).toBe(1);
  });

  const different: readonly (readonly string[])[] = [
    ["a.li@example.org", "ali@example.org", "ali+x@example.org", "ali+y@example.org", "ali-x@example.org"],
    ["ali@outlook.com", "ali@hotmail.com", "ali@live.com", "ali@msn.com"],
    ["ali@icloud.com", "ali@me.com", "ali@mac.com"],
    ["a.li@outlook.com", "ali@outlook.com"],
    ["a.li@proton.me", "ali@proton.me"],
    ["ali@yahoo.com", "ali+x@yahoo.com"],
    ["ali@mail.gmail.com", "ali@gmail.com", "ali@gmail.com.example.org"],
    ["ali@straße.de", "ali@strasse.de"],
    ["+x@gmail.com", "+y@gmail.com"],
  ];
  test.each(different)("%s is nobody else's", (...addresses) => {
    expect(new Set(addresses.map((address) => mailboxKey(address).toString("hex"))).size).toBe(
      addresses.length,
    );
  });

  const atom = fc.stringMatching(/^[a-zA-Z0-9_!#$%&'*/=?^`{|}~-]{1,12}$/);
  const localPart = fc.array(atom, { minLength: 1, maxLength: 3 }).map((atoms) => atoms.join("."));
  const tag = fc.stringMatching(/^[a-z0-9]{0,8}$/);
  const someCase = (text: string, upper: readonly boolean[]) =>
    [...text]
      .map((character, place) => (upper[place % upper.length] ? character.toUpperCase() : character))
      .join("");
  const wrapping = fc.constantFrom<(address: string) => string>(
    (address) => address,
    (address) => `\u2068${address}\u2069`,
    (address) => `  ${address}\u200B`,
    (address) => `Noor <${address}>`,
    (address) => `mailto:${address.replaceAll("?", "")}`,
    (address) => `${address}.`,
  );
  const domain = fc.stringMatching(/^[a-z][a-z0-9]{0,8}\.(?:org|net|example)$/);

  test("has one key for every spelling that its provider makes one", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9]{2,12}$/),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(12), { maxLength: 4 }),
        tag,
        fc.constantFrom("gmail.com", "googlemail.com"),
        wrapping,
        (name, upper, dots, label, provider, wrapped) => {
          const letters = [...someCase(name, upper)];
          const dotted = letters
            .map((letter, at) => (at > 0 && dots.includes(at) ? `.${letter}` : letter))
            .join("");
          const typed = wrapped(`${dotted}+${label}@${someCase(provider, upper)}`);
          expect(mailboxOf(mendAddress(typed))).toBe(`${name}@gmail.com`);
        },
      ),
    );
  });

  test("at a provider without such rules is shared by no two addresses that differ in more than case", () => {
    fc.assert(
      fc.property(localPart, localPart, tag, domain, (one, other, label, at) => {
        const addresses = [one, other, `${one}+${label}`, one.replaceAll(".", "")];
        const texts = new Set(addresses.map((address) => `${address}@${at}`.toLowerCase()));
        const keys = new Set(addresses.map((address) => mailboxKey(`${address}@${at}`).toString("hex")));
        expect(keys.size).toBe(texts.size);
      }),
    );
  });

  test("of one domain is never that of another, save for true aliases", () => {
    fc.assert(
      fc.property(localPart, domain, domain, (local, one, other) => {
        fc.pre(one !== other);
        expect(mailboxKey(`${local}@${one}`)).not.toEqual(mailboxKey(`${local}@${other}`));
      }),
    );
  });

  test("counts against one allowance with all that differs in dots, tags and case", () => {
    fc.assert(
      fc.property(localPart, tag, domain, (local, label, at) => {
        const key = broadMailboxOf(mendAddress(`${local}@${at}`));
        for (const variant of [local.toUpperCase(), local.replaceAll(".", ""), `${local}+${label}`])
          expect(broadMailboxOf(mendAddress(`${variant}@${at}`))).toEqual(key);
      }),
    );
  });

  test("is spelled alike whatever the case or script of its domain, and not otherwise", () => {
    expect(spellingOf("Ali@Müller.com")).toBe(spellingOf("Ali@xn--mller-kva.com"));
    expect(spellingOf("Ali@example.org")).not.toBe(spellingOf("ali@example.org"));
  });
});
