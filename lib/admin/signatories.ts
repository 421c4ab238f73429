import { database } from "@/lib/db/client";
import { open } from "@/lib/db/encryption";
import { Prisma } from "@/lib/db/generated/client";
import { exportsIncluding } from "@/lib/export";
import { keepingLinks, mailboxKey, mayBeMailed, mendAddress, notingRetry, suppressing } from "@/lib/mailbox";
import { HELD_REASON } from "@/lib/signing/confirm";
import { nameKey, REMINDER_INTERVAL_MINUTES } from "@/lib/signing/sign";
import { auditOf, recordAudit } from "./audit";
import type { Actor } from "./roles";
import { meeting, type SignatureRule } from "./rule";

export const SIGNATORIES_PER_PAGE = 50;
/** The most on one page, and the most that can be dealt with in one go. */
export const SIGNATORIES_AT_ONCE = 500;

export type SignatoryState = "pending" | "confirmed" | "invalid";
export type SignatureSource = "web" | "paper";

export type Signatory = {
  id: string;
  name: string;
  email: string;
  country: string;
  locale: string;
  state: SignatoryState;
  source: SignatureSource;
  wantsUpdates: boolean;
  publicName: boolean;
  ref: string | null;
  signedAt: Date;
  confirmedAt: Date | null;
};

export type SignatoryFilter = SignatureRule & {
  state?: SignatoryState | undefined;
  locale?: string | undefined;
  updates?: boolean | undefined;
  source?: SignatureSource | undefined;
  /** Only those that wait for an owner, because the trap field was filled in. */
  held?: boolean | undefined;
  /** A whole address, or a whole name: nothing less can be found, since neither is stored readable. */
  find?: string | undefined;
};

/** The edge of a page: another begins behind it (earlier) or ahead of it (later). */
export type Place = { signedAt: Date; id: string };
export type PageEdge = { direction: "behind" | "ahead"; place: Place };

type Row = Omit<Signatory, "name" | "email"> & {
  dataKeyId: string;
  nameEncrypted: Uint8Array;
  emailEncrypted: Uint8Array;
};

const COLUMNS = Prisma.sql`signature.id, signature.data_key_id AS "dataKeyId", name_encrypted AS "nameEncrypted",
  email_encrypted AS "emailEncrypted", country, locale, state, source, wants_updates AS "wantsUpdates",
  public_name AS "publicName", ref, signed_at AS "signedAt", confirmed_at AS "confirmedAt"`;

/** Signatories, newest first, a page at a time, in either direction; each page costs the same, however far back. */
export async function findSignatories(
  slug: string,
  filter: SignatoryFilter,
  edge?: PageEdge,
  take = SIGNATORIES_PER_PAGE,
): Promise<Signatory[]> {
  const conditions = [
    Prisma.sql`campaign_id = (SELECT id FROM campaign WHERE slug = ${slug})`,
    ...meeting(filter),
  ];
  // Few are invalid: found by their marks, not by reading all that are not.
  if (filter.state === "invalid")
    conditions.push(Prisma.sql`signature.id IN (SELECT signature_id FROM signature_invalidation)`);
  else if (filter.state) conditions.push(Prisma.sql`state = ${filter.state}::signature_state`);
  if (filter.locale) conditions.push(Prisma.sql`locale = ${filter.locale}`);
  // Said with the value itself, so that the index of those on paper is used.
  if (filter.source === "paper") conditions.push(Prisma.sql`source = 'paper'`);
  if (filter.source === "web") conditions.push(Prisma.sql`source = 'web'`);
  if (filter.held)
    conditions.push(Prisma.sql`held AND signature.id IN (
      SELECT signature_id FROM signature_invalidation WHERE reason = ${HELD_REASON})`);
  if (filter.updates) conditions.push(Prisma.sql`wants_updates`);
  if (filter.find)
    conditions.push(
      isAddress(filter.find)
        ? Prisma.sql`email_key = ${mailboxKey(filter.find)}`
        : Prisma.sql`name_key = ${nameKey(filter.find)}`,
    );
  const backwards = edge?.direction === "ahead";
  if (edge) {
    const { signedAt, id } = edge.place;
    conditions.push(
      backwards
        ? Prisma.sql`(signed_at, signature.id) > (${signedAt}, ${id}::uuid)`
        : Prisma.sql`(signed_at, signature.id) < (${signedAt}, ${id}::uuid)`,
    );
  }
  const order = backwards
    ? Prisma.sql`signed_at, signature.id`
    : Prisma.sql`signed_at DESC, signature.id DESC`;
  const rows = await database().$queryRaw<Row[]>`
    SELECT ${COLUMNS} FROM signature WHERE ${Prisma.join(conditions, " AND ")} ORDER BY ${order} LIMIT ${take}`;
  return (backwards ? rows.reverse() : rows).map(opened);
}

/** Whether a search is for an address, however it is spelled. */
export function isAddress(find: string): boolean {
  return mendAddress(find).includes("@");
}

export type HistoryEvent = { at: Date; what: string };
export type Invalidity = { reason: string; actor: string; at: Date; deleteAt: Date | null };

