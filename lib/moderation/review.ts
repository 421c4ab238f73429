import { type Actor, recordAudit } from "@/lib/audit";
import { asBytea } from "@/lib/db/bytea";
import { database, readMany } from "@/lib/db/client";
import { currentDataKeyId, seal } from "@/lib/db/encryption";
import { Prisma } from "@/lib/db/generated/client";
import { openPerson, type SealedPerson } from "@/lib/people";
import { countNames, type NamesRefused, type Reader, type SignatureRule } from "@/lib/signatories";
import { contentPlace, type GroupContent, type GroupKind, readContent } from "./review-content";

const GROUPS_SHOWN = 100;

export type ReviewGroup = {
  id: string;
  kind: GroupKind;
  signatures: number;
  lastAt: Date;
  country: string | null;
  signedFrom: Date | null;
  /** The name on its signatures, or on one of them; null when there is none. */
  example: string | null;
};

type Row = { id: string; kind: GroupKind; signatures: number; dataKeyId: string; sealed: Uint8Array };

/** Groups opened for a reader, or why none were. */
export type ReviewGroupsFound = { kind: "found"; groups: ReviewGroup[] } | NamesRefused;

/**
 * Returns the groups not yet marked genuine, the largest of each kind first. Their names count against the
 * reader's hourly limit.
 */
export async function reviewGroups(reader: Reader, slug: string): Promise<ReviewGroupsFound> {
  const rows = await database().$queryRaw<Row[]>`
    SELECT id, kind, signatures, data_key_id AS "dataKeyId", content_encrypted AS sealed FROM (
      SELECT *, row_number() OVER (PARTITION BY kind ORDER BY signatures DESC, id) AS place FROM review_group
      WHERE campaign_id = (SELECT id FROM campaign WHERE slug = ${slug}) AND reviewed_at IS NULL
    ) AS review_group WHERE place <= ${GROUPS_SHOWN} ORDER BY kind, place`;
  // The same list reloads after every decision, so only a tenth of it counts.
  const refused = await countNames(reader, Math.ceil(rows.length / 10));
  if (refused) return refused;
  const opened = rows.map((row) => ({ ...row, content: readContent(row.id, row.dataKeyId, row.sealed) }));
  const names = await namesOf(opened.flatMap(({ content }) => content.rule.ids?.slice(-1) ?? []));
  const groups = opened.map(({ id, kind, signatures, content: { rule, example, lastAt } }) => ({
    id,
    kind,
    signatures,
    lastAt,
    country: rule.country ?? null,
    signedFrom: rule.from ?? null,
    example: example ?? names.get(rule.ids?.at(-1) ?? "") ?? null,
  }));
  return { kind: "found", groups };
}

/** Returns the names on those signatures that still exist. */
async function namesOf(ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await readMany<SealedPerson>(Prisma.sql`
    SELECT id, data_key_id AS "dataKeyId", person_encrypted AS person FROM signature WHERE id = ANY(${ids}::uuid[])`);
  return new Map(rows.map((row) => [row.id, openPerson(row).name]));
}

/** Returns the rule that selects a group's signatures; null when the campaign has no such group. */
export async function ruleOfGroup(slug: string, id: string): Promise<SignatureRule | null> {
  const group = await database().reviewGroup.findUnique({ where: { id, campaign: { slug } } });
  return group && readContent(id, group.dataKeyId, group.contentEncrypted).rule;
}

/**
 * Marks a campaign's group as genuine, so that it is not shown again.
 * @returns false when it is gone or was marked already.
 */
export function markGenuine(actor: Actor, slug: string, id: string): Promise<boolean> {
  return database().$transaction(async (transaction) => {
    const noted = await transaction.$executeRaw`
      UPDATE review_group SET reviewed_at = now(), reviewed_by = ${actor.label}
      WHERE id = ${id}::uuid AND reviewed_at IS NULL
        AND campaign_id = (SELECT id FROM campaign WHERE slug = ${slug})`;
    if (noted === 0) return false;
    await recordAudit(
      { actor, action: "review.genuine", campaign: slug, subject: id, detail: { group: id } },
      transaction,
    );
    return true;
  });
}

/**
 * Removes the ids of erased signatures from mailbox groups, because an id reveals when somebody signed. Safe
 * to run in any process, at any time.
 */
export async function forgetErasedMembers(): Promise<void> {
  await database().$transaction(async (transaction) => {
    const rows = await transaction.$queryRaw<Row[]>`
      SELECT id, kind, signatures, data_key_id AS "dataKeyId", content_encrypted AS sealed FROM review_group
      WHERE kind = 'look-alike' ORDER BY id FOR UPDATE SKIP LOCKED`;
    const groups = rows.map(({ id, dataKeyId, sealed }) => ({
      id,
      content: readContent(id, dataKeyId, sealed),
    }));
    const members = groups.flatMap(({ content }) => content.rule.ids ?? []);
    const present = await transaction.$queryRaw<{ id: string }[]>`
      SELECT id FROM signature WHERE id = ANY(${members}::uuid[])`;
    if (present.length === new Set(members).size) return;
    const there = new Set(present.map(({ id }) => id));
    const changed = groups.flatMap(({ id, content }) => {
      const ids = content.rule.ids?.filter((member) => there.has(member)) ?? [];
      return ids.length === content.rule.ids?.length ? [] : [{ id, content: { ...content, rule: { ids } } }];
    });
    await rewrite(transaction, changed);
  });
}

async function rewrite(
  transaction: Prisma.TransactionClient,
  groups: readonly { id: string; content: GroupContent }[],
): Promise<void> {
  const rows = groups.map(({ id, content }) => ({
    id,
    content: asBytea(seal(JSON.stringify(content), contentPlace(id))),
    empty: content.rule.ids?.length === 0,
  }));
  await transaction.$executeRaw`
    WITH changed AS (
      SELECT * FROM json_to_recordset(${JSON.stringify(rows)}::json) AS changed (id uuid, content bytea, empty boolean)
    ),
    gone AS (DELETE FROM review_group USING changed WHERE review_group.id = changed.id AND empty)
    UPDATE review_group SET data_key_id = ${currentDataKeyId()}, content_encrypted = content
    FROM changed WHERE review_group.id = changed.id AND NOT empty`;
}
