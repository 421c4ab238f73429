import { createHash, timingSafeEqual } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { database } from "@/lib/db/client";
import type { AuditActorKind, Prisma } from "@/lib/db/generated/client";
import { keyedHash } from "@/lib/db/keyed-hash";
import { type Audience, discloseDetail, openActions } from "@/lib/disclosure";
import type { Actor } from "./actor";

/** Advisory lock of the log. No other lock in this database may use this number. */
const AUDIT_LOCK_KEY = 7_240_120;
/** Previous hash of the first entry. */
const GENESIS = Buffer.alloc(32);
/** Id of the only row, which points to the newest entry. */
const HEAD_ID = 1;
/** Entries read per query while the chain is verified. */
const CHECKED_AT_A_TIME = 5_000;
export const AUDIT_PAGE_ENTRIES = 100;
const CHECK_ACTION = "audit.check";
/** How long the desk shows an alarm. */
const ALARMS_SHOWN_HOURS = 24;

export type AuditEntry = {
  sequence: bigint;
  id: string;
  at: Date;
  actorKind: AuditActorKind;
  actorId: string | null;
  actorLabel: string;
  action: string;
  /** Id of what the entry is about, if it has one. */
  subject: string | null;
  detail: string;
  previousHash: Uint8Array;
  hash: Uint8Array;
};
type Hashed = Omit<AuditEntry, "hash">;

export type NewAuditEntry = {
  /** Null for the system itself or an operator on the server. */
  actor: Actor | null;
  action: string;
  /** Id of what the entry is about, unless it is a signature. */
  subject?: string;
  /**
   * Id of the signature the entry is about. It reveals when it was signed, so the log
   * stores its `pseudonymOf`.
   */
  signature?: string;
  /** Slug of the campaign the entry is about, if it is about one. Stored in the detail as `slug`. */
  campaign?: string;
  /** Must hold no personal data of signatories, nor ids of signatures. */
  detail: Record<string, unknown>;
};

/**
 * Appends an entry to the audit log, chained to the previous one by its hash.
 * @param transaction the one that makes the change, so that both are committed or neither is. The log stays
 *   locked until it ends: make this its last statement.
 * @returns the entry's id.
 */
export function recordAudit(entry: NewAuditEntry, transaction?: Prisma.TransactionClient): Promise<string> {
  return transaction
    ? append(entry, transaction)
    : database().$transaction((ownTransaction) => append(entry, ownTransaction));
}

