import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { campaignNamed, loadCampaigns } from "@/lib/campaigns";
import { database } from "@/lib/db/client";
import { importCampaign } from "@/lib/editing";
import { answerExport } from "@/lib/export";
import { publicPages } from "@/lib/http/public-pages";
import { settings } from "@/lib/settings";
import { channelCodes, meaningOf } from "@/lib/sharing";
import { heldSignature, withdraw } from "@/lib/signatories";
import { campaignFigures, checkSignatureForm, confirm, sign } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CapturingTransport, tokenIn } from "@/tests/support/capturing-transport";
import { ask, codesIn, drain } from "@/tests/support/sharing";
import { campaignFiles } from "@/tests/support/small-campaign";

useDatabase();
const transport = new CapturingTransport();

const THINGS = ["wells", "roads", "schools", "clinics", "bridges"];
const PEOPLE = ["laila@example.org", "zarghuna@example.org", "amelia@example.org"];
const RUNS = 4;
const STEPS_MAX = 30;

const titleOf = (thing: string) => `More ${thing} for every village`;

/** Each campaign has published once more often than the one before, so that a version tells whose it is. */
beforeAll(async () => {
  for (const [index, thing] of THINGS.entries())
    for (let version = 0; version <= index; version += 1) {
      const files = campaignFiles(thing, { title: titleOf(thing), section: `Report ${version}.` });
      await importCampaign(null, files, new Map(), { publish: true });
    }
  await loadCampaigns();
});

type Deed = "sign" | "confirm" | "withdraw";

/** What one person has done in one campaign. */
type Standing = { kind: "none" } | { kind: "pending" | "confirmed"; token: string };

class Model {
  readonly standings = new Map<string, Standing>();
  readonly signings = new Map<string, number>();

  standing(thing: string, email: string): Standing {
    return this.standings.get(`${thing} ${email}`) ?? { kind: "none" };
  }

  set(thing: string, email: string, standing: Standing): void {
    this.standings.set(`${thing} ${email}`, standing);
  }

  inCampaign(thing: string): { email: string; status: string }[] {
    return PEOPLE.flatMap((email) => {
      const { kind } = this.standing(thing, email);
      return kind === "none" ? [] : [{ email, status: kind }];
    }).sort((one, other) => one.email.localeCompare(other.email));
  }
}

/** Sends all mail. What is new of it must be of this campaign alone. */
async function mailedFor(thing: string): Promise<void> {
  transport.sent.length = 0;
  await drain(transport);
  for (const { subject, text } of transport.sent) {
    expect(subject + text).toContain(titleOf(thing));
    for (const other of THINGS.filter((name) => name !== thing)) {
      expect(subject + text).not.toContain(titleOf(other));
      expect(text).not.toContain(`/${other}`);
    }
  }
}

async function step(model: Model, deed: Deed, thing: string, email: string) {
  const standing = model.standing(thing, email);
  if (deed === "sign") {
    const ref = (await channelCodes(thing, 1))?.poster ?? "";
    const fields = { name: "Zarghuna Kargar", email, country: "AF", consent: "yes", locale: "en", ref };
    const checked = checkSignatureForm(fields);
    if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
    expect(await sign(thing, checked.request)).toEqual({ kind: "pending" });
    await mailedFor(thing);
    if (standing.kind !== "none") return;
    model.set(thing, email, { kind: "pending", token: tokenIn(transport.last(email).text, "confirm") });
    model.signings.set(thing, (model.signings.get(thing) ?? 0) + 1);
  } else if (deed === "confirm" && standing.kind === "pending") {
    expect(await confirm(standing.token)).toMatchObject({ kind: "confirmed", slug: thing });
    await mailedFor(thing);
    model.set(thing, email, { kind: "confirmed", token: tokenIn(transport.last(email).text, "signature") });
  } else if (deed === "withdraw" && standing.kind === "confirmed") {
    expect(await heldSignature(standing.token)).toMatchObject({
      slug: thing,
      email,
      textVersion: campaignNamed(thing)?.version,
    });
    await withdraw(standing.token);
    model.set(thing, email, { kind: "none" });
  }
}

