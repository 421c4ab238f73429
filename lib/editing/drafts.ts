import { v7 as uuidv7 } from "uuid";
import { type Actor, recordAudit } from "@/lib/audit";
import type { CampaignVersion, Prisma, VersionState } from "@/lib/db/generated/client";
import { storable } from "@/lib/db/storable";
import { isStorable } from "@/lib/db/time";
import type { CampaignFiles, Fault } from "@/lib/document";
import { storableFiles, type Unstorable, unstorableIn } from "./files";
import {
  checkFiles,
  filesIn,
  type Held,
  publishedVersion,
  type UnknownCampaign,
  withCampaign,
  workingVersion,
} from "./held";
import { mergeText, type TextEdit } from "./merge";

// The one version of a campaign that is being worked on: `draft`, then `in_review` or `scheduled`. An actor of
// null is an operator on the server, or the system.

export type NoDraft = { kind: "no-draft" };
export type Faulty = { kind: "faults"; faults: readonly Fault[] };
/** Somebody has changed the draft since it was looked at. */
export type ChangedSince = { kind: "changed" };
/** The revision of the draft that somebody has looked at; what they decide holds for no other. */
export type Seen = { revision?: number | undefined };
/** Why four eyes are not satisfied: nobody has reviewed the version yet, or its author would publish it. */
export type FourEyes = { kind: "four-eyes"; why: "not-in-review" | "author" };

export type Draft = { kind: "open"; state: VersionState; revision: number; files: CampaignFiles };

/** Opens the draft of a campaign. If there is none, the published files become it. */
export function openDraft(actor: Actor | null, slug: string): Promise<Draft | NoDraft | UnknownCampaign> {
  return withCampaign(slug, async (transaction, held) => {
    const start = await startOf(transaction, held);
    if (!start) return { kind: "no-draft" };
    const { files } = start;
    const { state, revision } = start.draft ?? (await addVersion(transaction, held, files, actor));
    return { kind: "open", state, revision, files };
  });
}

/** Returns what an edit starts from: the draft, or else the published files. */
async function startOf(
  transaction: Prisma.TransactionClient,
  { id }: Held,
): Promise<{ draft: CampaignVersion | null; files: CampaignFiles } | null> {
  const draft = await workingVersion(transaction, id);
  const version = draft ?? (await publishedVersion(transaction, id));
  return version && { draft, files: await filesIn(transaction, version.id) };
}

/** Stores files as a new draft. The campaign must have none. */
async function addVersion(
  transaction: Prisma.TransactionClient,
  { id: campaignId }: Pick<Held, "id">,
  files: CampaignFiles,
  actor: Actor | null,
): Promise<CampaignVersion> {
  const version = await transaction.campaignVersion.create({
    data: { id: uuidv7(), campaignId, authorLabel: actor?.label ?? "system" },
  });
  await putFiles(transaction, version.id, files);
  return version;
}

/** Stores files as a new draft that the actor wrote. */
export async function addDraft(
  transaction: Prisma.TransactionClient,
  held: Pick<Held, "id">,
  files: CampaignFiles,
  actor: Actor | null,
): Promise<CampaignVersion> {
  const version = await addVersion(transaction, held, files, actor);
  await noteAuthor(transaction, version.id, actor);
  return version;
}

/** Puts files in the place of a draft's. */
export async function putFiles(
  transaction: Prisma.TransactionClient,
  versionId: string,
  files: CampaignFiles,
): Promise<void> {
  await transaction.campaignFile.deleteMany({ where: { versionId } });
  await transaction.campaignFile.createMany({
    data: [...files].map(([path, text]) => ({ versionId, path, text })),
  });
}

/** Notes that somebody changed a version: it is a draft again, one revision further, and theirs, too. */
export async function noteChange(
  transaction: Prisma.TransactionClient,
  versionId: string,
  actor: Actor | null,
): Promise<{ revision: number; isNewAuthor: boolean }> {
  const { revision } = await transaction.campaignVersion.update({
    where: { id: versionId },
    data: {
      ...BACK_TO_DRAFT,
      revision: { increment: 1 },
      authorLabel: actor?.label ?? "system",
      changedAt: new Date(),
    },
  });
  return { revision, isNewAuthor: await noteAuthor(transaction, versionId, actor) };
}

/** @returns whether the actor had not changed this version before. */
async function noteAuthor(
  transaction: Prisma.TransactionClient,
  versionId: string,
  actor: Actor | null,
): Promise<boolean> {
  if (actor === null) return false;
  const { count } = await transaction.campaignVersionAuthor.createMany({
    data: [{ versionId, actorId: actor.id }],
    skipDuplicates: true,
  });
  return count > 0;
}

