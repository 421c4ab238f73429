import { beforeEach, describe, expect, test } from "vitest";
import { GET as auditFile } from "@/app/api/admin/audit/route";
import { GET as figures } from "@/app/api/admin/petitions/[slug]/figures/route";
import { addToken } from "@/lib/accounts/tokens";
import { checkAudit, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import { publishCounts } from "@/lib/disclosure";
import { erase } from "@/lib/signatories";
import { refreshCountryFigures } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { posted } from "@/tests/support/desk";
import { withinFramework } from "@/tests/support/framework";
import { joinsFrom, signsFrom } from "@/tests/support/networks";
import { deskRoute } from "@/tests/support/routes";
import { OWNER, sessionOf } from "@/tests/support/session";
import { confirmedSigner } from "@/tests/support/signer";

useDatabase("in-steps");

type Caller = Record<string, string>;

/** Asks for the figures of the overview, as the page does every few seconds. */
function json(headers: Caller): Promise<string> {
  const params = Promise.resolve({ slug: CAMPAIGN_SLUG });
  return page(
    (request) => figures(request, { params }),
    headers,
    `/api/admin/petitions/${CAMPAIGN_SLUG}/figures`,
  );
}

/** All that the desk tells somebody of the campaign: the overview, unless they come by token, and its figures. */
async function overview(headers: Caller): Promise<string> {
  const told = await json(headers);
  return "cookie" in headers ? told + (await page(deskRoute("[campaign]").GET, headers)) : told;
}

async function page(
  route: (request: Request) => Promise<Response>,
  headers: Caller,
  path = "/admin",
): Promise<string> {
  await publishCounts();
  await refreshCountryFigures();
  const request = new Request(`http://localhost:3000${path}`, { headers });
  const answer = await withinFramework(request, () => route(request));
  expect(answer.status).toBe(200);
  return answer.text();
}

const asViewer = async (): Promise<Caller> => ({ cookie: await sessionOf("viewer") });

async function asToken(): Promise<Caller> {
  const added = await addToken(`watcher ${crypto.randomUUID()}`, "viewer", 1);
  if (added.kind !== "made") throw new Error(added.kind);
  return { authorization: `Bearer ${added.token}` };
}

beforeEach(async () => {
  await database().$executeRaw`DELETE FROM signature`;
});

const auditLog = deskRoute("settings/audit");

/** The log as CSV, without the entries about reading it. */
async function auditLines(caller: Caller, query = ""): Promise<string[]> {
  const request = new Request(`http://localhost:3000/api/admin/audit${query}`, { headers: caller });
  const lines = (await (await auditFile(request)).text()).split("\r\n");
  return lines.filter((line) => !line.includes("audit.export"));
}

/** All that a caller can read of the log. Tokens do not get the page. */
async function readLog(caller: Caller): Promise<string> {
  const lines = (await auditLines(caller)).join("\n");
  return "cookie" in caller ? `${await page(auditLog.GET, caller)}${lines}` : lines;
}

const OWN_EXPORTS = /<tr>(?:(?!<\/tr>|<tr>).)*audit\.export(?:(?!<\/tr>|<tr>).)*(?:<\/tr>)?/gs;

describe.each([
  ["a viewer", asViewer],
  ["a finder of a viewer's token", asToken],
])("S10: %s who watches the desk hour by hour", (_, calling) => {
  test("sees nothing change when one person from a country of their own signs, confirms and erases", async () => {
    const caller = await calling();
    const before = await overview(caller);
    const { email } = await signsFrom(1, { country: "IS", locale: "ps" });
    expect((await overview(caller)) === before).toBe(true);
    const token = await joinsFrom(2, { country: "IS", locale: "ps" });
    expect((await overview(caller)) === before).toBe(true);
    await erase(token);
    expect((await overview(caller)) === before).toBe(true);
    expect(before).not.toContain(email);
  });

  test("is sent nothing beyond what the page shows", async () => {
    const caller = await calling();
    await recordAudit({
      actor: OWNER,
      action: "export.started",
      detail: { slug: CAMPAIGN_SLUG, format: "csv" },
    });
    const told = JSON.parse(await json(caller)) as Record<string, unknown>;
    expect(Object.keys(told).sort()).toEqual([
      "confirmed",
      "countries",
      "days",
      "exports",
      "goal",
      "hours",
      "kind",
      "pausedUntil",
      "trouble",
    ]);
    for (const bucket of [told.hours, told.days].flat())
      expect(Object.keys(bucket as object).sort()).toEqual(["at", "confirmed"]);
    expect(told.exports).toContainEqual({
      at: expect.any(String),
      who: OWNER.label,
      action: "export.started",
      choices: [{ name: "format", value: "csv" }],
    });
  });

  test("cannot tell from the order of log entries that a look-up found somebody", async () => {
    const caller = await calling();
    const owner = await sessionOf("owner");
    const { email, id } = await confirmedSigner();
    await recordAudit({ actor: OWNER, action: "session.begin", detail: {} });
    const [before, fileBefore] = [await readLog(caller), await auditLines(caller)];
    const list = `/admin/${CAMPAIGN_SLUG}/signatories`;
    const found = await deskRoute("[campaign]/signatories").POST(posted(list, owner, { find: email }));
    expect(await found.text()).toContain(id);
    const signatory = deskRoute("[campaign]/signatories/[id]");
    const opening = new Request(`http://localhost${list}/${id}`, { headers: { cookie: owner } });
    expect((await signatory.GET(opening)).status).toBe(200);
    const erasing = posted(`${list}/${id}`, owner, { action: "erase", signature: id, confirmed: "yes" });
    expect((await signatory.POST(erasing)).status).toBe(303);
    expect(fileBefore.length).toBeGreaterThan(2);
    expect(await auditLines(caller)).toEqual(fileBefore);
    const after = await readLog(caller);
    expect(after.replace(OWN_EXPORTS, "") === before.replace(OWN_EXPORTS, "")).toBe(true);
    // What follows is numbered and hashed as if nothing had been there.
    await recordAudit({ actor: OWNER, action: "campaign.goals", detail: { campaign: CAMPAIGN_SLUG } });
    const [newest = ""] = (await auditLines(caller)).slice(1);
    expect(newest).toMatch(/^,.*,campaign\.goals,.*,$/);
  });

  test("cannot tell from a check of the log how many entries are hidden", async () => {
    const caller = await calling();
    const check = await checkAudit(OWNER);
    const shown = await readLog(caller);
    expect(shown.includes("The chain is whole.")).toBe("cookie" in caller);
    expect(check.ok && shown.includes(check.head)).toBe(false);
    expect(shown).not.toMatch(/[\d,]+ entries/);
  });

  test("cannot probe the positions of entries", async () => {
    const caller = await calling();
    expect(await auditLines(caller, "?before=2")).toEqual(await auditLines(caller, "?before=9999999"));
  });

  test("cannot read in the log how many signatures somebody exported from where", async () => {
    const caller = await calling();
    const detail = { slug: CAMPAIGN_SLUG, format: "csv", filter: { country: "IS" }, rows: 7 };
    await recordAudit({ actor: OWNER, action: "export.finish", detail });
    expect(/\b(?:rows|IS)\b/.test(await overview(caller))).toBe(false);
    expect(/&quot;rows&quot;|&quot;IS&quot;/.test(await readLog(caller))).toBe(false);
  });
});

test("shows exact figures to an exporter, who may open single signatories", async () => {
  await joinsFrom(1, { country: "IS" });
  const cookie = await sessionOf("exporter");
  const seen = await page(deskRoute("[campaign]").GET, { cookie });
  expect(seen.includes('<th scope="row">IS</th><td')).toBe(true);
  expect(JSON.parse(await json({ cookie }))).toMatchObject({ kind: "exact", signed: 1, confirmed: 1 });
});
