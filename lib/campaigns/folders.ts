import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { DEFAULT_LOCALE, type Locale } from "@/lib/i18n/locales";
import { perProcess } from "@/lib/per-process";
import { isSlug } from "./slug";
import type { Campaign, CampaignContent } from "./types";

/** Folder of the campaigns. Each has a subfolder, named by its slug, with a `campaign.ts`. */
const FOLDER = "campaigns";
const FILE = "campaign.ts";

/** The file of each campaign, by slug. */
const files = () =>
  perProcess("campaigns/files", () => filesIn(path.join(/* turbopackIgnore: true */ process.cwd(), FOLDER)));
const read = () => perProcess("campaigns/read", () => new Map<string, Campaign>());

function filesIn(folder: string): Map<string, string> {
  const found = readdirSync(folder)
    .sort()
    .map((slug) => [slug, path.join(folder, slug, FILE)] as const)
    .filter(([, file]) => existsSync(file));
  if (found.length === 0) throw new Error(`there is no campaign: no folder in ${folder} holds a ${FILE}`);
  for (const [slug, file] of found)
    if (!isSlug(slug))
      throw new Error(
        `${file}: name the folder by small letters, digits and single hyphens, and by no address of the desk`,
      );
  return new Map(found);
}

/** Adds the campaigns of another folder to those this process knows. */
export function addCampaigns(folder: string): void {
  for (const [slug, file] of filesIn(path.resolve(folder))) files().set(slug, file);
}

/** Returns the slugs of all campaigns, always in the same order. */
export function campaignSlugs(): readonly [string, ...string[]] {
  return [...files().keys()] as [string, ...string[]];
}

/** Returns the slug of the only campaign; null if there are several. */
export function onlyCampaign(): string | null {
  const [first, ...others] = campaignSlugs();
  return others.length === 0 ? first : null;
}

/** Returns a campaign as its folder defines it, or null if there is no such campaign. */
export function campaignNamed(slug: string): Campaign | null {
  const known = read().get(slug);
  if (known) return known;
  const file = files().get(slug);
  if (file === undefined) return null;
  // Loaded by Node.js, not by the bundler: a new folder needs no build.
  const load = process.getBuiltinModule("node:module").createRequire(file);
  const { campaign } = load(file) as { campaign?: Campaign };
  if (!campaign) throw new Error(`${file} must export a campaign by the name "campaign"`);
  read().set(slug, campaign);
  return campaign;
}

/** Returns the campaign's text in a language, or null when there is no such campaign. */
export function contentFor(slug: string, locale: Locale): CampaignContent | null {
  return campaignNamed(slug)?.content[locale] ?? null;
}

/** Returns a campaign's headline in the site's first language, or its slug if it is unknown. */
export function headlineOf(slug: string): string {
  return contentFor(slug, DEFAULT_LOCALE)?.headline ?? slug;
}
