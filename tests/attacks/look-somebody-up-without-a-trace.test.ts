import { beforeEach, describe, expect, test } from "vitest";
import { GET as signatoryPage } from "@/app/admin/signatories/[id]/route";
import { POST as search } from "@/app/admin/signatories/route";
import { database } from "@/lib/db/client";
import { useDatabase } from "@/tests/support/application";
import { posted } from "@/tests/support/desk";
import { deskRoute } from "@/tests/support/routes";
import { sessionOf } from "@/tests/support/session";
import { confirmedSigner } from "@/tests/support/signer";

useDatabase();
const { POST: invalidationsForm } = deskRoute("[campaign]/invalidations");
const { POST: paperForm } = deskRoute("[campaign]/paper");

const SUSPECT = { name: "Palwasha Unverwechselbar", email: "palwasha.suspect@example.org" };

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

describe("S12: a curious owner who wants to know whether somebody has signed", () => {
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
    [
      "searches for the address",
      "signatory.search",
      () => search(posted("/admin/signatories", cookie, { find: SUSPECT.email })),
    ],
    [
      "searches for the name",
      "signatory.search",
      () => search(posted("/admin/signatories", cookie, { find: SUSPECT.name })),
    ],
    [
      "opens the signature",
      "signatory.view",
      () =>
        signatoryPage(
          new Request(`http://localhost/admin/signatories/${signer.id}`, { headers: { cookie } }),
          {
            params: Promise.resolve({ id: signer.id }),
          },
        ),
    ],
    [
      "asks for a rule that means the name",
      "invalidation.preview",
      () => invalidationsForm(posted("/admin", cookie, { action: "preview", name: SUSPECT.name })),
    ],
  ];

  test.each(SECURITY_EVENTS)(
    "and %s leaves an entry, which does not say whom",
    async (_, action, attempt) => {
      const before = await log();
      expect((await attempt()).status).toBe(200);
      const added = (await log()).slice(before.length);
      expect(added.map((entry) => entry.action)).toEqual([action]);
      const text = JSON.stringify(added.map(({ detail, subject }) => [detail, subject]));
      for (const secret of [SUSPECT.email, SUSPECT.name, signer.id, "alwasha"])
        expect(text).not.toContain(secret);
    },
  );

  test("the entry of a search is the same whether one person was found or nobody", async () => {
    await search(posted("/admin/signatories", cookie, { find: SUSPECT.email }));
    await search(posted("/admin/signatories", cookie, { find: "nobody@example.org" }));
    const [found, nobody] = (await log()).slice(-2);
    expect(found?.detail).toBe(nobody?.detail);
  });

  test("one paper list after the other counts against the hour, like names", async () => {
    const before = await database().namesOpened.aggregate({ _sum: { names: true } });
    for (const address of ["one@example.org", "two@example.org"])
      await paperForm(sheet(cookie, `Somebody,AF,${address}\n`));
    const after = await database().namesOpened.aggregate({ _sum: { names: true } });
    expect((after._sum.names ?? 0) - (before._sum.names ?? 0)).toBe(2);
  });

  test("what was searched for is kept in the form, and gets into no address", async () => {
    const answer = await search(posted("/admin/signatories", cookie, { find: "nobody@example.org" }));
    const page = await answer.text();
    expect(page).toContain('value="nobody@example.org"');
    expect(page).toContain("Nobody is found");
    expect(page.match(/(?:href|action)="?[^" >]*nobody/g)).toBeNull();
  });
});