/** One signatory with all that happened: signed, mailed, confirmed, corrected, exported in, and what administrators did. Null when unknown. */
export async function signatoryWithHistory(id: string): Promise<{
  signatory: Signatory;
  invalidity: Invalidity | null;
  unsubscribedAt: Date | null;
  history: HistoryEvent[];
} | null> {
  const [found] = await database().$queryRaw<
    (Row & { correctedAt: Date | null; unsubscribedAt: Date | null })[]
  >`
    SELECT ${COLUMNS}, corrected_at AS "correctedAt", unsubscribed_at AS "unsubscribedAt" FROM signature WHERE id = ${id}::uuid`;
  if (!found) return null;
  const { correctedAt, unsubscribedAt, ...row } = found;
  const [mails, audited, invalidity, exports] = await Promise.all([
    database().mail.findMany({ where: { signatureId: id }, orderBy: { createdAt: "asc" } }),
    auditOf(id),
    database().signatureInvalidation.findUnique({ where: { signatureId: id } }),
    exportsIncluding(id),
  ]);
  const confirmedAt = row.confirmedAt ?? invalidity?.confirmedAt;
  const history: HistoryEvent[] = [
    { at: row.signedAt, what: row.source === "paper" ? "signed on paper" : "signed" },
    ...(confirmedAt ? [{ at: confirmedAt, what: "confirmed" }] : []),
    ...(correctedAt ? [{ at: correctedAt, what: "corrected by the signer, the last time" }] : []),
    ...(unsubscribedAt ? [{ at: unsubscribedAt, what: "unsubscribed" }] : []),
    ...(invalidity
      ? [{ at: invalidity.at, what: `marked invalid by ${invalidity.actor}: ${invalidity.reason}` }]
      : []),
    ...mails.flatMap(({ kind, createdAt, state, finishedAt, reason, outcome, outcomeAt }) => [
      { at: createdAt, what: `mail "${kind}" owed` },
      ...(finishedAt
        ? [{ at: finishedAt, what: `mail "${kind}" ${state}${reason ? `: ${reason}` : ""}` }]
        : []),
      ...(outcomeAt ? [{ at: outcomeAt, what: `mail "${kind}" ${outcome}` }] : []),
    ]),
    ...exports.map(({ at, format, actor, whole }) => ({
      at,
      what: `${whole ? "exported in" : "perhaps exported in, as the file was not completed:"} ${format.toUpperCase()} by ${actor}`,
    })),
    ...audited.map(({ at, action, actorLabel }) => ({ at, what: `${action} by ${actorLabel}` })),
  ];
  return {
    signatory: opened(row),
    invalidity,
    unsubscribedAt,
    history: history.sort((one, other) => one.at.getTime() - other.at.getTime()),
  };
}

/** Deletes a signature with all that belongs to it; with `suppress`, its address is never mailed again. */
export function deleteSignatory(actor: Actor, id: string, suppress: boolean): Promise<boolean> {
  return database().$transaction(async (transaction) => {
    const gone = await transaction.$queryRaw<{ id: string }[]>`
      WITH gone AS (DELETE FROM signature WHERE id = ${id}::uuid RETURNING id, email_key),
      unwanted AS (SELECT email_key FROM gone WHERE ${suppress}),
      suppressed AS (${suppressing(Prisma.sql`unwanted`, "erased")}),
      linked AS (${keepingLinks(Prisma.sql`unwanted`)})
      SELECT id FROM gone`;
    if (gone.length === 0) return false;
    const action = suppress ? "signatory.erase" : "signatory.withdraw";
    await recordAudit({ actor, action, subject: id, detail: { signature: id } }, transaction);
    return true;
  });
}

/**
 * How many were owed a mail; of the others, to how many addresses one went within the hour, and how many may not be
 * written to at all.
 */
export type Resending = { owed: number; tooSoon: number; refused: number };

/** Owes signatories their mail once more, at most once an hour, unless the address is suppressed, there is none, or the signature is invalid. */
export function resendMails(actor: Actor, ids: string[]): Promise<Resending> {
  return database().$transaction(async (transaction) => {
    const [resending] = await transaction.$queryRaw<Resending[]>`
      WITH chosen AS (
        SELECT id, state, email_key, mail_requested_at > now() - make_interval(mins => ${REMINDER_INTERVAL_MINUTES}::int) AS recent,
          state = 'invalid' OR source = 'paper' AND email_domain_key IS NULL
            OR unsubscribed_at IS NOT NULL OR NOT ${mayBeMailed(Prisma.sql`signature.email_key`)} AS refused
        FROM signature WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE
      ),
      due AS (SELECT id, state, email_key FROM chosen WHERE NOT recent AND NOT refused),
      retried AS (${notingRetry(Prisma.sql`due`)}),
      asked AS (UPDATE signature SET mail_requested_at = now() FROM due WHERE signature.id = due.id),
      owed AS (
        INSERT INTO mail (id, signature_id, kind)
        SELECT gen_random_uuid(), id, (CASE state WHEN 'confirmed' THEN 'confirmed' ELSE 'reminder' END)::mail_kind FROM due
      )
      SELECT count(*) FILTER (WHERE NOT recent AND NOT refused)::int AS owed,
        count(*) FILTER (WHERE recent AND NOT refused)::int AS "tooSoon", count(*) FILTER (WHERE refused)::int AS refused
      FROM chosen`;
    if (!resending) throw new Error("an aggregate without groups answers one row");
    const [only] = ids.length === 1 ? ids : [];
    if (resending.owed > 0)
      await recordAudit(
        {
          actor,
          action: "signatory.resend",
          ...(only === undefined ? {} : { subject: only }),
          detail: { ...resending, ids },
        },
        transaction,
      );
    return resending;
  });
}

function opened({ dataKeyId, nameEncrypted, emailEncrypted, ...row }: Row): Signatory {
  const place = { table: "signature", id: row.id } as const;
  return {
    ...row,
    name: open(nameEncrypted, dataKeyId, { ...place, column: "name" }),
    email: open(emailEncrypted, dataKeyId, { ...place, column: "email" }),
  };
}
