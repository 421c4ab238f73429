import { beforeEach, describe, expect, test } from "vitest";
import { GET as audit } from "@/app/admin/audit/route";
import { GET as desk } from "@/app/admin/route";
import { recordAudit } from "@/lib/admin";
import { addToken } from "@/lib/admin/tokens";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import { database } from "@/lib/db/client";
import { publishCounts } from "@/lib/disclosure";
import { erase } from "@/lib/signatory";
import { refreshCountryFigures } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { withinFramework } from "@/tests/support/framework";
import { joinsFrom, signsFrom } from "@/tests/support/networks";
import { OWNER, sessionOf } from "@/tests/support/session";

useDatabase("in-steps");

type Caller = Record<string, string>;

async function page(route: typeof desk, headers: Caller): Promise<string> {
  await publishCounts();
  await refreshCountryFigures();
  const request = new Request("http://localhost:3000/admin", { headers });
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

describe.each([
  ["a viewer", asViewer],
  ["whoever finds a token of role viewer", asToken],
])("S10: %s who looks at the desk hour by hour", (_, calling) => {
  test("sees nothing when one person signs, confirms and erases, from a country of their own", async () => {
    const caller = await calling();
    const before = await page(desk, caller);
    const { email } = await signsFrom(1, { country: "IS", locale: "ps" });
    expect((await page(desk, caller)) === before).toBe(true);
    const token = await joinsFrom(2, { country: "IS", locale: "ps" });
    expect((await page(desk, caller)) === before).toBe(true);
    await erase(token);
    expect((await page(desk, caller)) === before).toBe(true);
    expect(before).not.toContain(email);
  });

  test("does not read in the log how many somebody exported from where", async () => {
    const caller = await calling();
    const detail = { slug: CAMPAIGN_SLUG, format: "csv", filter: { country: "IS" }, rows: 7 };
    await recordAudit({ actor: OWNER, action: "export.finish", detail });
    expect(/&quot;rows&quot;|&quot;IS&quot;/.test(await page(desk, caller))).toBe(false);
    expect(/&quot;rows&quot;|&quot;IS&quot;/.test(await page(audit, caller))).toBe(false);
  });
});

test("an exporter, who may open single signatories, sees exact figures", async () => {
  await joinsFrom(1, { country: "IS" });
  const seen = await page(desk, { cookie: await sessionOf("exporter") });
  expect(seen.includes("<th scope=row>IS<td")).toBe(true);
});
