import { beforeAll, describe, expect, test } from "vitest";
import { GET as exportFile } from "@/app/api/admin/petitions/[slug]/export/route";
import { addAccount, removeAccount } from "@/lib/accounts/accounts";
import { actorOfToken, addToken } from "@/lib/accounts/tokens";
import { database } from "@/lib/db/client";
import { startInvalidation } from "@/lib/moderation/invalidation";
import { draftPaper } from "@/lib/paper/paper";
import { NAMES_AN_HOUR, NAMES_AN_HOUR_WITH_CODE } from "@/lib/signatories/names-opened";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { posted, sessionOf as sessionOfAccount } from "@/tests/support/desk";
import { deskRoute } from "@/tests/support/routes";
import { liveSession, OWNER, sessionOf, withOldCode } from "@/tests/support/session";
import { confirmedSigner } from "@/tests/support/signer";

useDatabase();

const { GET: access, POST: accessForm } = deskRoute("settings/team");
const { POST: campaignForm } = deskRoute("[campaign]/settings");
const { POST: newsForm } = deskRoute("[campaign]/news");
const { POST: exportsForm } = deskRoute("[campaign]/exports");
const { POST: invalidationForm } = deskRoute("[campaign]/invalidations");
const { POST: limitsForm } = deskRoute("[campaign]/limits");
const { GET: desk, POST: mailForm } = deskRoute("[campaign]");
const { POST: paperForm } = deskRoute("[campaign]/paper");
const { POST: reviewForm } = deskRoute("[campaign]/review");
const { GET: signatoryPage, POST: signatoryForm } = deskRoute("[campaign]/signatories/[id]");
const { GET: signatories, POST: signatoriesForm } = deskRoute("[campaign]/signatories");

const DESK = `/admin/${CAMPAIGN_SLUG}`;

/** An owner's cookie, stolen from a browser in which the last code was given three hours ago. */
async function stolen(): Promise<string> {
  const cookie = await withOldCode(await sessionOf("owner"));
  await database().$executeRaw`
    UPDATE admin_session SET second_factor_at = now() - interval '3 hours'
    WHERE id = ${(await liveSession(cookie)).sessionId}::uuid`;
  return cookie;
}

const looked = (path: string, cookie: string) =>
  new Request(`http://localhost${path}`, { headers: { cookie } });
