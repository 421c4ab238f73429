import { type Actor, recordAudit } from "@/lib/audit";
import type { Outcome } from "@/lib/campaigns";
import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { storable } from "@/lib/db/storable";
import { type CampaignFiles, withText } from "@/lib/document";
import type { Locale } from "@/lib/i18n/locales";
import { addDraft, type Faulty } from "./drafts";
import { areSame } from "./files";
import { checkFiles, filesIn, type Held, publishedVersion, type UnknownCampaign, withCampaign } from "./held";
import { replacePublished, setAside } from "./publish";

/** What a campaign reached, and in which words its pages tell it. */
export type Ending = { outcome: Outcome | null; texts: ReadonlyMap<Locale, string> };

export type Closed =
  /** `entry` is the id of the audit entry; `version` that of the new text, or null if it says the same. */
  | { kind: "closed"; entry: string; version: number | null }
  | { kind: "not-open" }
  /** The words are new, and somebody else would have to publish them. */
  | { kind: "four-eyes" }
  | Faulty
  | UnknownCampaign;

/**
 * Closes an open campaign: it takes no new signatures, but earlier ones can still be confirmed. The words about
 * its outcome become a new published version in the same transaction, and part of a draft, so that this does not
 * lose them later.
 */
export function closeCampaign(
  actor: Actor | null,
  slug: string,
  { outcome, texts }: Ending = { outcome: null, texts: new Map() },
): Promise<Closed> {
  return withCampaign(slug, async (transaction, held): Promise<Closed> => {
    if (held.status !== "open") return { kind: "not-open" };
    const told = await tell(transaction, held, texts, actor);
    if (told.kind !== "told") return told;
    await transaction.campaign.update({
      where: { id: held.id },
      data: { status: "closed", closedAt: new Date(), outcome },
    });
    const { version } = told;
    const detail = {
      ...(outcome === null ? {} : { outcome }),
      ...(version === null ? {} : { version }),
    };
    const entry = await recordAudit(
      { actor, action: "campaign.close", campaign: slug, subject: held.id, detail },
      transaction,
    );
    return { kind: "closed", entry, version };
  });
}

async function tell(
  transaction: Prisma.TransactionClient,
  held: Held,
  texts: Ending["texts"],
  actor: Actor | null,
): Promise<{ kind: "told"; version: number | null } | { kind: "four-eyes" } | Faulty> {
  const published = await publishedVersion(transaction, held.id);
  const before: CampaignFiles = published ? await filesIn(transaction, published.id) : new Map();
  const tellIn = (path: string, document: string) => {
    const told = [...texts].find(([locale]) => path === `${locale}.md`);
    return told ? withText(document, "outcome", storable(told[1])) : document;
  };
  const files = new Map([...before].map(([path, text]) => [path, tellIn(path, text)] as const));
  if (areSame(before, files)) return { kind: "told", version: null };
  if (held.fourEyes && actor !== null) return { kind: "four-eyes" };
  const read = await checkFiles(transaction, held, files);
  if (!read.ok) return { kind: "faults", faults: read.faults };
  // A campaign has one version that is being worked on, as every version is until it is published.
  const draft = await setAside(transaction, held);
  const version = await addDraft(transaction, held, files, actor);
  const publication = { actor, note: "What the campaign reached" };
  const { version: number } = await replacePublished(transaction, held, version, read.content, publication);
  await draft?.putBack(tellIn);
  return { kind: "told", version: number };
}

/**
 * Reopens a closed campaign. What it was closed with is forgotten, and that it was archived or handed over, so
 * that nothing is deleted while people sign.
 * @returns the id of the audit entry; null when it was not closed.
 */
export function reopenCampaign(actor: Actor | null, slug: string): Promise<string | null> {
  return database().$transaction(async (transaction) => {
    const { count } = await transaction.campaign.updateMany({
      where: { slug, status: "closed" },
      data: { status: "open", closedAt: null, outcome: null, archivedAt: null, handedOverAt: null },
    });
    if (count === 0) return null;
    return recordAudit({ actor, action: "campaign.reopen", campaign: slug, detail: {} }, transaction);
  });
}
