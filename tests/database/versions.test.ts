import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { Actor } from "@/lib/audit";
import { readFolder, writeFolder } from "@/lib/campaign-folders";
import { campaignNamed, campaignSlugs, contentFor, loadCampaigns } from "@/lib/campaigns";
import { database } from "@/lib/db/client";
import type { CampaignFiles } from "@/lib/document";
import {
  archiveCampaign,
  closeCampaign,
  createCampaign,
  discardDraft,
  exportCampaign,
  filesOf,
  importCampaign,
  openDraft,
  publish,
  publishDue,
  reopenCampaign,
  returnToDraft,
  saveFiles,
  schedule,
  submit,
  takeBack,
  unarchiveCampaign,
  versionsOf,
} from "@/lib/editing";
import { campaignFigures, checkSignatureForm, countByCountry, sign } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { ask } from "@/tests/support/sharing";
import { campaignFiles } from "@/tests/support/small-campaign";

const held = useDatabase();

const actor = (name: string): Actor => ({
  kind: "account",
  id: crypto.randomUUID(),
  label: `${name}@example.org`,
  role: "owner",
});
const laila = actor("laila");
const zarghuna = actor("zarghuna");
const NO_PICTURES = new Map<string, Uint8Array>();
const IN_AN_HOUR = new Date(Date.now() + 60 * 60 * 1000);

let slug = "";
let made = 0;
beforeEach(() => {
  made += 1;
  slug = `campaign-${made}`;
});

/** Publishes a small campaign under this test's slug. */
async function published(files: CampaignFiles = campaignFiles(slug)): Promise<CampaignFiles> {
  expect(await importCampaign(laila, files, NO_PICTURES, { publish: true })).toMatchObject({ published: 1 });
  return files;
}

/** Replaces a piece of a file of the draft, as an editor does who sees it as it is. */
async function edits(who: Actor, from: string, to: string, file = "en.md") {
  const draft = await openDraft(who, slug);
  if (draft.kind !== "open") throw new Error(draft.kind);
  const was = draft.files.get(file) ?? "";
  expect(was).toContain(from);
  return saveFiles(who, slug, new Map([[file, { was, now: was.replace(from, to) }]]));
}

async function signs(email = "signer@example.org") {
  const fields = { name: "Zarghuna Kargar", email, country: "AF", consent: "yes", locale: "en" };
  const checked = checkSignatureForm(fields);
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return sign(slug, checked.request);
}

const campaign = () => database().campaign.findUniqueOrThrow({ where: { slug } });
const state = async () => (await versionsOf(slug))[0]?.state;
const actions = async () =>
  (
    await database().auditEntry.findMany({
      where: { subject: (await campaign()).id },
      orderBy: { sequence: "asc" },
    })
  ).map(({ action }) => action);

