import { readdir } from "node:fs/promises";
import path from "node:path";
import { v7 as uuidv7 } from "uuid";
import { readFolder } from "@/lib/campaign-folders";
import { loadCampaigns } from "@/lib/campaigns";
import { currentConsentTexts } from "@/lib/consent";
import { database } from "@/lib/db/client";
import { importCampaign, slugIn } from "@/lib/editing";

/** The campaigns that ship with the program. */
const SHIPPED = path.resolve("campaigns");

/**
 * Inserts the current consent texts, publishes the shipped campaigns that the database does not have, and loads
 * all campaigns. Safe to repeat: a campaign that is there stays as it was edited. Throws if a consent text was
 * reworded without a new version: what people agreed to is never rewritten.
 */
export async function seed(): Promise<void> {
  for (const { version, locale, text } of currentConsentTexts()) {
    const kept = await database().consentText.upsert({
      where: { version_locale: { version, locale } },
      create: { id: uuidv7(), version, locale, text },
      update: {},
    });
    if (kept.text !== text) {
      throw new Error(
        `The ${locale} consent text differs from version ${version} in the database: give it a new CONSENT_VERSION`,
      );
    }
  }
  await publishFolders(SHIPPED);
  await loadCampaigns();
}

/** Publishes the campaigns in the folders of a folder, but for those whose text the database has. */
export async function publishFolders(parent: string): Promise<void> {
  const entries = await readdir(parent, { withFileTypes: true });
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    const folder = path.join(parent, name);
    const read = await readFolder(folder);
    const slug = read.ok ? slugIn(read.files) : null;
    if (slug !== null && (await database().campaignVersion.count({ where: { campaign: { slug } } })) > 0)
      continue;
    const imported = read.ok
      ? await importCampaign(null, read.files, read.pictures, { publish: true })
      : null;
    if (imported?.kind !== "imported")
      throw new Error(`The campaign in ${folder} cannot be published: npm run campaign -- check ${folder}`);
  }
}