const BACK_TO_DRAFT = {
  state: "draft",
  submittedAt: null,
  publishAt: null,
  schedulerId: null,
  schedulerLabel: null,
} as const;

/** A version that nobody has returned, or that is handed in again. */
export const WITHOUT_REMARK = { remark: "", returnedBy: null } as const;

/** What is said of a version once it is published. */
export type Announcement = {
  /** What has changed, in the publisher's words. */
  note?: string;
  /** Whether people who signed an earlier call are to be told, should this version change it. */
  tellSigners?: boolean;
};

/** A file in which the same lines were changed in two ways: as stored, and as it was to be saved. */
export type FileConflict = { path: string; theirs: string; yours: string };

export type Saved =
  /** `files` are the edited ones as they are now, with what others changed meanwhile. */
  | { kind: "saved"; revision: number; files: CampaignFiles }
  | { kind: "conflict"; conflicts: readonly FileConflict[] }
  | Unstorable
  | NoDraft
  | UnknownCampaign;

/** What else happens in the transaction that saves files. */
export type Saving = {
  /** The entry of each save in the audit log. Without it there is one for each person and draft. */
  audit?: { action: string; detail: Record<string, unknown> };
  /** Runs once all files are as they are saved, if any has changed. */
  also?: (transaction: Prisma.TransactionClient, campaignId: string, files: CampaignFiles) => Promise<void>;
};

/**
 * Saves edited files into the draft, faults included, and opens one if there is none. Merges them line by line
 * with what others have saved meanwhile; if that fails for one file, none is saved. A file that becomes empty
 * is removed. A version in review or scheduled becomes a draft again.
 * @param edits by path; a file that is new was empty.
 */
export function saveFiles(
  actor: Actor | null,
  slug: string,
  edits: ReadonlyMap<string, TextEdit>,
  { audit, also }: Saving = {},
): Promise<Saved> {
  return withCampaign(slug, async (transaction, held): Promise<Saved> => {
    const start = await startOf(transaction, held);
    if (!start) return { kind: "no-draft" };
    const stored = start.files;
    const merged = new Map<string, string>();
    const conflicts: FileConflict[] = [];
    for (const [path, { was, now }] of edits) {
      const theirs = stored.get(path) ?? "";
      const yours = storable(now);
      const text = mergeText({ was: storable(was), now: yours }, theirs);
      if (text.ok) merged.set(path, text.text);
      else conflicts.push({ path, theirs, yours });
    }
    if (conflicts.length > 0) return { kind: "conflict", conflicts };
    const unstorable = unstorableIn(merged);
    if (unstorable) return unstorable;
    const changed = [...merged].filter(([path, text]) => text !== (stored.get(path) ?? ""));
    if (changed.length === 0) return { kind: "saved", revision: start.draft?.revision ?? 0, files: merged };
    const { id } = start.draft ?? (await addVersion(transaction, held, stored, actor));
    const files = storableFiles(new Map([...stored, ...changed]));
    await putFiles(transaction, id, files);
    const { revision, isNewAuthor } = await noteChange(transaction, id, actor);
    await also?.(transaction, held.id, files);
    if (audit) await recordAudit({ actor, campaign: slug, subject: held.id, ...audit }, transaction);
    // Once for each person and draft: an editor saves every few seconds.
    else if (isNewAuthor)
      await recordAudit(
        { actor, action: "campaign.edit", campaign: slug, subject: held.id, detail: {} },
        transaction,
      );
    return { kind: "saved", revision, files: merged };
  });
}

/** Whether a draft is not the one that somebody has looked at. */
export function isChangedSince({ revision }: Seen, draft: CampaignVersion): boolean {
  return revision !== undefined && revision !== draft.revision;
}

/** Deletes the draft. A campaign that was never published goes with it. */
export function discardDraft(
  actor: Actor | null,
  slug: string,
  seen: Seen = {},
): Promise<{ kind: "discarded"; campaign: "kept" | "deleted" } | ChangedSince | NoDraft | UnknownCampaign> {
  return withCampaign(slug, async (transaction, held) => {
    const draft = await workingVersion(transaction, held.id);
    if (!draft) return { kind: "no-draft" };
    if (isChangedSince(seen, draft)) return { kind: "changed" };
    await transaction.campaignVersion.delete({ where: { id: draft.id } });
    const campaign = held.status === "draft" ? "deleted" : "kept";
    if (campaign === "deleted") await transaction.campaign.delete({ where: { id: held.id } });
    const detail = { campaign };
    await recordAudit(
      { actor, action: "campaign.discard", campaign: slug, subject: held.id, detail },
      transaction,
    );
    return { kind: "discarded", campaign };
  });
}

