import { beforeEach, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { posted } from "@/tests/support/desk";
import { deskRoute } from "@/tests/support/routes";
import { sessionOf } from "@/tests/support/session";
import { confirmedSigner } from "@/tests/support/signer";

useDatabase();
const { POST: invalidationsForm } = deskRoute("[campaign]/invalidations");
const { POST: paperForm } = deskRoute("[campaign]/paper");

const LIST = `/admin/${CAMPAIGN_SLUG}/signatories`;
const SUSPECT = { name: "Palwasha Unverwechselbar", email: "palwasha.suspect@example.org" };

const search = (cookie: string, find: string) =>
  deskRoute("[campaign]/signatories").POST(posted(LIST, cookie, { find }));
const log = async () => database().auditEntry.findMany({ orderBy: { sequence: "asc" } });

function sheet(cookie: string, rows: string): Request {
  const body = new FormData();
  body.set("file", new File([`name,country,email\n${rows}`], "sheet.csv", { type: "text/csv" }));
  return new Request("http://localhost/admin", {
    method: "POST",
    headers: { cookie, "sec-fetch-site": "same-origin" },
    body,
  });
}

describe("S12: a curious owner who wants to know whether somebody signed", () => {
  let cookie = "";
  let signer = { id: "" };

  beforeEach(async () => {
    await database().$executeRaw`DELETE FROM signature`;
    signer = await confirmedSigner(SUSPECT);
    cookie = await sessionOf("owner");
  });

  const SECURITY_EVENTS: [string, string, () => Promise<Response>][] = [
    [
      "uploads a paper list of one line",
      "paper.draft",
      () => paperForm(sheet(cookie, `Somebody,AF,${SUSPECT.email}\n`)),
    ],
    ["searches for the address", "signatory.search", () => search(cookie, SUSPECT.email)],
    ["searches for the name", "signatory.search", () => search(cookie, SUSPECT.name)],
    [
      "opens the signature",
      "signatory.view",
      () =>
        deskRoute("[campaign]/signatories/[id]").GET(
          new Request(`http://localhost${LIST}/${signer.id}`, { headers: { cookie } }),
        ),
    ],
    [
      "asks for a rule that means the name",
      "invalidation.preview",
      () => invalidationsForm(posted("/admin", cookie, { action: "preview", name: SUSPECT.name })),
    ],
  ];

  test.each(SECURITY_EVENTS)("%s and leaves an entry that names nobody", async (_, action, attempt) => {
    const before = await log();
    expect((await attempt()).status).toBe(200);
    const added = (await log()).slice(before.length);
    expect(added.map((entry) => entry.action)).toEqual([action]);
    const text = JSON.stringify(added.map(({ detail, subject }) => [detail, subject]));
    for (const secret of [SUSPECT.email, SUSPECT.name, signer.id, "alwasha"])
      expect(text).not.toContain(secret);
  });

  test("leaves the same entry whether a search finds one person or nobody", async () => {
    await search(cookie, SUSPECT.email);
    await search(cookie, "nobody@example.org");
    const [found, nobody] = (await log()).slice(-2);
    expect(found?.detail).toBe(nobody?.detail);
  });

  test("uses up the hourly limit of names by drafting paper lists one after another", async () => {
    const before = await database().namesOpened.aggregate({ _sum: { names: true } });
    for (const address of ["one@example.org", "two@example.org"])
      await paperForm(sheet(cookie, `Somebody,AF,${address}\n`));
    const after = await database().namesOpened.aggregate({ _sum: { names: true } });
    expect((after._sum.names ?? 0) - (before._sum.names ?? 0)).toBe(2);
  });

  test("finds the search text in the form and in no address", async () => {
    const answer = await search(cookie, "nobody@example.org");
    expect(answer.headers.get("location")).toBeNull();
    expect(await answer.json()).toMatchObject({
      kind: "found",
      result: { people: [], more: false },
      typed: { find: "nobody@example.org" },
    });
  });
});
