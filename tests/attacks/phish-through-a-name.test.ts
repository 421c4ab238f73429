import { beforeEach, describe, expect, test } from "vitest";
import { GET as campaignPage } from "@/app/(public)/[locale]/[campaign]/route";
import { GET as newsFeed } from "@/app/(public)/[locale]/[campaign]/updates.atom/route";
import { POST as signRoute } from "@/app/api/petitions/[slug]/signatures/route";
import { database } from "@/lib/db/client";
import { sendOnce } from "@/lib/mail/sending";
import { draftPaper, importPaper } from "@/lib/paper/paper";
import { settings } from "@/lib/settings";
import { refreshSupporters, shownNames, supporters } from "@/lib/sharing";
import { requestAccess } from "@/lib/signatories";
import { confirm } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { CapturingTransport, tokenIn } from "@/tests/support/capturing-transport";
import { withinFramework } from "@/tests/support/framework";
import { OWNER } from "@/tests/support/session";

useDatabase();

const WORKER = "00000000-0000-4000-8000-000000000008";
const provider = new CapturingTransport();

async function mailsTo(address: string) {
  while (await sendOnce(provider, WORKER));
  return provider.sent.filter(({ to }) => to === address);
}

let networks = 0;

/** Signs as anybody can; a busy machine's 503 is tried again, as a signer would. */
async function signs(fields: Record<string, string>): Promise<number> {
  for (let tries = 1; ; tries++) {
    const status = await posts(fields);
    if (status !== 503 || tries === 5) return status;
  }
}

/** Posts the form from a network of its own. */
async function posts(fields: Record<string, string>): Promise<number> {
  const body = new URLSearchParams({ country: "AF", consent: "yes", locale: "en", ...fields });
  const request = new Request(`${settings().siteUrl}/api/petitions/${CAMPAIGN_SLUG}/signatures`, {
    method: "POST",
    headers: {
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
      origin: settings().siteUrl,
      "x-client-address": `192.0.${networks++ % 256}.1`,
    },
    body,
  });
  const params = Promise.resolve({ slug: CAMPAIGN_SLUG });
  return (await withinFramework(request, () => signRoute(request, { params }))).status;
}

async function signsAndConfirms(fields: Record<string, string> & { email: string }): Promise<void> {
  expect(await signs(fields)).toBe(202);
  const [mail] = (await mailsTo(fields.email)).slice(-1);
  await confirm(tokenIn(mail?.text ?? "", "confirm"));
}

async function publicPage(
  route: (
    request: Request,
    context: { params: Promise<{ locale: string; campaign: string }> },
  ) => Promise<Response>,
): Promise<string> {
  const request = new Request(`${settings().siteUrl}/en/${CAMPAIGN_SLUG}`);
  const params = Promise.resolve({ locale: "en", campaign: CAMPAIGN_SLUG });
  return (await withinFramework(request, () => route(request, { params }))).text();
}

beforeEach(async () => {
  await database().$executeRaw`DELETE FROM signature`;
  await database().$executeRaw`DELETE FROM paper_import`;
  provider.sent.length = 0;
});

/** Read as a name, each carries an address or a lure; the first group is refused, the second passes the form's rule. */
const ADDRESSES = [
  "Claim your prize at evil.de/x",
  "zarmina@web.de",
  "evil.de",
  "evil。de",
  "e\u200Bvil.d\u200Ce",
  "www.x.com",
];
const LURES = ["Jackpot winner", "Hotline 0900123456", "Evil.De", "q.com"];

describe("S8: phishing from the organisation's own domain", () => {
  test("refuses a signature with an address as its name", async () => {
    for (const name of ADDRESSES) expect(await signs({ name, email: "victim@example.org" })).toBe(422);
    expect(await mailsTo("victim@example.org")).toEqual([]);
  });

  test("mails no lure typed as a name to somebody else's address, not even in a reminder", async () => {
    for (const [at, name] of LURES.entries()) {
      const email = `victim${at}@example.org`;
      for (const locale of ["en", "ur", "fa-AF", "ps"])
        expect(await signs({ name, email, locale })).toBe(202);
      await database().$executeRaw`UPDATE signature SET mail_requested_at = now() - interval '1 day'`;
      await signs({ name, email });
      await requestAccess(email);
      const mails = await mailsTo(email);
      expect(mails.length).toBeGreaterThan(0);
      for (const { from, subject, html, text, headers } of mails)
        for (const word of name.split(" ").filter((one) => one.length > 4))
          expect([from, subject, html, text, JSON.stringify(headers)].join("\n")).not.toContain(word);
    }
  });

  test("mails none through a paper sheet, whose addresses nobody confirmed", async () => {
    const sheet = `name,country,email\n${LURES[0]},AF,victim@example.org\n${ADDRESSES[0]},AF,other@example.org\n`;
    const drafting = await draftPaper(OWNER, CAMPAIGN_SLUG, "sheet.csv", new TextEncoder().encode(sheet));
    if (!drafting.ok) throw new Error(drafting.refusal);
    expect(await importPaper(OWNER, CAMPAIGN_SLUG, drafting.draft.id)).toBe(1);
    await requestAccess("victim@example.org");
    const [mail] = await mailsTo("victim@example.org");
    expect(mail?.text).toContain("/signature/");
    expect(`${mail?.subject}${mail?.html}${mail?.text}`).not.toContain("Jackpot");
  });

  test("greets a signer by name once they have confirmed the address", async () => {
    await signsAndConfirms({ name: "Zarghuna Kakar", email: "zarghuna@example.org" });
    const [, confirmed] = await mailsTo("zarghuna@example.org");
    expect(confirmed?.text).toContain("Zarghuna Kakar");
  });
});

describe("S8: a web address shown in public", () => {
  test("turns no accepted name into a link on the page, in the packet's list or in the feed", async () => {
    const names = ["q.com", "J.Top", "Evil.De", "Dr.Net Savoeun", "Mrs Sara Khan", "t.me", "M.K.Spam.Io"];
    let shown = 0;
    for (let at = 0; shown < 12; at++) {
      const name = names[at % names.length] ?? "";
      const fields = { name, email: `signer${at}@example.org`, publicName: "yes" };
      const status = await signs(fields);
      expect([202, 422]).toContain(status);
      if (status === 422) continue;
      const [mail] = (await mailsTo(fields.email)).slice(-1);
      await confirm(tokenIn(mail?.text ?? "", "confirm"));
      shown++;
    }
    await refreshSupporters();
    const onPage = await supporters(CAMPAIGN_SLUG);
    const packet = (await shownNames(CAMPAIGN_SLUG)).map(({ name }) => name);
    expect(onPage).toContain("Net");
    expect(packet).toContain("Sara");
    for (const name of [...onPage, ...packet]) expect(name).not.toMatch(/[@/]|\p{L}[.。]\p{L}/u);
    for (const text of [await publicPage(campaignPage), await publicPage(newsFeed)])
      for (const name of ["q.com", "J.Top", "Evil.De", "Dr.Net", "Spam.Io"]) expect(text).not.toContain(name);
  });
});
