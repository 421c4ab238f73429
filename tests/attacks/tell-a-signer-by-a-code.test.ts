import { Client } from "pg";
import { beforeEach, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import type { Locale } from "@/lib/i18n/locales";
import { LOCALES } from "@/lib/i18n/locales";
import { channelCodes, documentShareTexts, STEPS } from "@/lib/sharing";
import { writeVisits } from "@/lib/sharing/sums";
import { erase } from "@/lib/signatories";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { CapturingTransport } from "@/tests/support/capturing-transport";
import { ask, BROWSER, codesIn, drain, joins, opens } from "@/tests/support/sharing";

const held = useDatabase();
const transport = new CapturingTransport();
const SUSPECT = "suspect@example.org";

const page = async (file: string, parameters: Record<string, string>, path: string) =>
  (await ask(file, parameters, path)).text();
const campaignPage = (query = "", locale = "en") =>
  page(
    "app/(public)/[locale]/[campaign]/route.tsx",
    { locale, campaign: CAMPAIGN_SLUG },
    `/${locale}/${CAMPAIGN_SLUG}${query}`,
  );
const thanksPage = (query = "", locale = "en") =>
  page(
    "app/(public)/[locale]/[campaign]/thanks/route.tsx",
    { locale, campaign: CAMPAIGN_SLUG },
    `/${locale}/${CAMPAIGN_SLUG}/thanks${query}`,
  );
const confirmPage = (locale = "en") =>
  page("app/(public)/[locale]/confirm/[token]/route.tsx", { locale, token: "x" }, `/${locale}/confirm/x`);
const ownPage = (token: string, locale = "en") =>
  page("app/(public)/[locale]/signature/[token]/route.tsx", { locale, token }, `/${locale}/signature/x`);
/** What pressing each link to share would send: address and text. */
const sendsFrom = (markup: string) =>
  [
    ...markup.matchAll(
      /href="?((?:https:\/\/(?:wa\.me|t\.me|www\.facebook|x\.com|bsky)|mailto:\?|sms:)[^">\s]*)/g,
    ),
  ].map(([, address]) => address);

/** Every row of every table, as a thief of a backup reads them. */
async function dump(): Promise<{ table: string; row: string }[]> {
  const tables = await held.current().query<{ name: string }>(
    `SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
     AND relname <> '_prisma_migrations' ORDER BY 1`,
  );
  const rows = await Promise.all(
    tables.map(async ({ name }) =>
      (await held.current().query<{ row: string }>(`SELECT t::text AS row FROM "${name}" t ORDER BY 1`)).map(
        ({ row }) => ({ table: name, row }),
      ),
    ),
  );
  return rows.flat();
}

/** An answer without the one thing in it that was asked for. */
async function told(code: string, headers: Record<string, string> = {}): Promise<unknown> {
  const answer = await opens(code, headers);
  const lines = [...answer.headers].map(([name, value]) => `${name}: ${value.replaceAll(code, "CODE")}`);
  return { status: answer.status, lines, body: await answer.text() };
}

beforeEach(async () => {
  await drain(transport);
  await database().$executeRaw`DELETE FROM signature`;
  await database().$executeRaw`DELETE FROM suppression`;
  await database().$executeRaw`DELETE FROM share_sum`;
  transport.sent.length = 0;
});

