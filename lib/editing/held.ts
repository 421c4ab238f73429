import { isSlug } from "@/lib/campaigns";
import { database } from "@/lib/db/client";
import type { CampaignStatus, CampaignVersion, Prisma, VersionState } from "@/lib/db/generated/client";
import { type CampaignFiles, type ReadCampaign, readCampaign, SETTINGS_FILE } from "@/lib/document";
import { lineOfSlug } from "./files";

/** States of the one version that is being worked on. */
export const WORKING_STATES = ["draft", "in_review", "scheduled"] as const satisfies VersionState[];
export type WorkingState = (typeof WORKING_STATES)[number];

/** A campaign whose row the transaction holds. */
export type Held = { id: string; slug: string; status: CampaignStatus; fourEyes: boolean };

export type UnknownCampaign = { kind: "unknown-campaign" };

/**
 * Runs a transaction that holds a campaign's row, so that editors and publishers take turns. Signing, which
 * only refers to the row, does not wait.
 */
export function withCampaign<Result>(
  slug: string,
  work: (transaction: Prisma.TransactionClient, held: Held) => Promise<Result>,
): Promise<Result | UnknownCampaign> {
  return database().$transaction(async (transaction) => {
    const held = isSlug(slug) ? await holdCampaign(slug, transaction) : null;
    return held ? work(transaction, held) : { kind: "unknown-campaign" };
  });
}

/** Locks a campaign's row until the transaction ends; null if there is no such campaign. */
export async function holdCampaign(
  slug: string,
  transaction: Prisma.TransactionClient,
): Promise<Held | null> {
  const [held] = await transaction.$queryRaw<Held[]>`
    SELECT id, slug, status, four_eyes AS "fourEyes" FROM campaign WHERE slug = ${slug} FOR NO KEY UPDATE`;
  return held ?? null;
}

type Reader = Pick<Prisma.TransactionClient, "campaignVersion" | "campaignFile" | "campaignPicture">;

/** Returns the version that is being worked on, or null. */
export function workingVersion(reader: Reader, campaignId: string): Promise<CampaignVersion | null> {
  return reader.campaignVersion.findFirst({ where: { campaignId, state: { in: [...WORKING_STATES] } } });
}

/** Returns the published version, or null. */
export function publishedVersion(reader: Reader, campaignId: string): Promise<CampaignVersion | null> {
  return reader.campaignVersion.findFirst({ where: { campaignId, state: "published" } });
}

/** Returns the files of a version, in the order of their names. */
export async function filesIn(reader: Reader, versionId: string): Promise<CampaignFiles> {
  const files = await reader.campaignFile.findMany({ where: { versionId }, orderBy: { path: "asc" } });
  return new Map(files.map(({ path, text }) => [path, text]));
}

/** Parses a campaign's files. That they are another campaign's is a fault like any other. */
export async function checkFiles(reader: Reader, held: Held, files: CampaignFiles): Promise<ReadCampaign> {
  const pictures = await reader.campaignPicture.findMany({
    where: { campaignId: held.id },
    select: { name: true },
  });
  const read = readCampaign(files, new Set(pictures.map(({ name }) => name)));
  if (!read.ok || read.content.settings.slug === held.slug) return read;
  const message = `slug is ${read.content.settings.slug}: this campaign is ${held.slug}; write slug: ${held.slug}`;
  return { ok: false, faults: [{ file: SETTINGS_FILE, line: lineOfSlug(files), message }] };
}
