import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import type { CampaignVersion, Prisma } from "@/lib/db/generated/client";
import { storable } from "@/lib/db/storable";
import { type CampaignContent, plainText, readCampaign } from "@/lib/document";
import { log } from "@/lib/log";
import {
  type Announcement,
  addDraft,
  type ChangedSince,
  type Faulty,
  type FourEyes,
  isChangedSince,
  missingEyes,
  type NoDraft,
  type Seen,
  sendToReview,
  WITHOUT_REMARK,
} from "./drafts";
import {
  checkFiles,
  filesIn,
  type Held,
  holdCampaign,
  publishedVersion,
  type UnknownCampaign,
  withCampaign,
  workingVersion,
} from "./held";

type Reader = Pick<
  Prisma.TransactionClient,
  "campaignVersion" | "campaignFile" | "campaignPicture" | "signature"
>;

export type Published = { kind: "published"; number: number };

/**
 * Publishes the version that is being worked on. Where two people are asked for, it must be in review, and
 * none of its authors may publish it.
 */
export function publish(
  actor: Actor | null,
  slug: string,
  { note = "", tellSigners = false, ...seen }: Announcement & Seen = {},
): Promise<Published | ChangedSince | FourEyes | Faulty | NoDraft | UnknownCampaign> {
  return withCampaign(slug, async (transaction, held) => {
    const draft = await workingVersion(transaction, held.id);
    if (!draft) return { kind: "no-draft" };
    if (isChangedSince(seen, draft)) return { kind: "changed" };
    const missing = await missingEyes(transaction, held, draft, actor?.id ?? null);
    const publication = { actor, note, tellSigners, action: "campaign.publish" } as const;
    return missing ?? publishVersion(transaction, held, draft, publication);
  });
}

type Publication = {
  actor: Actor | null;
  /** Whom the version names as its publisher, if not the actor. */
  publisherLabel?: string;
  note: string;
  tellSigners?: boolean;
  action: "campaign.publish" | "campaign.import";
  detail?: Record<string, unknown>;
};

/** Publishes a version if it has no faults. Writes the audit entry: the last statement of its transaction. */
export async function publishVersion(
  transaction: Prisma.TransactionClient,
  held: Held,
  version: CampaignVersion,
  { action, detail = {}, ...publication }: Publication,
): Promise<Published | Faulty> {
  const read = await checkFiles(transaction, held, await filesIn(transaction, version.id));
  if (!read.ok) return { kind: "faults", faults: read.faults };
  const entry = await replacePublished(transaction, held, version, read.content, publication);
  const { actor } = publication;
  const about = { actor, action, campaign: held.slug, subject: held.id };
  await recordAudit({ ...about, detail: { ...entry, ...detail } }, transaction);
  return { kind: "published", number: entry.version };
}

/**
 * Makes a version the published one, and its campaign open if it is the first. A goal that the files change
 * becomes the campaign's.
 * @returns what the audit log is to say.
 */
export async function replacePublished(
  transaction: Prisma.TransactionClient,
  held: Held,
  version: CampaignVersion,
  content: CampaignContent,
  {
    actor,
    publisherLabel,
    note,
    tellSigners = false,
  }: Pick<Publication, "actor" | "publisherLabel" | "note" | "tellSigners">,
) {
  const before = await publishedVersion(transaction, held.id);
  const contentBefore = before && (await contentOf(transaction, before));
  const { _max: last } = await transaction.campaignVersion.aggregate({
    where: { campaignId: held.id },
    _max: { number: true },
  });
  const number = (last.number ?? 0) + 1;
  const callChanged = await isCallChanged(transaction, held, contentBefore, content);
  if (before)
    await transaction.campaignVersion.update({ where: { id: before.id }, data: { state: "superseded" } });
  await transaction.campaignVersion.update({
    where: { id: version.id },
    data: {
      state: "published",
      number,
      publishedAt: new Date(),
      publisherLabel: publisherLabel ?? actor?.label ?? "system",
      callChanged,
      // Where the same call was signed there is nothing to tell.
      tellSigners: callChanged ? tellSigners : null,
      ...WITHOUT_REMARK,
      note: storable(note),
    },
  });
  const { goal } = content.settings;
  const changes = {
    ...(goal === contentBefore?.settings.goal ? {} : { goal }),
    ...(held.status === "draft" ? { status: "open" as const } : {}),
  };
  if (Object.keys(changes).length > 0)
    await transaction.campaign.update({ where: { id: held.id }, data: changes });
  const told = callChanged ? { tellSigners } : {};
  return { version: number, callChanged, ...told, note, ...changes };
}

/** Whether publishing would change what people have signed already. */
export async function changesCall(reader: Reader, held: Held, content: CampaignContent): Promise<boolean> {
  const before = await publishedVersion(reader, held.id);
  return isCallChanged(reader, held, before && (await contentOf(reader, before)), content);
}

async function isCallChanged(
  reader: Reader,
  held: Held,
  before: CampaignContent | null,
  content: CampaignContent,
): Promise<boolean> {
  return before !== null && callDiffers(before, content) && (await hasSigners(reader, held));
}

/** An older program could have published what this one cannot read: then it compares with nothing. */
async function contentOf(reader: Reader, { id }: CampaignVersion): Promise<CampaignContent | null> {
  const read = readCampaign(await filesIn(reader, id));
  return read.ok ? read.content : null;
}