describe("S2: a finder of a share code", () => {
  test("cannot tell that somebody signed: a signer's pages pass on the same codes as the campaign page", async () => {
    const token = await joins(transport, { email: SUSPECT });
    for (const locale of LOCALES) {
      const reader = sendsFrom(await campaignPage("", locale));
      expect(reader).toHaveLength(7);
      for (const markup of [
        await thanksPage("", locale),
        await thanksPage("?confirmed", locale),
        await thanksPage("?meant=gmail.com", locale),
        await confirmPage(locale),
        await ownPage(token, locale),
      ])
        expect(sendsFrom(markup)).toEqual(reader);
    }
  });

  test("finds the same codes through a link before and after signing", async () => {
    for (const step of STEPS) {
      const query = `?ref=${(await channelCodes(CAMPAIGN_SLUG, step))?.link}`;
      const reader = sendsFrom(await campaignPage(query));
      const answer = await ask(
        "app/api/petitions/[slug]/signatures/route.tsx",
        { slug: CAMPAIGN_SLUG },
        `/api/petitions/${CAMPAIGN_SLUG}/signatures`,
        {
          method: "POST",
          headers: { origin: "http://localhost:3000", "user-agent": BROWSER },
          body: new URLSearchParams({
            name: "Zarghuna Kargar",
            email: `step${step}@example.org`,
            country: "AF",
            consent: "yes",
            locale: "en",
            ref: query.slice("?ref=".length),
          }),
        },
      );
      expect(answer.headers.get("location")).toBe(`/en/${CAMPAIGN_SLUG}/thanks${query}`);
      expect(sendsFrom(await thanksPage(query))).toEqual(reader);
    }
  });

  test("finds no text that says its sender has signed", () => {
    for (const [locale, words] of Object.entries({
      en: /\bI\b|\bI've\b|\btoo\b/,
      ur: /میں نے/,
      "fa-AF": /من |کردم/,
      ps: /ما /,
    }))
      for (const text of Object.values(documentShareTexts(CAMPAIGN_SLUG, locale as Locale)))
        expect(text).not.toMatch(words);
  });

  test("sees the same form of link, whoever made it", async () => {
    const own = await joins(transport, { email: SUSPECT });
    const pages = [await campaignPage(), await thanksPage(), await ownPage(own)];
    const shapes = pages.flatMap(codesIn).map((code) => code.replace(/[2-9b-df-hj-km-np-tv-xz]/g, "*"));
    expect(new Set(shapes)).toEqual(new Set(["********"]));
  });

  test("gets the same answer for a known code, an unknown one and one of an erased signer, in every language", async () => {
    const token = await joins(transport, { email: SUSPECT });
    const [ofSigner = ""] = codesIn(await ownPage(token));
    await erase(token);
    const [ofOrganisation = ""] = codesIn(await campaignPage());
    for (const language of ["en", "ur", "fa", "ps", "de"]) {
      const known = await told(ofOrganisation, { "accept-language": language });
      for (const code of [ofSigner, "zzzzzz22", "bcdfgh44", "nosuchcode"])
        expect(await told(code, { "accept-language": language }), code).toEqual(known);
    }
    const plain = (await campaignPage(`?ref=${ofSigner}`)).replaceAll(ofSigner, "CODE");
    const unknown = `bcdfgh${ofSigner.slice(6)}`;
    expect((await campaignPage(`?ref=${unknown}`)).replaceAll(unknown, "CODE")).toBe(plain);
  });

  test("gets an answer without a database query, so that timing tells nothing", async () => {
    const known = (await channelCodes(CAMPAIGN_SLUG, 1))?.link ?? "";
    const holder = new Client({ connectionString: held.current().url });
    await holder.connect();
    try {
      await holder.query("BEGIN; LOCK TABLE campaign, signature, share_sum IN ACCESS EXCLUSIVE MODE");
      for (const code of [known, "bcdfgh22"]) expect((await opens(code)).status).toBe(302);
    } finally {
      await holder.end();
    }
  });
});

describe("S2: a thief with a dump", () => {
  test("cannot find who confirmed through a link, even if they made it", async () => {
    const code = (await channelCodes(CAMPAIGN_SLUG, 2))?.sheet ?? "";
    await opens(code);
    await joins(transport, { email: "direct@example.org" });
    await joins(transport, { email: SUSPECT, ref: code });
    await writeVisits();
    const rows = await dump();
    expect(rows.filter(({ row }) => row.includes(code))).toEqual([]);
    const signatures = await database().signature.findMany({ orderBy: { signedAt: "asc" } });
    const known = signatures.map(({ ref, origin, cameChannel, cameStep, networkKey }) => ({
      ref,
      origin,
      cameChannel,
      cameStep,
      networkKey,
    }));
    expect(known[1]).toEqual(known[0]);
  });

  test("finds nothing of a link once its signer has erased: no row, no time, no reference", async () => {
    const code = (await channelCodes(CAMPAIGN_SLUG, 3))?.link ?? "";
    const before = await dump();
    const token = await joins(transport, { email: SUSPECT, ref: code });
    await erase(token);
    const old = new Set(before.map(({ table, row }) => `${table} ${row}`));
    const added = (await dump()).filter(({ table, row }) => !old.has(`${table} ${row}`));
    const [today = ""] = new Date().toISOString().split("T");
    const sums = added.filter(({ table }) => table === "share_sum");
    expect(sums.map(({ row }) => row.split(",").slice(1, 3).join(" ")).sort()).toEqual([
      "channel link",
      "language en",
      "step 3",
    ]);
    for (const { row } of sums) expect(row).not.toContain(today);
    expect(added.filter(({ row }) => row.includes(code))).toEqual([]);
  });
});
