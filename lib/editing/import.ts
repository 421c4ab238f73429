import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import type { CampaignVersion, Prisma } from "@/lib/db/generated/client";
import { type CampaignFiles, readCampaign } from "@/lib/document";
import { importPictures, pictureFilesOf, preparePictures } from "@/lib/pictures";
import { addCampaign } from "./campaigns";
import { addDraft, type Faulty, missingEyes, noteChange, putFiles } from "./drafts";
import { areSame, type Unstorable, unstorableIn } from "./files";
import { filesIn, type Held, holdCampaign, publishedVersion, workingVersion } from "./held";
import { publishVersion } from "./publish";
import { filesOf } from "./versions";

/** The pictures of a campaign by name, as in its folder's `pictures/`. */
export type CampaignPictures = ReadonlyMap<string, Uint8Array>;

export type Imported =
  /** `published` is the number of the version; null if the files became the draft. */
  | { kind: "imported"; slug: string; published: number | null }
  /** Nothing was changed: the draft, or without one the published version, says the same. */
  | { kind: "unchanged"; slug: string }
  /** The files became the draft. Publishing it takes a review, and somebody who did not write it. */
  | { kind: "needs-review"; slug: string }
  | Unstorable
  | Faulty;

/**
 * Imports the files and pictures of the campaign that `campaign.yaml` names, and adds it if it is new. The
 * files become its draft, in the place of one that is there. Pictures join those that the campaign has. Faults
 * are refused, and nothing is stored.
 * @param publish publishes the draft at once, even if it says the same already.
 */
export async function importCampaign(
  actor: Actor | null,
  files: CampaignFiles,
  pictures: CampaignPictures,
  { publish = false }: { publish?: boolean } = {},
): Promise<Imported> {
  const unstorable = unstorableIn(files);
  if (unstorable) return unstorable;
  const prepared = await preparePictures(pictures);
  if (!prepared.ok) return { kind: "faults", faults: prepared.refusals.map(faultOfPicture) };
  const read = readCampaign(files, new Set(pictures.keys()));
  if (!read.ok) return { kind: "faults", faults: read.faults };
  const { slug } = read.content.settings;
  return database().$transaction(async (transaction): Promise<Imported> => {
    await addCampaign(slug, transaction);
    const held = await holdCampaign(slug, transaction);
    if (!held) throw new Error("a campaign is there once it was added");
    const label = actor?.label ?? "system";
    const { added, replaced } = await importPictures(transaction, slug, prepared.pictures, label);
    const working = await workingVersion(transaction, held.id);
    const current = working ?? (await publishedVersion(transaction, held.id));
    const isSame = current !== null && areSame(await filesIn(transaction, current.id), files);
    const draft = isSame ? working : await putDraft(transaction, held, working, files, actor);
    const changedPictures = [...added, ...replaced];
    if (isSame && changedPictures.length === 0 && !(publish && working)) return { kind: "unchanged", slug };
    const detail = { pictures: changedPictures };
    const action = "campaign.import";
    const missing = publish && draft ? await missingEyes(transaction, held, draft, actor?.id ?? null) : null;
    if (publish && draft && missing === null) {
      const published = await publishVersion(transaction, held, draft, { actor, note: "", action, detail });
      if (published.kind === "faults") return published;
      return { kind: "imported", slug, published: published.number };
    }
    await recordAudit({ actor, action, campaign: slug, subject: held.id, detail }, transaction);
    return missing ? { kind: "needs-review", slug } : { kind: "imported", slug, published: null };
  });
}

/** Puts files in the place of the draft's, or makes them the draft. */
async function putDraft(
  transaction: Prisma.TransactionClient,
  held: Held,
  working: CampaignVersion | null,
  files: CampaignFiles,
  actor: Actor | null,
): Promise<CampaignVersion> {
  if (working === null) return addDraft(transaction, held, files, actor);
  await putFiles(transaction, working.id, files);
  await noteChange(transaction, working.id, actor);
  return transaction.campaignVersion.findUniqueOrThrow({ where: { id: working.id } });
}

function faultOfPicture({ name, message }: { name: string; message: string }) {
  return { file: `pictures/${name}`, line: 1, message };
}

/** A campaign as its folder holds it. */
export type CampaignFolder = { files: CampaignFiles; pictures: CampaignPictures };

/**
 * Returns a campaign's files and pictures exactly as they were imported or edited: the draft or the version
 * with a number, and unless told which, the published version, or the draft of a campaign without one. Null if
 * there is no such campaign or version.
 */
export async function exportCampaign(slug: string, which?: "draft" | number): Promise<CampaignFolder | null> {
  const files = await filesOf(slug, which ?? (await publishedNumber(slug)) ?? "draft");
  return files && { files, pictures: await pictureFilesOf(slug) };
}

async function publishedNumber(slug: string): Promise<number | null> {
  const published = await database().campaignVersion.findFirst({
    where: { campaign: { slug }, state: "published" },
    select: { number: true },
  });
  return published?.number ?? null;
}