/** Hands the draft in for review. */
export function submit(
  actor: Actor | null,
  slug: string,
  seen: Seen = {},
): Promise<{ kind: "submitted" } | ChangedSince | Faulty | NoDraft | UnknownCampaign> {
  return withCampaign(slug, async (transaction, held) => {
    const draft = await workingVersion(transaction, held.id);
    if (!draft) return { kind: "no-draft" };
    if (isChangedSince(seen, draft)) return { kind: "changed" };
    if (draft.state === "in_review") return { kind: "submitted" };
    const read = await checkFiles(transaction, held, await filesIn(transaction, draft.id));
    if (!read.ok) return { kind: "faults", faults: read.faults };
    await sendToReview(transaction, draft.id);
    await recordAudit(
      { actor, action: "campaign.submit", campaign: slug, subject: held.id, detail: {} },
      transaction,
    );
    return { kind: "submitted" };
  });
}

/** Puts a version into review. */
export async function sendToReview(transaction: Prisma.TransactionClient, versionId: string): Promise<void> {
  await transaction.campaignVersion.update({
    where: { id: versionId },
    data: { ...BACK_TO_DRAFT, ...WITHOUT_REMARK, state: "in_review", submittedAt: new Date() },
  });
}

/**
 * Returns a version in review or scheduled, to be written on.
 * @param remark why, for those who wrote it. It stays with the draft until that is handed in again.
 */
export function returnToDraft(
  actor: Actor | null,
  slug: string,
  { remark = "" }: { remark?: string } = {},
): Promise<{ kind: "returned" } | NoDraft | UnknownCampaign> {
  return withCampaign(slug, async (transaction, held) => {
    const draft = await workingVersion(transaction, held.id);
    if (!draft) return { kind: "no-draft" };
    if (draft.state === "draft") return { kind: "returned" };
    await transaction.campaignVersion.update({
      where: { id: draft.id },
      data: { ...BACK_TO_DRAFT, remark: storable(remark), returnedBy: actor?.label ?? "system" },
    });
    // Without the remark: more people read the log than drafts.
    await recordAudit(
      { actor, action: "campaign.return", campaign: slug, subject: held.id, detail: {} },
      transaction,
    );
    return { kind: "returned" };
  });
}

/**
 * Has the draft published at a later time. Where two people are asked for, a second one schedules what was
 * handed in for review.
 */
export function schedule(
  actor: Actor | null,
  slug: string,
  at: Date,
  { note = "", tellSigners = false, ...seen }: Announcement & Seen = {},
): Promise<
  { kind: "scheduled" } | { kind: "past" } | ChangedSince | FourEyes | Faulty | NoDraft | UnknownCampaign
> {
  return withCampaign(slug, async (transaction, held) => {
    const draft = await workingVersion(transaction, held.id);
    if (!draft) return { kind: "no-draft" };
    if (isChangedSince(seen, draft)) return { kind: "changed" };
    if (!isStorable(at) || at.getTime() <= Date.now()) return { kind: "past" };
    const missing = await missingEyes(transaction, held, draft, actor?.id ?? null);
    if (missing) return missing;
    const read = await checkFiles(transaction, held, await filesIn(transaction, draft.id));
    if (!read.ok) return { kind: "faults", faults: read.faults };
    await transaction.campaignVersion.update({
      where: { id: draft.id },
      data: {
        state: "scheduled",
        publishAt: at,
        schedulerId: actor?.id ?? null,
        schedulerLabel: actor?.label ?? "system",
        note: storable(note),
        tellSigners,
      },
    });
    const detail = { at: at.toISOString() };
    await recordAudit(
      { actor, action: "campaign.schedule", campaign: slug, subject: held.id, detail },
      transaction,
    );
    return { kind: "scheduled" };
  });
}

/** Returns what is missing where two people are asked for: a review, by somebody who did not write it. */
export async function missingEyes(
  transaction: Pick<Prisma.TransactionClient, "campaignVersionAuthor">,
  { fourEyes }: Held,
  { id, state }: CampaignVersion,
  actorId: string | null,
): Promise<FourEyes | null> {
  if (!fourEyes) return null;
  if (state === "draft") return { kind: "four-eyes", why: "not-in-review" };
  if (actorId === null) return null;
  const wrote = await transaction.campaignVersionAuthor.findUnique({
    where: { versionId_actorId: { versionId: id, actorId } },
  });
  return wrote ? { kind: "four-eyes", why: "author" } : null;
}
