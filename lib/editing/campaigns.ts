import { randomInt } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { type Actor, recordAudit } from "@/lib/audit";
import { newCampaignFiles } from "@/lib/campaign-folders";
import { isSlug } from "@/lib/campaigns";
import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { type CampaignFiles, outlineOf, SETTINGS_FILE, withText } from "@/lib/document";
import type { Locale } from "@/lib/i18n/locales";
import { makeStem } from "@/lib/sharing";
import { addDraft } from "./drafts";
import { withSlug } from "./files";
import { filesIn, publishedVersion, type UnknownCampaign, withCampaign, workingVersion } from "./held";

/** The longest title that a new campaign is given, in characters. */
export const TITLE_MAX_CHARACTERS = 200;

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
 * @param first what it is called, and the language in which it is written first; a clone keeps its languages.
 */
export async function createCampaign(
  actor: Actor | null,
  slug: string,
  from?: string,
  first: { title?: string; language?: Locale } = {},
): Promise<Created> {
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
    const files = version
      ? withSlug(await filesIn(transaction, version.id), slug)
      : writtenIn(newCampaignFiles(slug), first.language);
    if (source)
      await transaction.$executeRaw`
        INSERT INTO campaign_picture (campaign_id, name, sha256, type, width, height, bytes, added_by)
        SELECT ${id}::uuid, name, sha256, type, width, height, bytes, added_by FROM campaign_picture
        WHERE campaign_id = ${source.id}::uuid`;
    await addDraft(transaction, { id }, titled(files, first.title), actor);
    const detail = from === undefined ? {} : { from };
    await recordAudit({ actor, action: "campaign.create", campaign: slug, subject: id, detail }, transaction);
    return { kind: "created" };
  });
}

/** Returns files that call the campaign something else, in their first language. */
function titled(files: CampaignFiles, title: string | undefined): CampaignFiles {
  const path = `${outlineOf(files).languages[0]}.md`;
  const document = files.get(path);
  if (title === undefined || document === undefined) return files;
  return new Map([...files, [path, withText(document, "title", title)]]);
}

/** Returns the files of a template as those of a campaign whose only language is another one. */
function writtenIn(files: CampaignFiles, language: Locale | undefined): CampaignFiles {
  const [first] = outlineOf(files).languages;
  if (language === undefined || first === undefined || first === language) return files;
  return new Map(
    [...files].map(([path, text]) => {
      if (path === `${first}.md`) return [`${language}.md`, text];
      if (path === SETTINGS_FILE) return [path, text.replace(/^languages:.*$/m, `languages: [${language}]`)];
      // Titles and caveats of sources are in the first language, too.
      return [path, text.replaceAll(new RegExp(`^(\\s+)${first}:`, "gm"), `$1${language}:`)];
    }),
  );
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
    await recordAudit({ actor, action, campaign: slug, subject: id, detail: {} }, transaction);
    return { kind: "changed" };
  });
}