async function append(entry: NewAuditEntry, transaction: Prisma.TransactionClient): Promise<string> {
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${AUDIT_LOCK_KEY})`;
  const last = await transaction.auditEntry.findFirst({ orderBy: { sequence: "desc" } });
  const made: Hashed = {
    sequence: await nextSequence(last, transaction),
    id: uuidv7(),
    at: new Date(),
    actorKind: entry.actor?.kind ?? "system",
    actorId: entry.actor?.id ?? null,
    actorLabel: entry.actor?.label ?? "system",
    action: entry.action,
    subject: entry.signature === undefined ? (entry.subject ?? null) : pseudonymOf(entry.signature),
    detail: canonicalJson(
      entry.campaign === undefined ? entry.detail : { ...entry.detail, slug: entry.campaign },
    ),
    previousHash: last?.hash ?? GENESIS,
  };
  const { previousHash, ...columns } = made;
  const hash = hashOf(made);
  await transaction.auditEntry.create({
    data: { ...columns, previousHash: Buffer.from(previousHash), hash },
  });
  const head = { sequence: made.sequence, seal: sealOf({ sequence: made.sequence, hash }) };
  await transaction.auditHead.upsert({
    where: { id: HEAD_ID },
    create: { id: HEAD_ID, ...head },
    update: head,
  });
  return made.id;
}

/**
 * Returns a signature's pseudonym in the log: a keyed hash of its id, as a UUID (RFC 9562, 5.8). It
 * finds the entries of an existing signature. Once that is erased, nothing tells when it was signed, or
 * that somebody signed again.
 */
export function pseudonymOf(signatureId: string): string {
  const bytes = keyedHash("audit-subject", signatureId).subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * Returns the sequence number of the next entry. If entries are missing from the log's end, or the newest is
 * not the one that was written, it leaves a gap, so that later entries do not hide this.
 */
async function nextSequence(last: Place | null, transaction: Prisma.TransactionClient): Promise<bigint> {
  const place = last?.sequence ?? 0n;
  const head = await transaction.auditHead.findUnique({ where: { id: HEAD_ID } });
  if (head === null || head.sequence < place) return place + 1n;
  const isWhole = last !== null && head.sequence === place && isSealed(last, head.seal);
  return head.sequence + (isWhole ? 1n : 2n);
}

type Place = Pick<AuditEntry, "sequence" | "hash">;

function sealOf({ sequence, hash }: Place): Buffer<ArrayBuffer> {
  return keyedHash("audit-head", `${sequence} ${Buffer.from(hash).toString("hex")}`);
}

function isSealed(entry: Place, seal: Uint8Array): boolean {
  return timingSafeEqual(sealOf(entry), seal);
}

export type AuditCheck = { ok: true; entries: number; head: string } | { ok: false; brokenAt: bigint };

/**
 * Verifies the whole chain. A changed, missing or inserted entry breaks it at that place. Entries missing
 * from its end, and a rewritten chain, break it where the newest entry should be.
 */
export async function verifyAudit(): Promise<AuditCheck> {
  // Read first: entries added meanwhile come after it.
  const head = await database().auditHead.findUnique({ where: { id: HEAD_ID } });
  let previous: Uint8Array = GENESIS;
  let sequence = 0n;
  for (;;) {
    const entries = await database().auditEntry.findMany({
      where: { sequence: { gt: sequence } },
      orderBy: { sequence: "asc" },
      take: CHECKED_AT_A_TIME,
    });
    for (const entry of entries) {
      const expected = sequence + 1n;
      const whole =
        entry.sequence === expected &&
        Buffer.compare(entry.previousHash, previous) === 0 &&
        Buffer.compare(entry.hash, hashOf(entry)) === 0 &&
        (entry.sequence !== head?.sequence || isSealed(entry, head.seal));
      if (!whole) return { ok: false, brokenAt: expected };
      previous = entry.hash;
      sequence = expected;
    }
    if (entries.length < CHECKED_AT_A_TIME) {
      // There is a head if and only if there are entries.
      if (head === null ? sequence > 0n : sequence < head.sequence)
        return { ok: false, brokenAt: sequence + 1n };
      return { ok: true, entries: Number(sequence), head: Buffer.from(previous).toString("hex") };
    }
  }
}

export type AuditSearch = {
  actor?: string | undefined;
  /** What the action begins with, or the actions. */
  action?: string | readonly string[] | undefined;
  /** Slugs of campaigns: only entries that are about one of them. */
  campaigns?: readonly string[] | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  /** Entries older than this one, by its id or, for audiences that see them, its sequence number. */
  before?: { id: string } | { sequence: bigint } | undefined;
};

/**
 * An entry as an audience may read it. Sequence number and hash are null where they
 * would reveal omitted entries.
 */
export type ShownEntry = Pick<AuditEntry, "id" | "at" | "actorKind" | "actorLabel" | "action" | "detail"> & {
  sequence: bigint | null;
  hash: Uint8Array | null;
};

/** Returns the log entries that an audience may read, newest first, one page at a time. */
export async function searchAudit(
  search: AuditSearch,
  audience: Audience,
  take = AUDIT_PAGE_ENTRIES,
): Promise<ShownEntry[]> {
  const open = openActions(audience);
  const before = await placeBefore(search.before, open === null);
  const entries = await database().auditEntry.findMany({
    where: {
      ...(open === null ? {} : { OR: open.map((action) => ({ action: { startsWith: action } })) }),
      ...(search.actor ? { actorLabel: { contains: search.actor, mode: "insensitive" } } : {}),
      AND: [
        ...(search.action ? [{ action: actionLike(search.action) }] : []),
        ...(search.campaigns ? [{ OR: search.campaigns.map(namesCampaign) }] : []),
      ],
      at: { ...(search.from ? { gte: search.from } : {}), ...(search.to ? { lt: search.to } : {}) },
      ...(before === undefined ? {} : { sequence: { lt: before } }),
    },
    orderBy: { sequence: "desc" },
    take,
  });
  return entries.map(({ id, at, actorKind, actorLabel, action, detail, sequence, hash }) => ({
    id,
    at,
    actorKind,
    actorLabel,
    action,
    detail: discloseDetail(detail, audience),
    sequence: open === null ? sequence : null,
    hash: open === null ? hash : null,
  }));
}

function actionLike(action: string | readonly string[]): Prisma.StringFilter {
  return typeof action === "string" ? { startsWith: action } : { in: [...action] };
}

function namesCampaign(slug: string): Prisma.AuditEntryWhereInput {
  return { detail: { contains: `"slug":${JSON.stringify(slug)}` } };
}

/**
 * Returns the sequence number that a page ends before. Audiences that do not see the numbers
 * may not probe them either.
 */
async function placeBefore(before: AuditSearch["before"], seesPlaces: boolean): Promise<bigint | undefined> {
  if (before === undefined) return undefined;
  if ("sequence" in before) return seesPlaces ? before.sequence : undefined;
  return (await database().auditEntry.findUnique({ where: { id: before.id } }))?.sequence;
}

/** Returns an entry, with its detail as an audience may read it; null if there is none that they may read. */
export async function auditEntry(id: string, audience: Audience): Promise<AuditEntry | null> {
  const entry = await database().auditEntry.findUnique({ where: { id } });
  const open = openActions(audience);
  if (entry === null || open?.every((action) => !entry.action.startsWith(action))) return null;
  return { ...entry, detail: discloseDetail(entry.detail, audience) };
}

const aboutCampaign = z.object({ slug: z.string() });

/** Returns the slug of the campaign that an entry is about; null if it is about none. */
export function campaignOf({ detail }: Pick<AuditEntry, "detail">): string | null {
  return aboutCampaign.safeParse(JSON.parse(detail)).data?.slug ?? null;
}

/**
 * Returns the alarms of the last day, newest first: guessed codes, or more names opened than an hour allows.
 */
export function securityAlarms(now = new Date()): Promise<ShownEntry[]> {
  const from = new Date(now.getTime() - ALARMS_SHOWN_HOURS * 60 * 60 * 1000);
  return searchAudit({ action: "alarm.", from }, "trusted");
}

/** Returns the entries about one thing by its id, or about a signature by its pseudonym, oldest first. */
export function auditOf(subject: string): Promise<AuditEntry[]> {
  return database().auditEntry.findMany({
    where: { subject },
    orderBy: { sequence: "asc" },
    take: AUDIT_PAGE_ENTRIES,
  });
}

/** Result of a chain check, as an audience may read it. The chain's length would reveal omitted entries. */
export type ShownCheck =
  | { ok: true; entries: number | null; head: string | null }
  | { ok: false; brokenAt: bigint | null };
export type AuditChecked = { at: Date; who: string; check: ShownCheck };

const checkedSchema = z.union([
  z.object({ ok: z.literal(true), entries: z.number(), head: z.string() }),
  z.object({ ok: z.literal(false), brokenAt: z.string().transform(BigInt) }),
]);

/**
 * Verifies the whole chain and records the result in it. Reads every entry: run it on
 * request, not on every view.
 */
export async function checkAudit(actor: Actor | null): Promise<AuditCheck> {
  const check = await verifyAudit();
  const detail = check.ok ? check : { ok: false, brokenAt: check.brokenAt.toString() };
  await recordAudit({ actor, action: CHECK_ACTION, detail });
  return check;
}

/** Returns the result of the last check, as an audience may read it; null if there was none. */
export async function lastAuditCheck(audience: Audience): Promise<AuditChecked | null> {
  const entry = await database().auditEntry.findFirst({
    where: { action: CHECK_ACTION },
    orderBy: { sequence: "desc" },
  });
  const check = checkedSchema.safeParse(entry === null ? null : JSON.parse(entry.detail));
  return entry !== null && check.success
    ? { at: entry.at, who: entry.actorLabel, check: shownCheck(check.data, audience) }
    : null;
}

function shownCheck(check: AuditCheck, audience: Audience): ShownCheck {
  if (openActions(audience) === null) return check;
  return check.ok ? { ok: true, entries: null, head: null } : { ok: false, brokenAt: null };
}

/** Returns the SHA-256 of the previous hash and the entry's fields, in a fixed order. */
function hashOf(entry: Hashed): Buffer<ArrayBuffer> {
  const words = [
    entry.sequence.toString(),
    entry.id,
    entry.at.toISOString(),
    entry.actorKind,
    entry.actorId,
    entry.actorLabel,
    entry.action,
    entry.detail,
  ];
  // Entries from before `subject` existed keep their hash.
  if (entry.subject !== null) words.push(entry.subject);
  return Buffer.from(createHash("sha256").update(entry.previousHash).update(JSON.stringify(words)).digest());
}

/** Serialises JSON with its top-level keys sorted, so that equal details have equal text. */
function canonicalJson(detail: Record<string, unknown>): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(detail).sort(([one], [other]) => (one < other ? -1 : 1))),
  );
}
