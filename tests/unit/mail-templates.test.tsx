import { describe, expect, test } from "vitest";
import { escapeHtml } from "@/lib/http/escape-html";
import { directionOf, LOCALES } from "@/lib/i18n/locales";
import { composeMail } from "@/lib/mail/templates";
import { PALETTE } from "@/lib/mail/templates/palette";
import { mailTexts } from "@/lib/mail/templates/texts";
import type { MailInput } from "@/lib/mail/templates/words";

const HTML_MAX_BYTES = 20 * 1024;
const AA_CONTRAST = 4.5;

const ordinary: MailInput = {
  kind: "confirmation",
  locale: "en",
  name: "زرغونه Zarghuna",
  campaignTitle: "Pakistan: halt the expulsions",
  organisation: "Example & Sons",
  siteUrl: "https://petition.test",
  demonstration: true,
  days: 7,
  actionUrl: "https://petition.test/en/confirm/TOKEN?a=1&b=2",
  unsubscribeUrl: "https://petition.test/api/unsubscribe/OTHER",
};

/** The same of a signer who confirmed the address: only then a name may be in it. */
const confirmed: MailInput = { ...ordinary, kind: "confirmed" };
/** Kinds that reach an address nobody has confirmed yet. */
const UNCONFIRMED = ["confirmation", "reminder"];
const kinds = ["confirmation", "reminder", "confirmed", "access"] as const;
const mails = kinds.flatMap((kind) => LOCALES.map((locale) => ({ ...ordinary, kind, locale })));