describe("a campaign", () => {
  test("is a draft that nobody knows, until its first version opens it with the goal that it says", async () => {
    expect(await createCampaign(laila, slug)).toEqual({ kind: "created" });
    await loadCampaigns();
    expect(campaignNamed(slug)).toBeNull();
    expect(await signs()).toEqual({ kind: "unknown-campaign" });
    expect([await campaignFigures(slug), await countByCountry(slug)]).toEqual([null, null]);
    for (const file of ["route.ts", "countries/route.ts", "badge.svg/route.ts"])
      expect((await ask(`app/api/petitions/[slug]/${file}`, { slug }, "/")).status, file).toBe(404);

    const files = [...campaignFiles(slug, { goal: 4_321 })];
    const before = await filesOf(slug, "draft");
    const typed = files.map(([file, now]) => [file, { was: before?.get(file) ?? "", now }] as const);
    expect(await saveFiles(laila, slug, new Map(typed))).toMatchObject({ kind: "saved", revision: 2 });
    for (const file of before?.keys() ?? [])
      if (!campaignFiles(slug).has(file))
        await saveFiles(laila, slug, new Map([[file, { was: before?.get(file) ?? "", now: "" }]]));
    expect(await filesOf(slug, "draft")).toEqual(new Map(files));

    expect(await publish(laila, slug, { note: "The first." })).toEqual({ kind: "published", number: 1 });
    expect(await campaign()).toMatchObject({ status: "open", goal: 4_321 });
    await loadCampaigns();
    expect(contentFor(slug, "en")?.title).toBe("Clean water for every village");
    expect(await signs()).toEqual({ kind: "pending" });
    expect(await versionsOf(slug)).toMatchObject([
      { number: 1, state: "published", publisherLabel: laila.label, note: "The first." },
    ]);
    expect(await actions()).toEqual(["campaign.create", "campaign.publish"]);
  });

  test("cannot take a slug that is taken, or an address of the site", async () => {
    expect(await createCampaign(laila, CAMPAIGN_SLUG)).toEqual({ kind: "taken" });
    for (const reserved of ["settings", "sign-in", "privacy", "confirm", "signature", "Not A Slug", ""])
      expect(await createCampaign(laila, reserved), reserved).toEqual({ kind: "reserved" });
    expect(await importCampaign(laila, campaignFiles("settings"), NO_PICTURES)).toMatchObject({
      kind: "faults",
    });
    expect(await createCampaign(laila, slug, "no-such-campaign")).toEqual({ kind: "unknown-campaign" });
    expect(await database().campaign.count({ where: { slug } })).toBe(0);
  });

  test("is cloned with its comments, under its own slug", async () => {
    const files = await published();
    const clone = `${slug}-clone`;
    expect(await createCampaign(zarghuna, clone, slug)).toEqual({ kind: "created" });
    const settings = (await filesOf(clone, "draft"))?.get("campaign.yaml");
    expect(settings).toBe(files.get("campaign.yaml")?.replace(slug, clone));
    expect(await publish(zarghuna, clone)).toEqual({ kind: "published", number: 1 });
  });

  test("is archived once it is closed, which reopening ends", async () => {
    await published();
    expect(await archiveCampaign(laila, slug)).toEqual({ kind: "not-closed" });
    await closeCampaign(laila, slug, { outcome: "partly", texts: new Map() });
    expect(await campaign()).toMatchObject({ status: "closed", outcome: "partly" });
    expect(await archiveCampaign(laila, slug)).toEqual({ kind: "changed" });
    expect(await archiveCampaign(laila, slug)).toEqual({ kind: "unchanged" });
    await loadCampaigns();
    expect([campaignSlugs().includes(slug), campaignNamed(slug)?.archived]).toEqual([false, true]);
    expect(await unarchiveCampaign(laila, slug)).toEqual({ kind: "changed" });
    await archiveCampaign(laila, slug);
    await reopenCampaign(laila, slug);
    expect(await campaign()).toMatchObject({ status: "open", outcome: null, archivedAt: null });
  });

  test("that was never published cannot be closed or opened, and goes with its draft", async () => {
    await createCampaign(laila, slug);
    expect(await closeCampaign(laila, slug)).toEqual({ kind: "not-open" });
    expect(await reopenCampaign(laila, slug)).toBeNull();
    expect(await discardDraft(laila, slug)).toEqual({ kind: "discarded", campaign: "deleted" });
    expect(await database().campaign.count({ where: { slug } })).toBe(0);
    expect(await publish(laila, slug)).toEqual({ kind: "unknown-campaign" });
  });
});

