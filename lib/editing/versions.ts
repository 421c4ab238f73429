import { database } from "@/lib/db/client";
import type { CampaignStatus, VersionState } from "@/lib/db/generated/client";
import type { CampaignFiles } from "@/lib/document";
import { filesIn, workingVersion } from "./held";

/** A campaign as lists name it. */
export type ListedCampaign = {
  slug: string;
  status: CampaignStatus;
  archived: boolean;
  /** Number of the published version; null if there was none yet. */
  number: number | null;
  /** State of the version that is being worked on; null if there is none. */
  working: VersionState | null;
};

/** Returns all campaigns, drafts and archived ones included, oldest first. */
export function campaignList(): Promise<ListedCampaign[]> {
  return database().$queryRaw<ListedCampaign[]>`
    SELECT campaign.slug, campaign.status, campaign.archived_at IS NOT NULL AS archived, published.number,
      working.state AS working
    FROM campaign
    LEFT JOIN campaign_version AS published ON published.campaign_id = campaign.id AND published.state = 'published'
    LEFT JOIN campaign_version AS working
      ON working.campaign_id = campaign.id AND working.state IN ('draft', 'in_review', 'scheduled')
    ORDER BY campaign.created_at, campaign.id`;
}

/** What is known of a version, without its files. */
export type Version = {
  /** Null while it is worked on. */
  number: number | null;
  state: VersionState;
  revision: number;
  /** Who changed it last. */
  authorLabel: string;
  changedAt: Date;
  submittedAt: Date | null;
  publishAt: Date | null;
  schedulerLabel: string | null;
  publishedAt: Date | null;
  publisherLabel: string | null;
  callChanged: boolean;
  /** Whether people who signed an earlier call are to be told; null where that was no question. */
  tellSigners: boolean | null;
  note: string;
  /** Why it was returned to those who wrote it, and by whom. */
  remark: string;
  returnedBy: string | null;
};

/** Returns the versions of a campaign: the one that is being worked on, then the published ones, newest first. */
export async function versionsOf(slug: string): Promise<Version[]> {
  return database().campaignVersion.findMany({
    where: { campaign: { slug } },
    select: {
      number: true,
      state: true,
      revision: true,
      authorLabel: true,
      changedAt: true,
      submittedAt: true,
      publishAt: true,
      schedulerLabel: true,
      publishedAt: true,
      publisherLabel: true,
      callChanged: true,
      tellSigners: true,
      note: true,
      remark: true,
      returnedBy: true,
    },
    orderBy: { number: { sort: "desc", nulls: "first" } },
  });
}

/** A campaign's text as it is worked on. */
export type WorkingText = {
  /** The draft, or the published version if there is none. */
  version: Version;
  /** The number of the draft's last change; 0 without a draft. */
  revision: number;
  files: CampaignFiles;
  /** All versions, as `versionsOf` returns them. */
  versions: readonly Version[];
};

/** Returns the text that a campaign's editors and translators see; null if the campaign has none. */
export async function workingText(slug: string): Promise<WorkingText | null> {
  const versions = await versionsOf(slug);
  const version =
    versions.find(({ number }) => number === null) ?? versions.find(({ state }) => state === "published");
  const files = version ? await filesOf(slug, version.number ?? "draft") : null;
  if (!version || !files) return null;
  return { version, revision: version.number === null ? version.revision : 0, files, versions };
}

/** Returns the files of the draft, or of the version with a number; null if there is no such version. */
export async function filesOf(slug: string, which: "draft" | number): Promise<CampaignFiles | null> {
  const campaign = await database().campaign.findUnique({ where: { slug }, select: { id: true } });
  if (!campaign) return null;
  const version =
    which === "draft"
      ? await workingVersion(database(), campaign.id)
      : await database().campaignVersion.findUnique({
          where: { campaignId_number: { campaignId: campaign.id, number: which } },
        });
  return version && filesIn(database(), version.id);
}
