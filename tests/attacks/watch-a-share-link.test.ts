import { beforeEach, describe, expect, test } from "vitest";
import { addToken } from "@/lib/accounts/tokens";
import { database } from "@/lib/db/client";
import { channelCodes } from "@/lib/sharing";
import { writeVisits } from "@/lib/sharing/sums";
import { erase } from "@/lib/signatories";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { CapturingTransport } from "@/tests/support/capturing-transport";
import { sessionOf } from "@/tests/support/session";
import { ask, codesIn, drain, joins, opens, signs } from "@/tests/support/sharing";

useDatabase();
const transport = new CapturingTransport();
const SUSPECT = "suspect@example.org";
const INFORMER = { email: "informer@example.org", client: "203.0.113.1" };

/** What the informer sees, again after each thing that the suspect does. */
type Look = () => Promise<string>;

async function ownPage(token: string): Promise<string> {
  const page = await ask(
    "app/(public)/[locale]/signature/[token]/route.tsx",
    { locale: "en", token },
    "/en/signature/x",
  );
  expect(page.status).toBe(200);
  return page.text();
}

async function download(token: string): Promise<string> {
  const answer = await ask("app/api/signature/route.ts", {}, "/api/signature", {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({ token, action: "download" }),
  });
  expect(answer.status).toBe(200);
  return answer.text();
}

async function deskPage(headers: Record<string, string>, query = ""): Promise<string> {
  const page = await ask(
    "app/admin/[campaign]/sharing/page.tsx",
    { campaign: CAMPAIGN_SLUG },
    `/admin/${CAMPAIGN_SLUG}/sharing${query}`,
    { headers },
  );
  expect(page.status).toBe(200);
  return page.text();
}

/** What the desk tells programs of links. */
async function sums(headers: Record<string, string>, query = ""): Promise<string> {
  const answer = await ask(
    "app/api/admin/petitions/[slug]/sharing/route.ts",
    { slug: CAMPAIGN_SLUG },
    `/api/admin/petitions/${CAMPAIGN_SLUG}/sharing${query}`,
    { headers },
  );
  expect(answer.status).toBe(200);
  return answer.text();
}

/** The suspect opens the link, signs, confirms and erases; the informer looks each time and must see the same. */
async function watch(code: string, looks: readonly Look[]): Promise<void> {
  const seen = async () => Promise.all(looks.map((look) => look()));
  const before = await seen();
  await opens(code);
  await writeVisits();
  expect(await seen(), "after the suspect's visit").toEqual(before);
  await signs({ email: SUSPECT, ref: code, client: "198.51.100.1" });
  expect(await seen(), "after the suspect signed").toEqual(before);
  const token = await joins(transport, { email: SUSPECT, ref: code, client: "198.51.100.1" });
  expect(await seen(), "after the suspect confirmed").toEqual(before);
  expect((await erase(token)).kind).toBe("done");
  expect(await seen(), "after the suspect erased").toEqual(before);
}

/** Signs as the informer. @returns the own page's token and a link to share that stands on it. */
async function informerJoins(): Promise<{ token: string; code: string }> {
  const token = await joins(transport, INFORMER);
  const [code = ""] = codesIn(await ownPage(token));
  expect(code).not.toBe("");
  return { token, code };
}

beforeEach(async () => {
  await drain(transport);
  await database().$executeRaw`DELETE FROM signature`;
  await database().$executeRaw`DELETE FROM suppression`;
  await database().$executeRaw`DELETE FROM share_sum`;
  transport.sent.length = 0;
});

describe("S1: an informer who sends one link to one suspect", () => {
  test("learns nothing from his own page or from the download of his own data", async () => {
    const { token, code } = await informerJoins();
    await watch(code, [() => ownPage(token), () => download(token)]);
  });

  test.each(["viewer", "exporter", "owner"] as const)("learns nothing on the desk as %s", async (role) => {
    const { code } = await informerJoins();
    const cookie = await sessionOf(role);
    await watch(code, [
      () => deskPage({ cookie }),
      () => deskPage({ cookie }, `?code=${code}`),
      () => sums({ cookie }),
    ]);
  });

  test("learns nothing with an API token", async () => {
    const { code } = await informerJoins();
    const token = await addToken(`watcher-${crypto.randomUUID()}`, "exporter", 1);
    if (token.kind !== "made") throw new Error(token.kind);
    const authorization = `Bearer ${token.token}`;
    await watch(code, [() => sums({ authorization }), () => sums({ authorization }, `?code=${code}`)]);
  });

  test("learns nothing by adding nine mailboxes of his own to the same link", async () => {
    const { token, code } = await informerJoins();
    for (let place = 0; place < 9; place++)
      await joins(transport, { ...INFORMER, email: `catch-all-${place}@example.org`, ref: code });
    const cookie = await sessionOf("viewer");
    await watch(code, [() => ownPage(token), () => deskPage({ cookie })]);
  });

  test("finds only shared channels beside names in an export, and no links in the audit log", async () => {
    const { code } = await informerJoins();
    await joins(transport, { email: SUSPECT, ref: code });
    const cookie = await sessionOf("exporter");
    for (const columns of ["", "&columns=email,ref"]) {
      const file = await ask(
        "app/api/admin/petitions/[slug]/export/route.ts",
        { slug: CAMPAIGN_SLUG },
        `/api/admin/petitions/${CAMPAIGN_SLUG}/export?format=ndjson&status=all${columns}`,
        { headers: { cookie, accept: "application/json", "sec-fetch-site": "same-origin" } },
      );
      expect(file.status).toBe(200);
      const rows = (await file.text())
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { email: string; ref: string | null });
      // The code of the page that everybody starts from, in this channel: the same for all who share there.
      const shared = Object.values((await channelCodes(CAMPAIGN_SLUG, 1)) ?? {});
      const found = rows.find(({ email }) => email === SUSPECT);
      expect([null, ...shared]).toContain(found?.ref);
    }
    await deskPage({ cookie }, `?code=${code}`);
    const [{ entries = "" } = {}] = await database().$queryRaw<{ entries: string }[]>`
      SELECT coalesce(string_agg(detail || action, ' '), '') AS entries FROM audit_entry`;
    expect(entries).toContain("export");
    expect(entries).not.toContain(code);
  });

  test("cannot turn a site that frames the form into a link of his own", async () => {
    const cookie = await sessionOf("owner");
    const before = await deskPage({ cookie });
    await joins(transport, { email: SUSPECT, origin: "https://for-this-suspect-only.example" });
    expect(await deskPage({ cookie })).toBe(before);
    expect(await database().signature.count({ where: { origin: { not: null } } })).toBe(0);
    expect(await database().shareSum.count()).toBe(0);
  });
});
