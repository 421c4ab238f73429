import { randomInt } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { type Actor, recordAudit } from "@/lib/audit";
import { newCampaignFiles } from "@/lib/campaign-folders";
import { isSlug } from "@/lib/campaigns";
import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { makeStem } from "@/lib/sharing";
import { addDraft } from "./drafts";
import { withSlug } from "./files";
import { filesIn, publishedVersion, type UnknownCampaign, withCampaign, workingVersion } from "./held";

/** The goal of a campaign until its first version is published, which says one. */
const GOAL_BEFORE_PUBLISHED = 1_000;

export type Created =
  | { kind: "created" }
  | { kind: "taken" }
  /** The slug has not the form of one, or is an address of the site's own. */
  | { kind: "reserved" }
  | UnknownCampaign;

/**
 * Creates a campaign with a draft to write on: a clone of another campaign, pictures included, or a first text
 * that explains each part. It is open to nobody until it is published.
 * @param from slug of the campaign to clone.
 */
export async function createCampaign(actor: Actor | null, slug: string, from?: string): Promise<Created> {
  if (!isSlug(slug)) return { kind: "reserved" };
  return database().$transaction(async (transaction): Promise<Created> => {
    const source =
      from === undefined ? null : await transaction.campaign.findUnique({ where: { slug: from } });
    if (from !== undefined && source === null) return { kind: "unknown-campaign" };
    const id = await addCampaign(slug, transaction);
    if (id === null) return { kind: "taken" };
    const version =
      source &&
      ((await publishedVersion(transaction, source.id)) ?? (await workingVersion(transaction, source.id)));
    const files = version ? withSlug(await filesIn(transaction, version.id), slug) : newCampaignFiles(slug);
    if (source)
      await transaction.$executeRaw`
        INSERT INTO campaign_picture (campaign_id, name, sha256, type, width, height, bytes, added_by)
        SELECT ${id}::uuid, name, sha256, type, width, height, bytes, added_by FROM campaign_picture
        WHERE campaign_id = ${source.id}::uuid`;
    await addDraft(transaction, { id }, files, actor);
    const detail = { slug, ...(from === undefined ? {} : { from }) };
    await recordAudit({ actor, action: "campaign.create", subject: id, detail }, transaction);
    return { kind: "created" };
  });
}

/** Adds a campaign without any version. Returns its id, or null if the slug is taken. */
export async function addCampaign(
  slug: string,
  transaction: Prisma.TransactionClient,
): Promise<string | null> {
  const [added] = await transaction.$queryRaw<{ id: string }[]>`
    INSERT INTO campaign (id, slug, status, goal, share_stem)
    VALUES (${uuidv7()}::uuid, ${slug}, 'draft', ${GOAL_BEFORE_PUBLISHED}, ${makeStem(randomInt)})
    ON CONFLICT (slug) DO NOTHING RETURNING id`;
  return added?.id ?? null;
}

export type Archived = { kind: "changed" } | { kind: "unchanged" } | { kind: "not-closed" } | UnknownCampaign;

/** Leaves a closed campaign out of lists. Its pages stay. */
export function archiveCampaign(actor: Actor | null, slug: string): Promise<Archived> {
  return setArchived(actor, slug, true);
}

/** Puts an archived campaign back into lists. */
export function unarchiveCampaign(actor: Actor | null, slug: string): Promise<Archived> {
  return setArchived(actor, slug, false);
}

function setArchived(actor: Actor | null, slug: string, archived: boolean): Promise<Archived> {
  return withCampaign(slug, async (transaction, { id, status }): Promise<Archived> => {
    if (status !== "closed") return { kind: "not-closed" };
    const { count } = await transaction.campaign.updateMany({
      where: { id, archivedAt: archived ? null : { not: null } },
      data: { archivedAt: archived ? new Date() : null },
    });
    if (count === 0) return { kind: "unchanged" };
    const action = archived ? "campaign.archive" : "campaign.unarchive";
    await recordAudit({ actor, action, subject: id, detail: { slug } }, transaction);
    return { kind: "changed" };
  });
}
