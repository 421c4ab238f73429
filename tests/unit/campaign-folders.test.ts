import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { newCampaignFiles, readFolder, writeFolder } from "@/lib/campaign-folders";
import { readCampaign } from "@/lib/document";
import { campaignFiles } from "@/tests/support/campaign-files";

let folder = "";
beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), "petition-campaign-")), "made-up");
});

const PICTURES = new Map([["gate.jpg", new Uint8Array([0xff, 0xd8, 0, 0xff])]]);

describe("a campaign's folder", () => {
  test("is read as it was written, byte for byte", async () => {
    const files = campaignFiles({
      "en.md": `\uFEFF${campaignFiles().get("en.md")?.replaceAll("\n", "\r\n")}`,
    });
    expect(await writeFolder(folder, files, PICTURES)).toEqual({ kind: "written" });
    expect(await readFolder(folder)).toEqual({
      ok: true,
      files: new Map([...files].sort()),
      pictures: PICTURES,
    });
  });

  test("is written over by the same campaign, and never by another or on top of other files", async () => {
    await writeFolder(folder, campaignFiles(), PICTURES);
    expect(await writeFolder(folder, campaignFiles({ "en.md": "new" }), PICTURES)).toEqual({
      kind: "written",
    });
    expect(readFileSync(path.join(folder, "en.md"), "utf8")).toBe("new");
    const other = campaignFiles({ "campaign.yaml": "slug: another\n" });
    expect(await writeFolder(folder, other, PICTURES)).toEqual({ kind: "occupied", file: "campaign.yaml" });
    expect(await writeFolder(folder, campaignFiles(), new Map())).toEqual({
      kind: "occupied",
      file: "pictures/gate.jpg",
    });
    writeFileSync(path.join(folder, "notes.txt"), "mine");
    expect(await writeFolder(folder, campaignFiles(), PICTURES)).toEqual({
      kind: "occupied",
      file: "notes.txt",
    });
  });

  test("may hold names that begin with a dot, and is refused for all others", async () => {
    await writeFolder(folder, campaignFiles(), PICTURES);
    mkdirSync(path.join(folder, ".git"));
    writeFileSync(path.join(folder, ".gitignore"), "");
    expect((await readFolder(folder)).ok).toBe(true);
    writeFileSync(path.join(folder, "notes.txt"), "mine");
    mkdirSync(path.join(folder, "drafts"));
    writeFileSync(path.join(folder, "pictures", "Gate 2.JPG"), "");
    writeFileSync(path.join(folder, "ur.md"), new Uint8Array([0xff, 0xfe, 0x41]));
    const read = await readFolder(folder);
    expect(read.ok || read.faults.map(({ file, message }) => `${file}: ${message}`)).toEqual([
      expect.stringContaining("drafts: this is no part of a campaign"),
      expect.stringContaining("notes.txt: this is no part of a campaign"),
      expect.stringContaining("ur.md: this file is not UTF-8"),
      expect.stringContaining("pictures/Gate 2.JPG: the name of a picture"),
    ]);
  });

  test("that is not there is refused by its name", async () => {
    expect(await readFolder(folder)).toMatchObject({ ok: false, faults: [{ file: folder }] });
  });
});

test("a new campaign's files are free of faults", () => {
  expect(readCampaign(newCampaignFiles("clean-water"))).toMatchObject({
    ok: true,
    content: { settings: { slug: "clean-water" } },
  });
});

test("the example of docs/campaigns.md is free of faults", () => {
  const manual = readFileSync("docs/campaigns.md", "utf8");
  const blockOf = (heading: string) =>
    new RegExp(`## ${heading}\n[\\s\\S]*?\`\`\`(?:yaml|text)\n([\\s\\S]*?)\`\`\``).exec(manual)?.[1] ?? "";
  const files = new Map(["campaign.yaml", "sources.yaml", "en.md"].map((name) => [name, blockOf(name)]));
  expect(readCampaign(files, new Set(["well.jpg"]))).toMatchObject({
    ok: true,
    content: { settings: { slug: "clean-water" } },
  });
});