async function page(thing: string): Promise<string> {
  const parameters = { locale: "en", campaign: thing };
  return (await ask("app/(public)/[locale]/[campaign]/route.tsx", parameters, `/en/${thing}`)).text();
}

async function exported(thing: string): Promise<Record<string, unknown>[]> {
  const request = new Request("http://localhost/?format=ndjson&status=all");
  const lines = (await (await answerExport(request, thing, { label: "test" }, async () => {})).text()).split(
    "\n",
  );
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function check(model: Model, thing: string): Promise<void> {
  const people = model.inCampaign(thing);
  const confirmed = people.filter(({ status }) => status === "confirmed").length;
  expect((await campaignFigures(thing))?.count).toBe(confirmed);

  const markup = await page(thing);
  expect(markup).toContain(titleOf(thing));
  expect(markup).toContain(`action="/api/petitions/${thing}/signatures"`);
  for (const other of THINGS.filter((name) => name !== thing)) expect(markup).not.toContain(titleOf(other));
  const stem = meaningOf((await channelCodes(thing, 1))?.link ?? "")?.stem;
  const stems = codesIn(markup).map((code) => meaningOf(code)?.stem);
  expect(stems.length).toBeGreaterThan(0);
  expect(new Set(stems)).toEqual(new Set([stem]));

  const rows = await exported(thing);
  expect(
    rows
      .map(({ email, status }) => ({ email, status }))
      .sort((one, other) => String(one.email).localeCompare(String(other.email))),
  ).toEqual(people);
  for (const { textVersion, ref } of rows) {
    expect(textVersion).toBe(THINGS.indexOf(thing) + 1);
    expect(meaningOf(String(ref))?.stem).toBe(stem);
  }

  const [sums] = await database().$queryRaw<{ signed: number }[]>`
    SELECT coalesce(sum(signed), 0)::int AS signed FROM share_sum JOIN campaign ON campaign.id = campaign_id
    WHERE slug = ${thing} AND kind = 'channel'`;
  expect(sums?.signed).toBe(model.signings.get(thing) ?? 0);
}

test("whoever signs, confirms and withdraws where, no campaign shows anything of another", async () => {
  const deed = fc.constantFrom<Deed>("sign", "sign", "confirm", "confirm", "withdraw");
  const steps = fc.array(fc.tuple(deed, fc.constantFrom(...THINGS), fc.constantFrom(...PEOPLE)), {
    minLength: 10,
    maxLength: STEPS_MAX,
  });
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      await database().$executeRaw`DELETE FROM signature`;
      await database().$executeRaw`DELETE FROM share_sum`;
      await database().$executeRaw`DELETE FROM mail_allowance`;
      const model = new Model();
      for (const [deed, thing, email] of all) await step(model, deed, thing, email);
      publicPages.forget();
      for (const thing of THINGS) await check(model, thing);
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
});

test("the list of open campaigns names each with its own figures, in a language that it has", async () => {
  const list = async (query: string) =>
    (await ask("app/api/petitions/route.ts", {}, `/api/petitions${query}`)).json() as Promise<
      { slug: string; title: string; count: number; goal: number; url: string }[]
    >;
  const { siteUrl } = settings();
  const roads = { slug: "roads", title: titleOf("roads"), goal: 500, url: `${siteUrl}/en/roads` };
  for (const query of ["", "?locale=ps", "?locale=xx"]) {
    const listed = await list(query);
    expect(listed.map(({ slug }) => slug).slice(1)).toEqual(THINGS);
    expect(listed.find(({ slug }) => slug === "roads")).toMatchObject(roads);
    expect(listed[0]?.url).toBe(`${siteUrl}/${query === "?locale=ps" ? "ps" : "en"}/${listed[0]?.slug}`);
    for (const { slug, count } of listed) expect(count, slug).toBe((await campaignFigures(slug))?.count);
  }
  await database().campaign.update({
    where: { slug: "roads" },
    data: { status: "closed", closedAt: new Date() },
  });
  const answer = await ask("app/api/petitions/route.ts", {}, "/api/petitions");
  expect(await answer.text()).not.toContain("roads");
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  expect(answer.headers.get("cache-control")).toMatch(/^public, max-age=10, s-maxage=5,/);
});