describe.each(mails)("$kind in $locale", (input) => {
  const direction = directionOf(input.locale);

  test("the text part says it all in words and links", async () => {
    const { text, subject } = await composeMail(input);
    expect(subject).not.toBe("");
    expect(text.split("\n")).toContain(input.actionUrl);
    expect(text.split("\n")).toContain(input.unsubscribeUrl);
    expect(text.includes(`\u2068${input.name}\u2069`)).toBe(!UNCONFIRMED.includes(input.kind));
    expect(text).not.toMatch(/<[a-z]|undefined|null|\[object/);
  });

  test("the HTML part is small and loads nothing", async () => {
    const { html } = await composeMail(input);
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(HTML_MAX_BYTES);
    expect(html).not.toMatch(
      /\ssrc=|srcset|url\(|@import|@font-face|background=|<(img|link|script|iframe|object)\b/i,
    );
    const addresses = [...html.matchAll(/href="([^"]*)"/g)].map(([, address]) =>
      address?.replaceAll("&amp;", "&"),
    );
    expect(new Set(addresses)).toEqual(new Set([input.actionUrl, input.siteUrl, input.unsubscribeUrl]));
  });

  test("language, direction and colour schemes are stated", async () => {
    const { html } = await composeMail(input);
    for (const tag of ["html", "body", "table"]) {
      const opening = [...html.matchAll(new RegExp(`<${tag}\\b[^>]*>`, "g"))].map(([found]) => found);
      expect(
        opening.some(
          (found) => found.includes(`lang="${input.locale}"`) && found.includes(`dir="${direction}"`),
        ),
      ).toBe(true);
    }
    expect(html).toContain('<meta name="color-scheme" content="light dark"/>');
    expect(html).toContain(`text-align:${direction === "rtl" ? "right" : "left"}`);
    expect(html.includes(`<bdi>${input.name}</bdi>`)).toBe(!UNCONFIRMED.includes(input.kind));
  });

  test("without a name it greets all the same", async () => {
    const { html, text } = await composeMail({ ...input, name: null });
    expect(text).toContain(`\n\n${mailTexts(input.kind, input.locale).greeting}\n\n`);
    expect(html).toContain(`>${mailTexts(input.kind, input.locale).greeting}<`);
    expect(`${html}${text}`).not.toContain("null");
  });
});

test.each(mails.filter(({ kind }) => UNCONFIRMED.includes(kind)))(
  "$kind in $locale holds nothing of the name that somebody typed: subject, preheader or body",
  async (input) => {
    const nameless = await composeMail({ ...input, name: null });
    expect(await composeMail({ ...input, name: "Claim your prize at Evil.De" })).toEqual(nameless);
  },
);

describe("a hostile name", () => {
  const names = [
    "Eve\r\nBcc: all@people.test\r\n\r\nhttps://evil.test",
    "\u202eeve\u202d\u2066x\u2069\u2069\u2067",
    "<img src=x onerror=alert(1)>",
    "</bdi></title></style><script>alert(1)</script>",
    "\"'&amp;&lt;",
    "a\ud800b\u0000c\u0007\u2028d\u2029",
    "$& $1 $$",
  ];
  test.each(names)("%j stays isolated and escaped", async (name) => {
    const plain = await composeMail({ ...confirmed, name: "NAME" });
    const hostile = await composeMail({ ...confirmed, name });
    const [shown = ""] = /(?<=\u2068).*?(?=\u2069)/su.exec(hostile.text) ?? [];

    expect(shown).not.toMatch(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
    // Put back the harmless name, and the mail is the same to the letter: nothing leaked out of its place.
    expect(hostile.text.replace(`\u2068${shown}\u2069`, () => "\u2068NAME\u2069")).toBe(plain.text);
    expect(hostile.html.replace(`<bdi>${escapeHtml(shown)}</bdi>`, () => "<bdi>NAME</bdi>")).toBe(plain.html);
    expect(hostile.subject).toBe(plain.subject);
  });

  test("a title and an organisation are held the same way", async () => {
    const { subject, html, text } = await composeMail({
      ...ordinary,
      campaignTitle: "\u202eA\r\nB<b>",
      organisation: "C\n<i>\u2067",
    });
    expect(html).toContain("<bdi>A B&lt;b&gt;</bdi>");
    expect(html).toContain("<bdi>C &lt;i&gt;</bdi>");
    expect(text).toContain("\u2068A B<b>\u2069");
    expect(subject).not.toMatch(/\p{Cc}/u);
  });

  test("joiners stay: Persian names need them", async () => {
    const name = "علی\u200cرضا";
    const { html, text } = await composeMail({ ...confirmed, name });
    expect(html).toContain(`<bdi>${name}</bdi>`);
    expect(text).toContain(name);
  });
});

test("the demonstration notice is there exactly when it must be", async () => {
  const shown = await composeMail(ordinary);
  const hidden = await composeMail({ ...ordinary, demonstration: false });
  expect(shown.text).toContain("Demonstration");
  expect(shown.html).toContain("Demonstration");
  expect(hidden.text).not.toContain("Demonstration");
  expect(hidden.html).not.toContain("Demonstration");
});

test("dark mode reaches every ground: no light one is without a class", async () => {
  const { html } = await composeMail(ordinary);
  const grounds = [...html.matchAll(/<[a-z]+\b[^>]*background-color[^>]*>/g)].map(([found]) => found);
  expect(grounds).not.toHaveLength(0);
  for (const ground of grounds) expect(ground).toMatch(/class="(page|card|notice|button)"/);
});

test("the same mail is the same bytes: the provider's repeat key demands it", async () => {
  expect(await composeMail(ordinary)).toEqual(await composeMail({ ...ordinary }));
});

describe.each(["light", "dark"] as const)("contrast, %s", (scheme) => {
  const colours = PALETTE[scheme];
  const pairs = [
    ["text", "card"],
    ["muted", "card"],
    ["link", "card"],
    ["muted", "page"],
    ["link", "page"],
    ["text", "notice"],
    ["buttonText", "button"],
  ] as const;
  test.each(pairs)("%s on %s", (text, ground) => {
    expect(contrast(colours[text], colours[ground])).toBeGreaterThanOrEqual(AA_CONTRAST);
  });
});

/** WCAG 2.2, "contrast ratio". */
function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