describe("a folder", () => {
  test("that was exported is the one that was imported, to the byte, and importing it changes nothing", async () => {
    const files = await published();
    const folder = await mkdtemp(path.join(tmpdir(), "petition-folder-"));
    try {
      const exported = await exportCampaign(slug);
      if (!exported) throw new Error("nothing was exported");
      expect(exported.files).toEqual(files);
      expect(await writeFolder(folder, exported.files, exported.pictures)).toEqual({ kind: "written" });
      const read = await readFolder(folder);
      if (!read.ok) throw new Error("the folder is not read");
      expect(read).toEqual({ ok: true, ...exported });
      const before = [await versionsOf(slug), await actions()];
      for (const publish of [false, true])
        expect(await importCampaign(laila, read.files, read.pictures, { publish })).toEqual({
          kind: "unchanged",
          slug,
        });
      expect([await versionsOf(slug), await actions()]).toEqual(before);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("that says something new becomes the draft, in the place of one that is there, or is published at once", async () => {
    await published();
    await edits(zarghuna, "ran dry", "fell dry");
    const newer = campaignFiles(slug, { title: "Water for all" });
    expect(await importCampaign(laila, newer, NO_PICTURES)).toEqual({
      kind: "imported",
      slug,
      published: null,
    });
    expect(await filesOf(slug, "draft")).toEqual(newer);
    expect(await importCampaign(laila, newer, NO_PICTURES)).toEqual({ kind: "unchanged", slug });
    expect(await exportCampaign(slug)).toMatchObject({ files: campaignFiles(slug) });
    expect(await importCampaign(laila, newer, NO_PICTURES, { publish: true })).toMatchObject({
      published: 2,
    });
    expect(await filesOf(slug, 2)).toEqual(newer);
    expect(await exportCampaign(slug, 1)).toMatchObject({ files: campaignFiles(slug) });
  });

  test("with faults, or a file that is too large, is refused and leaves nothing", async () => {
    const faulty = new Map([...campaignFiles(slug), ["en.md", "Nothing of it."]]);
    const refused = await importCampaign(laila, faulty, NO_PICTURES, { publish: true });
    expect(refused).toMatchObject({ kind: "faults", faults: [{ file: "en.md" }] });
    const large = new Map([...campaignFiles(slug), ["en.md", "x".repeat(200 * 1024 + 1)]]);
    expect(await importCampaign(laila, large, NO_PICTURES)).toEqual({ kind: "too-large", path: "en.md" });
    expect(await database().campaign.count({ where: { slug } })).toBe(0);
  });
});

describe("a published version", () => {
  test("never changes, whoever asks", async () => {
    await published();
    const { id } = await database().campaignVersion.findFirstOrThrow({ where: { campaign: { slug } } });
    await edits(laila, "ran dry", "fell dry");
    await publish(laila, slug);
    for (const change of [
      `UPDATE campaign_file SET text = 'other' WHERE version_id = '${id}'`,
      `DELETE FROM campaign_file WHERE version_id = '${id}'`,
      `INSERT INTO campaign_file (version_id, path, text) VALUES ('${id}', 'ps.md', 'new')`,
      `UPDATE campaign_version SET number = 7 WHERE id = '${id}'`,
      `UPDATE campaign_version SET state = 'draft' WHERE id = '${id}'`,
      `UPDATE campaign_version SET note = 'other' WHERE id = '${id}'`,
      `DELETE FROM campaign_version WHERE id = '${id}'`,
    ])
      await expect(held.current().query(change), change).rejects.toThrow(/never changes/);
    expect(await filesOf(slug, 1)).toEqual(campaignFiles(slug));
  });

  test("takes the place of the one before, and keeps a goal that only the desk has changed", async () => {
    await published();
    await database().campaign.update({ where: { slug }, data: { goal: 9_000 } });
    await edits(laila, "ran dry", "fell dry");
    expect(await publish(laila, slug)).toEqual({ kind: "published", number: 2 });
    expect((await campaign()).goal).toBe(9_000);
    await edits(laila, "goal: 500", "goal: 700", "campaign.yaml");
    expect(await publish(laila, slug)).toEqual({ kind: "published", number: 3 });
    expect((await campaign()).goal).toBe(700);
    expect((await versionsOf(slug)).map(({ number, state }) => [number, state])).toEqual([
      [3, "published"],
      [2, "superseded"],
      [1, "superseded"],
    ]);
  });

  test("is noted when it calls for something else than what people have signed", async () => {
    await published();
    await edits(laila, "Dig wells now.", "Dig wells at once.");
    await publish(laila, slug);
    await signs();
    await edits(laila, "ran dry", "fell dry");
    await publish(laila, slug);
    await edits(laila, "none is near.[^K1]", "**none** is near.[^K1]");
    await publish(laila, slug);
    await edits(laila, "Dig wells at once.", "Dig wells and clean them.");
    await publish(laila, slug);
    expect((await versionsOf(slug)).map(({ callChanged }) => callChanged)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    await loadCampaigns();
    expect(campaignNamed(slug)?.callBefore).toMatchObject({ version: 4 });
    expect(campaignNamed(slug)?.callBefore?.files.get("en.md")).toContain("Dig wells at once.");
  });

  test("is published by one of two who press at once", async () => {
    await published();
    await edits(laila, "ran dry", "fell dry");
    const outcomes = await Promise.all([laila, zarghuna, laila, zarghuna].map((who) => publish(who, slug)));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual([
      "no-draft",
      "no-draft",
      "no-draft",
      "published",
    ]);
    const taken = await Promise.all([1, 1, 1].map((number) => takeBack(laila, slug, number)));
    expect(taken.map((outcome) => ("number" in outcome ? outcome.number : 0)).sort()).toEqual([3, 4, 5]);
  });

  test("is refused with faults, and with another campaign's slug", async () => {
    await published();
    await edits(laila, "Dig wells now.", "<b>Dig</b> wells now.");
    expect(await publish(laila, slug)).toMatchObject({ kind: "faults", faults: [{ file: "en.md" }] });
    expect(await submit(laila, slug)).toMatchObject({ kind: "faults" });
    expect(await schedule(laila, slug, IN_AN_HOUR)).toMatchObject({ kind: "faults" });
    await discardDraft(laila, slug);
    await edits(laila, `slug: ${slug}`, "slug: another-one", "campaign.yaml");
    expect(await publish(laila, slug)).toMatchObject({
      kind: "faults",
      faults: [{ file: "campaign.yaml", line: 2 }],
    });
  });

  test("is taken back by publishing an older one again, and a draft stays as it is", async () => {
    const first = await published();
    await edits(laila, "ran dry", "fell dry");
    await publish(laila, slug);
    await edits(zarghuna, "fell dry", "went dry");
    await submit(zarghuna, slug);
    const draft = [await filesOf(slug, "draft"), (await versionsOf(slug))[0]];
    expect(await takeBack(laila, slug, 1)).toEqual({ kind: "published", number: 3 });
    expect(await filesOf(slug, 3)).toEqual(first);
    expect([await filesOf(slug, "draft"), (await versionsOf(slug))[0]]).toEqual(draft);
    expect(await takeBack(laila, slug, 3)).toEqual({ kind: "is-published" });
    expect(await takeBack(laila, slug, 9)).toEqual({ kind: "unknown-version" });
    await database().campaign.update({ where: { slug }, data: { fourEyes: true } });
    expect(await publish(zarghuna, slug)).toEqual({ kind: "four-eyes", why: "author" });
  });
});

describe("where two people are asked for", () => {
  beforeEach(async () => {
    await published();
    await database().campaign.update({ where: { slug }, data: { fourEyes: true } });
    await edits(laila, "ran dry", "fell dry");
  });

  test("nobody publishes or schedules what was not handed in, nor what they wrote themselves", async () => {
    const notInReview = { kind: "four-eyes", why: "not-in-review" };
    expect(await publish(zarghuna, slug)).toEqual(notInReview);
    expect(await schedule(zarghuna, slug, IN_AN_HOUR)).toEqual(notInReview);
    expect(await submit(laila, slug)).toEqual({ kind: "submitted" });
    expect(await publish(laila, slug)).toEqual({ kind: "four-eyes", why: "author" });
    expect(await schedule(laila, slug, IN_AN_HOUR)).toEqual({ kind: "four-eyes", why: "author" });
    expect(await publish(zarghuna, slug)).toEqual({ kind: "published", number: 2 });
  });

  test("who changes a word in review is an author, too, and hands it in again", async () => {
    await submit(laila, slug);
    await edits(zarghuna, "fell dry", "went dry");
    expect(await publish(actor("third"), slug)).toEqual({ kind: "four-eyes", why: "not-in-review" });
    await submit(laila, slug);
    expect(await publish(zarghuna, slug)).toEqual({ kind: "four-eyes", why: "author" });
    expect(await publish(actor("third"), slug)).toEqual({ kind: "published", number: 2 });
  });

  test("an import that is to be published waits for the second one", async () => {
    const files = campaignFiles(slug, { title: "Water for all" });
    expect(await importCampaign(laila, files, NO_PICTURES, { publish: true })).toEqual({
      kind: "needs-review",
      slug,
    });
    expect(await filesOf(slug, "draft")).toEqual(files);
  });
});

describe("a scheduled version", () => {
  beforeEach(async () => {
    await published();
    await edits(laila, "ran dry", "fell dry");
  });

  const isDue = () =>
    database()
      .$executeRaw`UPDATE campaign_version SET publish_at = now() - interval '1 second' WHERE state = 'scheduled'`;

  test("is published when its time has come, once, in the name of who scheduled it", async () => {
    expect(await schedule(laila, slug, new Date(Date.now() - 1_000))).toEqual({ kind: "past" });
    expect(await schedule(laila, slug, new Date(Number.NaN))).toEqual({ kind: "past" });
    expect(await schedule(zarghuna, slug, IN_AN_HOUR)).toEqual({ kind: "scheduled" });
    expect(await publishDue()).toBe(0);
    await isDue();
    const outcomes = await Promise.all([publishDue(), publishDue(), publishDue()]);
    expect(outcomes.reduce((sum, number) => sum + number)).toBe(1);
    expect((await versionsOf(slug))[0]).toMatchObject({
      number: 2,
      state: "published",
      publisherLabel: zarghuna.label,
    });
  });

  test("goes into review when it cannot be published by then", async () => {
    await schedule(laila, slug, IN_AN_HOUR);
    await database().campaign.update({ where: { slug }, data: { fourEyes: true } });
    await isDue();
    expect([await publishDue(), await state()]).toEqual([0, "in_review"]);
    await schedule(zarghuna, slug, IN_AN_HOUR);
    await held.current().query(
      `UPDATE campaign_file SET text = 'broken' WHERE path = 'en.md' AND version_id =
        (SELECT version.id FROM campaign_version AS version JOIN campaign ON campaign.id = campaign_id
         WHERE slug = $1 AND version.state = 'scheduled')`,
      [slug],
    );
    await isDue();
    expect([await publishDue(), await state()]).toEqual([0, "in_review"]);
  });

  test("is a draft again once somebody writes on it or takes it back", async () => {
    await schedule(laila, slug, IN_AN_HOUR);
    await edits(laila, "fell dry", "went dry");
    expect((await versionsOf(slug))[0]).toMatchObject({ state: "draft", publishAt: null });
    await schedule(laila, slug, IN_AN_HOUR);
    expect(await returnToDraft(laila, slug)).toEqual({ kind: "returned" });
    expect(await state()).toBe("draft");
  });
});

describe("a draft that several people write on", () => {
  beforeEach(() => published());

  const text = async () => (await filesOf(slug, "draft"))?.get("en.md") ?? "";

  test("keeps what each of them changed, also when nobody had opened it", async () => {
    const was = campaignFiles(slug).get("en.md") ?? "";
    const outcomes = await Promise.all([
      saveFiles(laila, slug, new Map([["en.md", { was, now: was.replace("ran dry", "fell dry") }]])),
      saveFiles(
        zarghuna,
        slug,
        new Map([["en.md", { was, now: was.replace("Nobody counts", "Few count") }]]),
      ),
      saveFiles(laila, slug, new Map([["en.md", { was, now: was.replace("Dig wells", "Drill wells") }]])),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["saved", "saved", "saved"]);
    for (const words of ["fell dry", "Few count", "Drill wells"]) expect(await text()).toContain(words);
    expect((await versionsOf(slug))[0]).toMatchObject({ state: "draft", revision: 4 });
    expect(await database().campaignVersionAuthor.count({ where: { actorId: laila.id } })).toBeGreaterThan(0);
    expect((await actions()).filter((action) => action === "campaign.edit")).toHaveLength(2);
  });

  test("shows both texts where they changed the same line, and saves neither file of that edit", async () => {
    const files = campaignFiles(slug);
    const was = files.get("en.md") ?? "";
    await edits(laila, "ran dry", "fell dry");
    const yours = was.replace("ran dry", "went dry");
    const settings = files.get("campaign.yaml") ?? "";
    const saved = await saveFiles(
      zarghuna,
      slug,
      new Map([
        ["campaign.yaml", { was: settings, now: settings.replace("500", "600") }],
        ["en.md", { was, now: yours }],
      ]),
    );
    expect(saved).toEqual({
      kind: "conflict",
      conflicts: [{ path: "en.md", theirs: was.replace("ran dry", "fell dry"), yours }],
    });
    expect((await filesOf(slug, "draft"))?.get("campaign.yaml")).toBe(settings);
  });

  test("takes an edit with the line ends of a browser, and nothing that says the same", async () => {
    const was = campaignFiles(slug).get("en.md") ?? "";
    const posted = (words: string) => words.replaceAll("\n", "\r\n");
    await edits(laila, "Nobody counts", "Few count");
    const edit = { was: posted(was), now: posted(was.replace("ran dry", "fell dry")) };
    expect(await saveFiles(zarghuna, slug, new Map([["en.md", edit]]))).toMatchObject({ revision: 3 });
    expect(await text()).toBe(was.replace("ran dry", "fell dry").replace("Nobody counts", "Few count"));
    expect(await saveFiles(laila, slug, new Map([["en.md", edit]]))).toMatchObject({ revision: 3 });
  });

  test("keeps faults as they were typed, but no file that is too large or has another name", async () => {
    await edits(laila, "Dig wells now.", "<b>Dig</b>");
    expect(await text()).toContain("<b>Dig</b>");
    const large = new Map([["en.md", { was: await text(), now: "x".repeat(200 * 1024 + 1) }]]);
    expect(await saveFiles(laila, slug, large)).toEqual({ kind: "too-large", path: "en.md" });
    const other = new Map([["../en.md", { was: "", now: "x" }]]);
    expect(await saveFiles(laila, slug, other)).toEqual({ kind: "unknown-file", path: "../en.md" });
    expect(await text()).toContain("<b>Dig</b>");
  });

  test("is given up, and the published text stays", async () => {
    await edits(laila, "ran dry", "fell dry");
    expect(await discardDraft(laila, slug)).toEqual({ kind: "discarded", campaign: "kept" });
    expect(await discardDraft(laila, slug)).toEqual({ kind: "no-draft" });
    expect(await openDraft(laila, slug)).toMatchObject({ kind: "open", files: campaignFiles(slug) });
  });
});
