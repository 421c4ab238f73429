import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { loadCampaigns } from "@/lib/campaigns";
import { database } from "@/lib/db/client";
import { importCampaign } from "@/lib/editing";
import { answerExport } from "@/lib/export";
import { draftPaper, importPaper } from "@/lib/paper/paper";
import { heldSignature, signatoryWithHistory } from "@/lib/signatories";
import { confirm } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CapturingTransport, tokenIn } from "@/tests/support/capturing-transport";
import { asFound, OWNER, someReader } from "@/tests/support/session";
import { ask, drain } from "@/tests/support/sharing";
import { campaignFiles } from "@/tests/support/small-campaign";

useDatabase();

const SLUG = "wells";
const OTHER = "roads";
const EMAIL = "zarghuna@example.org";
const transport = new CapturingTransport();

async function publishNext(slug: string, section: string): Promise<void> {
  const imported = await importCampaign(null, campaignFiles(slug, { section }), new Map(), { publish: true });
  if (imported.kind !== "imported") throw new Error(imported.kind);
}

/** The second campaign has a version more, so that a number of the one is none of the other's. */
beforeAll(async () => {
  for (const section of ["Wells ran dry.", "Wells fell dry."]) await publishNext(SLUG, section);
  for (const section of ["No road.", "Few roads.", "Bad roads."]) await publishNext(OTHER, section);
  await loadCampaigns();
});

beforeEach(async () => {
  await database().$executeRaw`DELETE FROM signature`;
  transport.sent.length = 0;
});

async function posts(
  fields: Record<string, unknown>,
  as: "json" | "form" = "form",
  slug = SLUG,
): Promise<number> {
  const all = {
    name: "Zarghuna Kargar",
    email: EMAIL,
    country: "AF",
    consent: "yes",
    locale: "en",
    ...fields,
  };
  const answer = await ask(
    "app/api/petitions/[slug]/signatures/route.tsx",
    { slug },
    `/api/petitions/${slug}/signatures`,
    as === "json"
      ? { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(all) }
      : {
          method: "POST",
          headers: { accept: "text/html" },
          body: new URLSearchParams(
            Object.entries(all).map(([name, value]): [string, string] => [name, String(value)]),
          ),
        },
  );
  return answer.status;
}

const stored = async () => (await database().signature.findFirstOrThrow()).textVersion;

describe("the text version of a signature", () => {
  test.each([
    ["the one that the page showed", { textVersion: 1 }, 1],
    ["the current one if the page names none", {}, 2],
    ["the current one if it was never published", { textVersion: 3 }, 2],
    ["the current one if it is no number", { textVersion: "first" }, 2],
    ["the current one if it is out of all bounds", { textVersion: "99999999999999999999" }, 2],
    ["the current one if it is negative", { textVersion: -1 }, 2],
  ])("is %s", async (_, fields, version) => {
    expect(await posts(fields)).toBe(303);
    expect(await stored()).toBe(version);
  });

  test("may be a number or a text in JSON, or left out", async () => {
    for (const [fields, version] of [
      [{ textVersion: 1 }, 1],
      [{ textVersion: "1" }, 1],
      [{ textVersion: null }, 2],
      [{ textVersion: { number: 1 } }, 2],
      [{}, 2],
    ] as const) {
      await database().$executeRaw`DELETE FROM signature`;
      expect(await posts(fields, "json")).toBe(202);
      expect(await stored(), JSON.stringify(fields)).toBe(version);
    }
  });

  test("is that of its own campaign", async () => {
    await posts({ textVersion: 3 }, "form", OTHER);
    expect(await stored()).toBe(3);
  });

  test("is never one that is still being worked on", async () => {
    await importCampaign(null, campaignFiles(SLUG, { section: "Not yet." }), new Map());
    await posts({ textVersion: 3 });
    expect(await stored()).toBe(2);
  });

  const tokenOf = async () => {
    await drain(transport);
    return tokenIn(transport.last(EMAIL).text, "confirm");
  };

  test("is that of the form that is confirmed", async () => {
    await posts({ textVersion: 1 });
    const first = await tokenOf();
    await posts({ textVersion: 2 });
    const second = await tokenOf();
    expect([first === second, await stored()]).toEqual([false, 1]);
    await confirm(second);
    expect(await stored()).toBe(2);
  });

  test("is that of the first form if its link is the one that is pressed", async () => {
    await posts({ textVersion: 1 });
    const first = await tokenOf();
    await posts({ textVersion: 2 });
    await confirm(first);
    expect(await stored()).toBe(1);
  });

  test("stays that of the first form if the confirmed one names none", async () => {
    await posts({ textVersion: 1 });
    await tokenOf();
    await posts({ name: "Zarghuna K" });
    await confirm(await tokenOf());
    expect(await stored()).toBe(1);
  });

  test("is told in exports, to the signer, and at the desk", async () => {
    await posts({ textVersion: 1 });
    await confirm(await tokenOf());
    const exported = async (format: string) =>
      answerExport(
        new Request(`http://localhost/?format=${format}`),
        SLUG,
        { label: "test" },
        async () => {},
      ).then((answer) => answer.text());
    const [heading = "", row = ""] = (await exported("csv")).split("\r\n");
    expect(heading.endsWith(",ref,textVersion")).toBe(true);
    expect(row.endsWith(",1")).toBe(true);
    expect(JSON.parse(await exported("ndjson"))).toMatchObject({ textVersion: 1 });

    await drain(transport);
    const token = tokenIn(transport.last(EMAIL).text, "signature");
    expect(await heldSignature(token)).toMatchObject({ textVersion: 1 });
    const { id } = await database().signature.findFirstOrThrow();
    const { signatory } = asFound(await signatoryWithHistory(someReader(), SLUG, id));
    expect(signatory.textVersion).toBe(1);
  });

  test("is none for a signature on paper", async () => {
    const sheet = new TextEncoder().encode("name,country\nLaila,AF\n");
    const drafting = await draftPaper(OWNER, SLUG, "sheet.csv", sheet);
    if (!drafting.ok) throw new Error(drafting.refusal);
    await importPaper(OWNER, SLUG, drafting.draft.id);
    expect(await stored()).toBeNull();
  });
});