/** Whether two versions ask for different things, by the words of their call in the first language. */
function callDiffers(before: CampaignContent, after: CampaignContent): boolean {
  return callOf(before) !== callOf(after);
}

function callOf({ settings, documents }: CampaignContent): string | undefined {
  const call = documents.get(settings.languages[0])?.call;
  return call && JSON.stringify([call.to, plainText(call.lead), call.demand, ...call.points.map(plainText)]);
}

async function hasSigners(reader: Reader, { id }: Held): Promise<boolean> {
  const signer = await reader.signature.findFirst({ where: { campaignId: id }, select: { id: true } });
  return signer !== null;
}

/**
 * Publishes the files of an older version once more, as a new version. A draft stays as it is. Needs no second
 * person: these files were published before.
 */
export function takeBack(
  actor: Actor | null,
  slug: string,
  number: number,
): Promise<Published | { kind: "unknown-version" } | { kind: "is-published" } | Faulty | UnknownCampaign> {
  return withCampaign(slug, async (transaction, held) => {
    const older = await transaction.campaignVersion.findUnique({
      where: { campaignId_number: { campaignId: held.id, number } },
    });
    if (!older) return { kind: "unknown-version" };
    if (older.state === "published") return { kind: "is-published" };
    const files = await filesIn(transaction, older.id);
    const read = await checkFiles(transaction, held, files);
    if (!read.ok) return { kind: "faults", faults: read.faults };
    // A campaign has one version that is being worked on, as every version is until it is published.
    const draft = await setAside(transaction, held);
    const version = await addDraft(transaction, held, files, actor);
    const publication = { actor, note: `Version ${number} once more` };
    const entry = await replacePublished(transaction, held, version, read.content, publication);
    await draft?.putBack();
    const detail = { ...entry, from: number };
    const about = { actor, action: "campaign.take-back", campaign: slug, subject: held.id };
    await recordAudit({ ...about, detail }, transaction);
    return { kind: "published", number: entry.version };
  });
}

/**
 * Takes the draft away; `putBack` stores it again as it was, but for changes to the texts of its files. Null if
 * there is none.
 */
export async function setAside(
  transaction: Prisma.TransactionClient,
  { id: campaignId }: Held,
): Promise<{ putBack(change?: (path: string, text: string) => string): Promise<void> } | null> {
  const working = await workingVersion(transaction, campaignId);
  if (!working) return null;
  const versionId = working.id;
  const files = await transaction.campaignFile.findMany({ where: { versionId } });
  const authors = await transaction.campaignVersionAuthor.findMany({ where: { versionId } });
  await transaction.campaignVersion.delete({ where: { id: versionId } });
  return {
    async putBack(change = (_, text) => text) {
      const changed = files.map((file) => ({ ...file, text: change(file.path, file.text) }));
      const isChanged = changed.some(({ text }, at) => text !== files[at]?.text);
      const revision = working.revision + (isChanged ? 1 : 0);
      await transaction.campaignVersion.create({ data: { ...working, revision } });
      await transaction.campaignFile.createMany({ data: changed });
      await transaction.campaignVersionAuthor.createMany({ data: authors });
    },
  };
}

/**
 * Publishes the versions whose time has come. One that cannot be published goes into review. Safe to run in
 * several processes: one of them holds each campaign, and one that an editor holds comes next time.
 * @returns how many were published.
 */
export async function publishDue(): Promise<number> {
  let published = 0;
  for (;;) {
    const outcome = await database().$transaction(publishNextDue);
    if (outcome === "none-due") return published;
    if (outcome === "published") published += 1;
  }
}

async function publishNextDue(
  transaction: Prisma.TransactionClient,
): Promise<"published" | "not-published" | "none-due"> {
  const [due] = await transaction.$queryRaw<{ slug: string }[]>`
    SELECT campaign.slug FROM campaign JOIN campaign_version AS version ON version.campaign_id = campaign.id
    WHERE version.state = 'scheduled' AND version.publish_at <= now()
    ORDER BY version.publish_at LIMIT 1 FOR NO KEY UPDATE OF campaign SKIP LOCKED`;
  const held = due ? await holdCampaign(due.slug, transaction) : null;
  if (!held) return "none-due";
  // Somebody may have changed it before the campaign was held.
  const [still] = await transaction.$queryRaw<{ id: string }[]>`
    SELECT id FROM campaign_version
    WHERE campaign_id = ${held.id}::uuid AND state = 'scheduled' AND publish_at <= now()`;
  if (!still) return "not-published";
  const version = await transaction.campaignVersion.findUniqueOrThrow({ where: { id: still.id } });
  const { schedulerId, schedulerLabel, note, tellSigners } = version;
  const outcome =
    (await missingEyes(transaction, held, version, schedulerId)) ??
    (await publishVersion(transaction, held, version, {
      actor: null,
      publisherLabel: schedulerLabel ?? "system",
      note,
      tellSigners: tellSigners ?? false,
      action: "campaign.publish",
      detail: { scheduledBy: schedulerLabel },
    }));
  if (outcome.kind === "published") return "published";
  const why = outcome.kind === "faults" ? `faults: ${outcome.faults.length}` : outcome.why;
  log.warn("a scheduled version was not published: it is in review", { slug: held.slug, why });
  await sendToReview(transaction, version.id);
  return "not-published";
}
