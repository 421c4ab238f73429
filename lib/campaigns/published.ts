import { setTimeout as sleep } from "node:timers/promises";
import { listen } from "@/lib/announcements";
import { database } from "@/lib/db/client";
import { troubleOf } from "@/lib/db/trouble";
import {
  type CampaignContent,
  type CampaignDocument,
  type CampaignFiles,
  readCampaign,
} from "@/lib/document";
import { DEFAULT_LOCALE, type Locale } from "@/lib/i18n/locales";
import { log } from "@/lib/log";
import { perProcess } from "@/lib/per-process";

/** How long to wait before a process that starts without its database looks for campaigns again, in milliseconds. */
const LOAD_AGAIN_MILLISECONDS = 1_000;

/** A campaign as it was last published. */
export type PublishedCampaign = CampaignContent & {
  id: string;
  slug: string;
  /** Number of the published version. */
  version: number;
  publishedAt: Date;
  archived: boolean;
  /** The last version whose call said something else; null if people always signed this call. */
  callBefore: { version: number; changedAt: Date; files: CampaignFiles } | null;
};

/** The published campaigns by slug, oldest first, as this process last read them. */
const published = perProcess("campaigns/published", () => ({
  campaigns: new Map<string, PublishedCampaign>(),
}));

/** Returns the slugs of the campaigns that were published, always in the same order. Leaves out archived ones. */
export function campaignSlugs(): readonly string[] {
  return [...published.campaigns.values()].flatMap(({ slug, archived }) => (archived ? [] : [slug]));
}

/** Returns the slug of the only campaign; null if there are several or none. */
export function onlyCampaign(): string | null {
  const [first, ...others] = campaignSlugs();
  return first === undefined || others.length > 0 ? null : first;
}

/** Returns a campaign as it was last published, or null if there is no such campaign. */
export function campaignNamed(slug: string): PublishedCampaign | null {
  return published.campaigns.get(slug) ?? null;
}

/** Returns a campaign's text in a language, or null when the campaign does not exist in it. */
export function contentFor(slug: string, locale: Locale): CampaignDocument | null {
  return campaignNamed(slug)?.documents.get(locale) ?? null;
}

/** Returns a campaign's headline in its first language, or its slug if it is unknown. */
export function headlineOf(slug: string): string {
  const campaign = campaignNamed(slug);
  return (campaign && contentFor(slug, campaign.settings.languages[0])?.title) ?? slug;
}

/** Puts campaigns in the place of those that this process knows. */
export function setCampaigns(campaigns: readonly PublishedCampaign[]): void {
  published.campaigns = new Map(campaigns.map((campaign) => [campaign.slug, campaign]));
}

/** Reads the published campaigns from the database. Every process does so once before it answers anything. */
export async function loadCampaigns(): Promise<void> {
  const versions = await database().$queryRaw<VersionRow[]>`
    SELECT campaign.id, campaign.slug, campaign.archived_at IS NOT NULL AS archived, version.number AS version,
      version.published_at AS "publishedAt", version.id AS "versionId", earlier.id AS "beforeId",
      earlier.number AS before, changed.published_at AS "changedAt"
    FROM campaign
    JOIN campaign_version AS version ON version.campaign_id = campaign.id AND version.state = 'published'
    LEFT JOIN LATERAL (
      SELECT number, published_at FROM campaign_version
      WHERE campaign_id = campaign.id AND call_changed AND number <= version.number ORDER BY number DESC LIMIT 1
    ) AS changed ON true
    LEFT JOIN campaign_version AS earlier
      ON earlier.campaign_id = campaign.id AND earlier.number = changed.number - 1
    ORDER BY campaign.created_at, campaign.id`;
  const ids = versions.flatMap(({ versionId, beforeId }) => (beforeId ? [versionId, beforeId] : [versionId]));
  const files = Map.groupBy(
    await database().campaignFile.findMany({ where: { versionId: { in: ids } } }),
    (file) => file.versionId,
  );
  const filesOf = (id: string): CampaignFiles =>
    new Map((files.get(id) ?? []).map(({ path, text }) => [path, text]));
  setCampaigns(versions.flatMap((row) => publishedFrom(row, filesOf)));
}

type VersionRow = {
  id: string;
  slug: string;
  archived: boolean;
  version: number;
  publishedAt: Date;
  versionId: string;
  beforeId: string | null;
  before: number | null;
  changedAt: Date | null;
};

function publishedFrom(row: VersionRow, filesOf: (id: string) => CampaignFiles): PublishedCampaign[] {
  const { id, slug, archived, version, publishedAt, versionId, beforeId, before, changedAt } = row;
  const known = campaignNamed(slug);
  const read = known?.version === version ? null : readCampaign(filesOf(versionId));
  if (read?.ok === false) {
    // A version is checked before it is published: only an older program could have let this one through.
    log.error("a published campaign cannot be read", new Error(read.faults[0]?.message), { slug, version });
    return known ? [known] : [];
  }
  const content = read?.content ?? known;
  if (!content) return [];
  const callBefore =
    beforeId === null || before === null || changedAt === null
      ? null
      : { version: before, changedAt, files: filesOf(beforeId) };
  return [{ ...content, id, slug, version, publishedAt, archived, callBefore }];
}

/** Reads the campaigns again whenever one is published, closed or archived, until the signal aborts. */
export function followCampaigns(signal: AbortSignal, changed: () => void = () => {}): Promise<void> {
  // One after the other, so that what was read first is never what stays.
  let reading = Promise.resolve();
  return listen(
    "campaigns",
    () => {
      reading = reading
        .then(loadCampaigns)
        .then(changed)
        .catch((error: unknown) => log.error("the campaigns were not read again", error));
    },
    signal,
  );
}

/** Loads the campaigns. Tries again every second while the database is out of reach, until the signal aborts. */
export async function awaitCampaigns(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      return await loadCampaigns();
    } catch (error) {
      if (troubleOf(error) === null) throw error;
      log.error("the campaigns were not read, trying again", error);
      await sleep(LOAD_AGAIN_MILLISECONDS, undefined, { signal }).catch(() => {});
    }
  }
}

/** The language in which a campaign is shown to readers of another one. */
export function firstLanguageOf(slug: string): Locale {
  return campaignNamed(slug)?.settings.languages[0] ?? DEFAULT_LOCALE;
}
