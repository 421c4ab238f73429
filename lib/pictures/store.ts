import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { PictureType } from "./formats";
import { type PictureRefusal, type PreparedPicture, preparePicture } from "./prepare";
import { loadPictures } from "./sources";
import { type PictureUse, usesOfPictures } from "./usage";

export type Adding = { ok: true; name: string } | { ok: false; refusal: PictureRefusal };
export type Removing =
  | { kind: "removed" }
  | { kind: "unknown" }
  | { kind: "used"; uses: readonly PictureUse[] };

/**
 * Adds a picture to a campaign: without metadata, upright, in sRGB. A picture is never replaced, since published pages
 * may show it: another one needs another name. The caller has checked that the actor may do so.
 */
export async function addPicture(
  actor: Actor,
  slug: string,
  { name, bytes }: { name: string; bytes: Uint8Array },
): Promise<Adding> {
  const prepared = await preparePicture(name, bytes);
  if (!prepared.ok) return prepared;
  const { picture } = prepared;
  const added = await database().$transaction(async (transaction) => {
    const { added } = await importPictures(transaction, slug, [picture], actor.label, "never");
    if (added.length > 0)
      await recordAudit(
        { actor, action: "picture.add", campaign: slug, detail: detailOf(picture) },
        transaction,
      );
    return added.length > 0;
  });
  if (!added) return { ok: false, refusal: { field: "name", message: takenMessage(name) } };
  await loadPictures();
  return { ok: true, name };
}

function takenMessage(name: string): string {
  return `There is a picture named ${name} already. Choose another name, or remove that one first.`;
}

/**
 * Removes a picture, unless the published version or the one being worked on shows it. The caller has checked that
 * the actor may do so.
 */
export async function removePicture(actor: Actor, slug: string, name: string): Promise<Removing> {
  const outcome = await database().$transaction(async (transaction): Promise<Removing> => {
    const campaignId = await lockCampaign(slug, transaction);
    const where = { campaignId_name: { campaignId, name } };
    const picture = await transaction.campaignPicture.findUnique({ where, omit: { bytes: true } });
    if (!picture) return { kind: "unknown" };
    const uses = (await usesOfPictures(slug, transaction)).get(name) ?? [];
    if (uses.length > 0) return { kind: "used", uses };
    await transaction.campaignPicture.delete({ where, select: { name: true } });
    await recordAudit(
      { actor, action: "picture.remove", campaign: slug, detail: detailOf(picture) },
      transaction,
    );
    return { kind: "removed" };
  });
  if (outcome.kind === "removed") await loadPictures();
  return outcome;
}

/**
 * Stores pictures that `preparePictures` made ready. What is there already stays as it is.
 * @param existing what happens to a picture of the same name with other bytes.
 * @returns the names of those that were new, and of those that took the place of another.
 */
export async function importPictures(
  transaction: Prisma.TransactionClient,
  slug: string,
  pictures: readonly PreparedPicture[],
  addedBy: string,
  existing: "replace" | "never" = "replace",
): Promise<{ added: string[]; replaced: string[] }> {
  const campaignId = await lockCampaign(slug, transaction);
  const known = new Map(
    (
      await transaction.campaignPicture.findMany({
        where: { campaignId },
        select: { name: true, sha256: true },
      })
    ).map(({ name, sha256 }) => [name, Buffer.from(sha256)]),
  );
  const outcome = { added: [] as string[], replaced: [] as string[] };
  for (const picture of pictures) {
    const before = known.get(picture.name);
    if (before && (existing === "never" || before.equals(picture.sha256))) continue;
    const { name, sha256, type, width, height } = picture;
    const data = { sha256, type, width, height, bytes: Buffer.from(picture.bytes), addedBy };
    await transaction.campaignPicture.upsert({
      where: { campaignId_name: { campaignId, name } },
      create: { campaignId, name, ...data },
      update: { ...data, addedAt: new Date() },
      select: { name: true },
    });
    await transaction.pictureRendition.createMany({
      data: picture.renditions.map((rendition) => ({
        ...rendition,
        bytes: Buffer.from(rendition.bytes),
        sha256,
      })),
      skipDuplicates: true,
    });
    outcome[before ? "replaced" : "added"].push(name);
  }
  return outcome;
}

/**
 * Makes the pictures of a campaign's folder ready to be stored. Takes seconds for each: do it before a transaction.
 * @returns the pictures, or why which of them are refused.
 */
export async function preparePictures(
  files: ReadonlyMap<string, Uint8Array>,
): Promise<
  { ok: true; pictures: PreparedPicture[] } | { ok: false; refusals: { name: string; message: string }[] }
> {
  const pictures: PreparedPicture[] = [];
  const refusals: { name: string; message: string }[] = [];
  for (const [name, bytes] of files) {
    const prepared = await preparePicture(name, bytes);
    if (prepared.ok) pictures.push(prepared.picture);
    else refusals.push({ name, message: prepared.refusal.message });
  }
  return refusals.length === 0 ? { ok: true, pictures } : { ok: false, refusals };
}

/** A picture as the desk lists it. */
export type ListedPicture = {
  name: string;
  type: PictureType;
  width: number;
  height: number;
  /** Size of the picture itself. */
  bytes: number;
  /** What a reader loads: the smallest and the largest rendition in the format that most browsers choose. */
  loads: { least: number; most: number };
  addedAt: Date;
  addedBy: string;
  uses: readonly PictureUse[];
};

/** Returns a campaign's pictures by name, without their bytes. */
export async function picturesOf(slug: string): Promise<ListedPicture[]> {
  const [uses, pictures] = await Promise.all([
    usesOfPictures(slug),
    database().$queryRaw<Omit<ListedPicture, "uses">[]>`
      SELECT name, picture.type, picture.width, picture.height, octet_length(picture.bytes) AS bytes,
        jsonb_build_object('least', least, 'most', most) AS loads, added_at AS "addedAt", added_by AS "addedBy"
      FROM campaign_picture AS picture JOIN campaign ON campaign.id = picture.campaign_id
      LEFT JOIN LATERAL (
        SELECT min(octet_length(bytes)) AS least, max(octet_length(bytes)) AS most FROM picture_rendition
        WHERE sha256 = picture.sha256 GROUP BY type ORDER BY type = 'image/avif' DESC, type = 'image/webp' DESC LIMIT 1
      ) AS loaded ON true
      WHERE campaign.slug = ${slug} ORDER BY name`,
  ]);
  return pictures.map((picture) => ({ ...picture, uses: uses.get(picture.name) ?? [] }));
}

/** Returns the files of a campaign's pictures by name, as its folder holds them. */
export async function pictureFilesOf(slug: string): Promise<Map<string, Uint8Array>> {
  const pictures = await database().campaignPicture.findMany({
    where: { campaign: { slug } },
    select: { name: true, bytes: true },
    orderBy: { name: "asc" },
  });
  return new Map(pictures.map(({ name, bytes }) => [name, bytes]));
}

/** Holds a campaign's row, so that changes of its pictures take turns. */
async function lockCampaign(slug: string, transaction: Prisma.TransactionClient): Promise<string> {
  const [campaign] = await transaction.$queryRaw<{ id: string }[]>`
    SELECT id FROM campaign WHERE slug = ${slug} FOR NO KEY UPDATE`;
  if (!campaign) throw new Error(`there is no campaign ${slug}`);
  return campaign.id;
}

function detailOf({ name, sha256 }: { name: string; sha256: Uint8Array }): Record<string, string> {
  return { name, sha256: Buffer.from(sha256).toString("hex") };
}