const namesIn = (page: string) =>
  page.match(/href="?\/admin\/[a-z-]+\/signatories\/[0-9a-f-]{36}/g)?.length ?? 0;
const alarms = async (cookie: string) => (await desk(looked(DESK, cookie))).text();

/** A digest of what a thief would change. */
async function all(): Promise<string> {
  const [row] = await database().$queryRaw<{ digest: string }[]>`
    SELECT md5(concat(
      (SELECT string_agg(signature::text, '|' ORDER BY id) FROM signature),
      (SELECT string_agg(campaign::text, '|' ORDER BY id) FROM campaign),
      (SELECT string_agg(campaign_text::text, '|') FROM campaign_text),
      (SELECT string_agg(campaign_update::text, '|') FROM campaign_update),
      (SELECT string_agg(mail::text, '|' ORDER BY id) FROM mail),
      (SELECT string_agg(abuse_list_entry::text, '|' ORDER BY id) FROM abuse_list_entry),
      (SELECT string_agg(abuse_policy::text, '|') FROM abuse_policy),
      (SELECT string_agg(invalidation_job::text, '|' ORDER BY id) FROM invalidation_job),
      (SELECT string_agg(review_group::text, '|' ORDER BY id) FROM review_group),
      (SELECT string_agg(export_settings::text, '|' ORDER BY id) FROM export_settings),
      (SELECT string_agg(paper_import::text, '|' ORDER BY id) FROM paper_import),
      (SELECT string_agg(email || role::text, '|' ORDER BY id) FROM admin_account WHERE email LIKE 'thief%')
    )) AS digest`;
  return row?.digest ?? "";
}

describe("S5: a thief with a session whose last code is three hours old", () => {
  const signer = { id: "" };
  const paper = { id: "" };
  const job = { id: "" };

  beforeAll(async () => {
    signer.id = (await confirmedSigner()).id;
    await database().$executeRaw`UPDATE signature SET mail_requested_at = now() - interval '2 hours'`;
    const sheet = new TextEncoder().encode("name,country\nNur Jan,AF\n");
    const drafting = await draftPaper(OWNER, CAMPAIGN_SLUG, "sheet.csv", sheet);
    if (drafting.ok) paper.id = drafting.draft.id;
    job.id = await startInvalidation(OWNER, CAMPAIGN_SLUG, { country: "IS" }, "made by a machine");
  });

  const onSignatory = (fields: Record<string, string>) => (cookie: string) =>
    signatoryForm(posted(`${DESK}/signatories/${signer.id}`, cookie, { ...fields, signature: signer.id }));
  const onMany = (action: string) => (cookie: string) =>
    signatoriesForm(
      posted(`${DESK}/signatories`, cookie, { action, [`id.${signer.id}`]: "yes", confirmed: "yes" }),
    );
  const onRule = (fields: Record<string, string>) => (cookie: string) =>
    invalidationForm(posted(`${DESK}/invalidations`, cookie, fields));
  const onLimits = (fields: Record<string, string>) => (cookie: string) =>
    limitsForm(posted(`${DESK}/limits`, cookie, fields));
  const onReview = (fields: Record<string, string>) => (cookie: string) =>
    reviewForm(posted(`${DESK}/review`, cookie, fields));
  const onCampaign = (fields: Record<string, string>) => (cookie: string) =>
    campaignForm(posted(`${DESK}/settings`, cookie, { confirmed: "yes", ...fields }));

  const SECURITY_EVENTS: [string, (cookie: string) => Promise<Response>][] = [
    ["erase somebody", onSignatory({ action: "erase", confirmed: "yes" })],
    ["withdraw somebody", onSignatory({ action: "withdraw", confirmed: "yes" })],
    ["have somebody mailed", onSignatory({ action: "resend" })],
    ["withdraw many in one go", onMany("withdraw")],
    ["have many mailed", onMany("resend")],
    [
      "learn by marking whether somebody signed",
      onRule({ action: "start", name: "Laila Ahmadi", reason: "made by a machine" }),
    ],
    ["stop a marking", (cookie) => onRule({ action: "cancel", job: job.id })(cookie)],
    ["take a marking back", (cookie) => onRule({ action: "undo", job: job.id })(cookie)],
    ["mark somebody invalid", onSignatory({ action: "invalid", reason: "made by a machine" })],
    ["have somebody count again", onSignatory({ action: "restore" })],
    [
      "mark many invalid",
      (cookie) =>
        signatoriesForm(
          posted(`${DESK}/signatories`, cookie, {
            action: "invalid",
            reason: "made by a machine",
            [`id.${signer.id}`]: "yes",
          }),
        ),
    ],
    [
      "take back what was done with many",
      (cookie) =>
        signatoriesForm(posted(`${DESK}/signatories`, cookie, { action: "undo", job: crypto.randomUUID() })),
    ],
    ["let a group of fakes pass", onReview({ group: crypto.randomUUID() })],
    ["have somebody count who is held", onReview({ action: "release", signature: crypto.randomUUID() })],
    ["put somebody aside who is held", onReview({ action: "discard", signature: crypto.randomUUID() })],
    [
      "shut a named person out silently",
      onLimits({ action: "add", verdict: "block", subject: "laila@example.org", note: "" }),
    ],
    ["take somebody off a list", onLimits({ action: "remove", entry: crypto.randomUUID() })],
    ["stop all signing by a limit", onLimits({ action: "set", networkPerMinute: "1" })],
    [
      "change what somebody exports",
      (cookie) =>
        exportsForm(
          posted(`${DESK}/exports`, cookie, {
            action: "save",
            name: "Weekly",
            format: "csv",
            status: "all",
            "column.id": "yes",
          }),
        ),
    ],
    ["close the campaign", onCampaign({ action: "close" })],
    [
      "publish news",
      (cookie) =>
        newsForm(
          posted(`${DESK}/news`, cookie, {
            action: "news",
            locale: "en",
            title: "We give up",
            text: "It is over.",
          }),
        ),
    ],
    ["change what people share", onCampaign({ action: "texts", locale: "en", "text.sms": "Do not sign" })],
    ["change the goal", onCampaign({ action: "goals", goal: "10", nextGoals: "" })],
    [
      "let another site post the form",
      onCampaign({ action: "origins", framedBy: "listed", origins: "https://evil.example" }),
    ],
    [
      "import made-up signatures",
      (cookie) => paperForm(posted(`${DESK}/paper`, cookie, { action: "import", draft: paper.id })),
    ],
    [
      "invite themselves",
      (cookie) =>
        accessForm(
          posted("/admin/settings/team", cookie, {
            action: "add",
            email: "thief@example.org",
            role: "owner",
          }),
        ),
    ],
    [
      "make themselves a token",
      (cookie) =>
        accessForm(
          posted("/admin/settings/team", cookie, {
            action: "add-token",
            token: "thief",
            role: "exporter",
            days: "366",
          }),
        ),
    ],
    ["have mail sent again", (cookie) => mailForm(posted(DESK, cookie, { action: "retry", reason: "x" }))],
  ];

  test.each(SECURITY_EVENTS)("cannot %s without a code", async (_, attempt) => {
    const cookie = await stolen();
    const [before, tokens] = [await all(), await database().apiToken.count()];
    const answer = await attempt(cookie);
    expect([answer.status, /id="?[^" ]*code"?/.test(await answer.text())]).toEqual([422, true]);
    expect(await all()).toBe(before);
    expect(await database().apiToken.count()).toBe(tokens);
  });

  test("cannot list five hundred names on one page or download the full file", async () => {
    const cookie = await stolen();
    const page = await signatories(looked(`${DESK}/signatories?show=500`, cookie));
    expect([page.status, namesIn(await page.text())]).toEqual([422, 0]);
    const request = looked(`/api/admin/petitions/${CAMPAIGN_SLUG}/export?format=csv`, cookie);
    const file = await exportFile(request, { params: Promise.resolve({ slug: CAMPAIGN_SLUG }) });
    expect(file.status).toBe(403);
  });
});

describe("S5: a thief who marks signatures to learn who signed", () => {
  test("pays for each answer with a name of the hourly limit", async () => {
    const cookie = await sessionOf("owner");
    const { actor } = await liveSession(cookie);
    await database().$executeRaw`
      INSERT INTO names_opened (actor_id, minute, names)
      VALUES (${actor.id}::uuid, date_trunc('minute', now()), ${NAMES_AN_HOUR_WITH_CODE - 1})`;
    const asked = () =>
      invalidationForm(
        posted(`${DESK}/invalidations`, cookie, {
          action: "start",
          name: "Laila Ahmadi",
          reason: "made by a machine",
        }),
      );
    expect((await asked()).status).toBe(303);
    const refused = await asked();
    expect([refused.status, await refused.text()]).toEqual([410, expect.stringContaining("as many names")]);
  });
});

describe("S5: an administrator who expects to be removed", () => {
  test("can make a token, which ends with their account", async () => {
    const [cookie, other] = [await sessionOf("owner"), await sessionOf("owner")];
    const { actor } = await liveSession(cookie);
    const name = crypto.randomUUID();
    const made = await addToken(name, "exporter", 366, actor);
    if (made.kind !== "made") throw new Error(made.kind);
    const exported = async () => {
      const request = new Request(`http://localhost/api/admin/petitions/${CAMPAIGN_SLUG}/export?format=csv`, {
        headers: { authorization: `Bearer ${made.token}` },
      });
      const answer = await exportFile(request, { params: Promise.resolve({ slug: CAMPAIGN_SLUG }) });
      await answer.text();
      return answer.status;
    };
    expect(await exported()).toBe(200);
    expect(await (await access(looked("/admin/settings/team", other))).text()).toContain(
      `<td>${actor.label}`,
    );
    const removing = { action: "remove", email: actor.label, confirmed: "yes" };
    expect((await accessForm(posted("/admin/settings/team", other, removing))).status).toBe(303);
    expect(await exported()).toBe(401);
    const entry = await database().auditEntry.findFirstOrThrow({
      where: { action: "account.remove", subject: actor.id },
    });
    expect(JSON.parse(entry.detail)).toMatchObject({ tokens: [name] });
  });

  test("cannot get a token past the removal by requesting it at the same moment", async () => {
    const cookie = await sessionOf("exporter");
    const { actor } = await liveSession(cookie);
    await removeAccount(actor.label);
    const late = await addToken(crypto.randomUUID(), "exporter", 366, actor);
    if (late.kind !== "made") throw new Error(late.kind);
    expect(await actorOfToken(late.token)).toBeNull();
    await addAccount(actor.label, "viewer");
    expect(await actorOfToken(late.token)).toBeNull();
  });
});

describe("S5: a thief who scrapes names page by page", () => {
  beforeAll(async () => {
    await confirmedSigner();
    // Each of another mailbox, and of the same name: what a page shows of them is all the same.
    await database().$executeRaw`DELETE FROM names_opened`;
    for (let signers = 0; signers < 60; signers++) await confirmedSigner();
  });

  test("gets four pages an hour before a code is asked for, however many requests run at once", async () => {
    const cookie = await stolen();
    const { actor } = await liveSession(cookie);
    const account = { id: actor.id, email: actor.label, role: actor.role, secret: "", recoveryCodes: [] };
    const second = await withOldCode((await sessionOfAccount(account)).cookie);
    const pages = await Promise.all(
      Array.from({ length: 12 }, (_, turn) =>
        signatories(looked(`${DESK}/signatories`, turn % 2 === 0 ? cookie : second)),
      ),
    );
    const names = (await Promise.all(pages.map((page) => page.text()))).reduce(
      (sum, page) => sum + namesIn(page),
      0,
    );
    expect(names).toBeGreaterThan(0);
    expect(names).toBeLessThanOrEqual(NAMES_AN_HOUR);
    expect(pages.some(({ status }) => status === 422)).toBe(true);
    expect(await alarms(await sessionOf("owner"))).toContain(`${actor.label} asked for more than`);
  });

  test("cannot go on one by one, by search or by page", async () => {
    const cookie = await stolen();
    const { actor } = await liveSession(cookie);
    const signer = await confirmedSigner();
    await database().$executeRaw`
      INSERT INTO names_opened (actor_id, minute, names)
      VALUES (${actor.id}::uuid, date_trunc('minute', now() - interval '59 minutes'), ${NAMES_AN_HOUR})`;
    const opened = await signatoryPage(looked(`${DESK}/signatories/${signer.id}`, cookie));
    const found = await signatoriesForm(posted(`${DESK}/signatories`, cookie, { find: signer.email }));
    const nobody = await signatoriesForm(
      posted(`${DESK}/signatories`, cookie, { find: "nobody@example.org" }),
    );
    for (const answer of [opened, found, nobody]) expect(answer.status).toBe(422);
    expect(await opened.text()).toContain(`You have opened ${NAMES_AN_HOUR} names`);
    expect(await found.text()).not.toContain(signer.id);
  });

  test("gets at most two thousand names with a code", async () => {
    const cookie = await sessionOf("owner");
    const { actor } = await liveSession(cookie);
    await database().$executeRaw`
      INSERT INTO names_opened (actor_id, minute, names)
      VALUES (${actor.id}::uuid, date_trunc('minute', now()), ${NAMES_AN_HOUR_WITH_CODE})`;
    const answer = await signatories(looked(`${DESK}/signatories`, cookie));
    expect([answer.status, namesIn(await answer.text())]).toEqual([429, 0]);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});
