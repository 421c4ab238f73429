import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GET as auditFile } from "@/app/api/admin/audit/route";
import { addAccount, addCampaignAccount, listAccounts, removeAccount } from "@/lib/accounts/accounts";
import { giveCampaignRole, takeCampaignRole } from "@/lib/accounts/campaign-roles";
import { recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import { ACTIONS, type DeskAction } from "@/lib/desk/actions";
import { publishCounts } from "@/lib/disclosure";
import { CAMPAIGN_ROLES, type CampaignRole, type Role } from "@/lib/roles";
import { settings } from "@/lib/settings";
import { refreshCountryFigures } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { addressOf, deskRoute, handlerOf, isOfDesk, type Route, routes } from "@/tests/support/routes";
import { liveSession, memberOf, OWNER, sessionOf } from "@/tests/support/session";
import { confirmedSigner } from "@/tests/support/signer";

useDatabase("in-steps", "all");

const OTHER_SLUG = "clean-water-for-all";
const WRITING = ["translator", "reviewer", "editor"] as const;
const ofDesk = routes.filter(isOfDesk);
const DECLARED = Object.values<DeskAction>(ACTIONS);
const ofCampaign = DECLARED.filter(({ route }) => /\[(?:campaign|slug)\]/.test(route));

type Asked = { slug?: string; fields?: Record<string, string>; id?: string };

/** Asks a route of the desk for a campaign, as a page of ours would. */
async function ask(route: Route, cookie: string, { slug = CAMPAIGN_SLUG, fields, id = "" }: Asked = {}) {
  const params = { campaign: slug, slug, id, entry: id };
  const path = addressOf(route)
    .replace(/^\w+ /, "")
    .replaceAll(/\[(\w+)\]/g, (_, name: keyof typeof params) => params[name]);
  const request = new Request(`${settings().siteUrl}${path}?reason=Handing+over&format=csv&names=yes`, {
    method: route.method,
    headers: { cookie, accept: "text/html", origin: settings().siteUrl, "sec-fetch-site": "same-origin" },
    ...(fields === undefined ? {} : { body: new URLSearchParams(fields) }),
  });
  return (await handlerOf(route))(request, { params: Promise.resolve(params) });
}

function routeTo(address: string): Route {
  const route = ofDesk.find((each) => addressOf(each) === address);
  if (!route) throw new Error(`${address} is gone`);
  return route;
}

const emailOf = async (cookie: string) => (await liveSession(cookie)).actor.label;

beforeEach(async () => {
  await database().$executeRaw`DELETE FROM signature`;
  await publishCounts();
  await refreshCountryFigures();
});

/** Asks the desk all that it can be asked about a signature, but for what would change it, and joins the answers. */
async function everythingTold(
  cookie: string,
  { id, erased, name }: Record<"id" | "erased" | "name", string>,
) {
  const answers: string[] = [];
  for (const route of ofDesk.filter(({ method }) => method === "GET"))
    for (const which of [id, erased]) answers.push(await (await ask(route, cookie, { id: which })).text());
  for (const { route: address, form = "", code } of DECLARED) {
    const route = ofDesk.find((each) => addressOf(each) === address);
    if (route?.method !== "POST" || address.endsWith("sign-out") || code === "own") continue;
    // Whoever may send a form gets back what they typed: that is no answer.
    const fields = { find: name.toLowerCase(), country: "AF", signature: id, action: form };
    answers.push(await (await ask(route, cookie, { id, fields })).text());
  }
  return answers.join("\n");
}

describe.each(WRITING)("a %s", (role) => {
  const callers: [string, () => Promise<string>][] = [
    ["everywhere", () => sessionOf(role)],
    ["in the campaign", () => memberOf(CAMPAIGN_SLUG, role)],
  ];

  test.each(callers)("%s reads no name, at no address and with no form", async (_, calling) => {
    const signer = await confirmedSigner();
    const erased = await recordAudit({
      actor: OWNER,
      action: "signatory.erase",
      signature: signer.id,
      detail: { slug: CAMPAIGN_SLUG, signatures: 1 },
    });
    const asked = { ...signer, erased };
    const told = await everythingTold(await calling(), asked);
    for (const secret of [signer.email, signer.name, "signature is erased"])
      expect(told).not.toContain(secret);
    const toldOwner = await everythingTold(await sessionOf("owner"), asked);
    for (const secret of [signer.email, signer.name, "signature is erased"])
      expect(toldOwner).toContain(secret);
  });

  test.each(callers)("%s sees the figures that a viewer sees", async (_, calling) => {
    await confirmedSigner({ country: "IS" });
    const overview = deskRoute("[campaign]").GET;
    const seenBy = async (cookie: string) => {
      const answer = await overview(
        new Request(`http://localhost/admin/${CAMPAIGN_SLUG}`, { headers: { cookie } }),
      );
      return answer.text();
    };
    expect(await seenBy(await calling())).toBe(await seenBy(await sessionOf("viewer")));
  });
});

describe("a role in one campaign", () => {
  test.each(CAMPAIGN_ROLES)("of %s: no address of another campaign is there", async (role) => {
    const cookie = await memberOf(CAMPAIGN_SLUG, role);
    for (const { route: address, form } of ofCampaign)
      for (const slug of [OTHER_SLUG, "there-is-none"]) {
        const fields = address.startsWith("POST ") ? { fields: { action: form ?? "" } } : {};
        const answer = await ask(routeTo(address), cookie, { slug, ...fields });
        expect(answer.status, `${address} ${form}`).toBe(404);
      }
  });

  test("is lost with the next request of a session that is open", async () => {
    const cookie = await memberOf(CAMPAIGN_SLUG, "exporter");
    const list = routeTo("GET /admin/[campaign]/signatories");
    expect((await ask(list, cookie)).status).toBe(200);
    await giveCampaignRole(await emailOf(cookie), CAMPAIGN_SLUG, "reviewer", OWNER);
    expect((await ask(list, cookie)).status).toBe(403);
    await takeCampaignRole(await emailOf(cookie), CAMPAIGN_SLUG, OWNER);
    expect((await ask(list, cookie)).status).toBe(404);
  });

  test("shows only that campaign in the list and the audit log", async () => {
    const cookie = await memberOf(CAMPAIGN_SLUG, "exporter");
    for (const slug of [CAMPAIGN_SLUG, OTHER_SLUG])
      await recordAudit({
        actor: OWNER,
        action: "campaign.goals",
        detail: { slug, mark: `mark of ${slug}` },
      });
    await recordAudit({ actor: OWNER, action: "mail.stop", detail: {} });
    const get = async (folder: string) => {
      const request = new Request(`http://localhost/admin/${folder}`, { headers: { cookie } });
      return deskRoute(folder).GET(request);
    };
    const list = await get("");
    expect([list.status, list.headers.get("location")]).toEqual([307, `/admin/${CAMPAIGN_SLUG}`]);
    const file = await auditFile(new Request("http://localhost/api/admin/audit", { headers: { cookie } }));
    for (const log of [await (await get("settings/audit")).text(), await file.text()]) {
      expect(log).toContain(`mark of ${CAMPAIGN_SLUG}`);
      for (const hidden of [`mark of ${OTHER_SLUG}`, "mail.stop", "session.begin"])
        expect(log).not.toContain(hidden);
    }
  });

  test("shows nothing of the whole site: no mail, no alarms, no backup", async () => {
    await recordAudit({ actor: OWNER, action: "alarm.names", detail: { names: 500 } });
    const figures = routeTo("GET /api/admin/petitions/[slug]/figures");
    for (const role of ["exporter", "owner"] as const) {
      const told = await (await ask(figures, await memberOf(CAMPAIGN_SLUG, role))).json();
      expect(told).toMatchObject({ kind: "exact", site: null });
      const everywhere = await (await ask(figures, await sessionOf(role))).json();
      expect(everywhere).toMatchObject({ kind: "exact", site: { securityAlarms: [{ names: 500 }] } });
    }
  });

  test.each([
    ["viewer", "exporter"],
    ["exporter", "viewer"],
  ] as const)("of somebody who is %s everywhere adds to that: %s", async (own, there) => {
    const cookie = await sessionOf(own);
    await giveCampaignRole(await emailOf(cookie), CAMPAIGN_SLUG, there);
    const list = routeTo("GET /admin/[campaign]/signatories");
    expect((await ask(list, cookie)).status).toBe(200);
    const elsewhere = (await ask(list, cookie, { slug: OTHER_SLUG })).status;
    expect(elsewhere).toBe(own === "exporter" ? 200 : 403);
  });

  test("opens the receipt of what was done there, and of nothing that was done elsewhere", async () => {
    const receipt = routeTo("GET /admin/[campaign]/receipts/[entry]");
    const cookie = await memberOf(CAMPAIGN_SLUG, "exporter");
    const statusOf = async (slug: string) => {
      const detail = { slug, signatures: 1 };
      const id = await recordAudit({ actor: OWNER, action: "signatory.erase", detail });
      return (await ask(receipt, cookie, { id })).status;
    };
    expect(await statusOf(CAMPAIGN_SLUG)).toBe(200);
    expect(await statusOf(OTHER_SLUG)).toBe(404);
  });
});

describe("giving roles", () => {
  let email: string;
  const heldBy = async () => (await listAccounts()).find((account) => account.email === email);
  const lastEntry = () =>
    database().auditEntry.findFirstOrThrow({
      where: { action: { startsWith: "account." } },
      orderBy: { sequence: "desc" },
    });

  beforeAll(() => {
    email = `helper.${crypto.randomUUID()}@example.org`;
  });

  test("invites somebody for one campaign as a member, with one entry that names it", async () => {
    expect((await addCampaignAccount(email, CAMPAIGN_SLUG, "translator", OWNER)).kind).toBe("invited");
    expect(await heldBy()).toMatchObject({
      role: "member",
      campaignRoles: [{ slug: CAMPAIGN_SLUG, role: "translator" }],
    });
    expect(JSON.parse((await lastEntry()).detail)).toEqual({
      account: email,
      role: "translator",
      slug: CAMPAIGN_SLUG,
    });
    expect((await addCampaignAccount(email, CAMPAIGN_SLUG, "editor", OWNER)).kind).toBe("exists");
    const nowhere = `nobody.${crypto.randomUUID()}@example.org`;
    expect((await addCampaignAccount(nowhere, "there-is-none", "editor", OWNER)).kind).toBe(
      "unknown-campaign",
    );
    expect((await listAccounts()).map((account) => account.email)).not.toContain(nowhere);
  });

  test("replaces the role in a campaign, and records each change with the campaign", async () => {
    expect((await giveCampaignRole(email, CAMPAIGN_SLUG, "reviewer", OWNER)).kind).toBe("given");
    expect((await heldBy())?.campaignRoles).toEqual([{ slug: CAMPAIGN_SLUG, role: "reviewer" }]);
    expect(await lastEntry()).toMatchObject({
      action: "account.role",
      detail: JSON.stringify({ account: email, role: "reviewer", slug: CAMPAIGN_SLUG }),
    });
    expect((await giveCampaignRole(email, "there-is-none", "reviewer")).kind).toBe("unknown-campaign");
    expect((await giveCampaignRole("nobody@example.org", CAMPAIGN_SLUG, "reviewer")).kind).toBe("unknown");
    expect((await takeCampaignRole(email, CAMPAIGN_SLUG, OWNER)).kind).toBe("taken");
    expect(await lastEntry()).toMatchObject({
      action: "account.remove-role",
      detail: JSON.stringify({ account: email, slug: CAMPAIGN_SLUG }),
    });
    expect((await takeCampaignRole(email, CAMPAIGN_SLUG, OWNER)).kind).toBe("none");
  });

  test("ends with the account: who is invited again has none of the roles from before", async () => {
    await giveCampaignRole(email, CAMPAIGN_SLUG, "owner", OWNER);
    await removeAccount(email, OWNER);
    await addAccount(email, "viewer", OWNER);
    expect(await heldBy()).toMatchObject({ role: "viewer", campaignRoles: [] });
  });

  test("never makes somebody a member of a campaign: that is no right", async () => {
    await expect(giveCampaignRole(email, CAMPAIGN_SLUG, "member" as Role as CampaignRole)).rejects.toThrow(
      /admin_campaign_role_has_rights/,
    );
  });
});
