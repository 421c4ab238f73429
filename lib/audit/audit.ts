import { createHash, timingSafeEqual } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { database } from "@/lib/db/client";
import type { AuditActorKind, Prisma } from "@/lib/db/generated/client";
import { keyedHash } from "@/lib/db/keyed-hash";
import { type Audience, discloseDetail, openActions } from "@/lib/disclosure";
import type { Actor } from "./roles";

/** Any number that no other use of advisory locks in this database takes. */
const AUDIT_LOCK_KEY = 7_240_120;
/** Stands before the first entry. */
const GENESIS = Buffer.alloc(32);
/** The only row that says which entry is the newest. */
const HEAD_ID = 1;
/** Entries read at a time while the chain is checked. */
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
  /** The id of the one thing it speaks of, if it does. */
  subject: string | null;
  detail: string;
  previousHash: Uint8Array;
  hash: Uint8Array;
};
type Hashed = Omit<AuditEntry, "hash">;

export type NewAuditEntry = {
  /** Null for what the system did by itself or an operator did at the machine. */
  actor: Actor | null;
  action: string;
  /** The id of the one thing the entry speaks of, if it is no signature. */
  subject?: string;
  /** The one signature that the entry speaks of. Its id tells when it was signed: the log keeps `pseudonymOf` it. */
  signature?: string;
  /** Never personal data of signatories, nor ids of signatures. */
  detail: Record<string, unknown>;
};

/**
 * Adds an entry to the audit log, chained to the one before it by its hash.
 * @param transaction the one that makes the change, so that both are committed or neither is. The log is locked until it
 *   ends: let this be its last statement.
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
    detail: canonicalJson(entry.detail),
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
 * What stands for a signature in the log: a keyed hash of its id, as a UUID (RFC 9562, 5.8). It finds the entries of a
 * signature that exists. Once that is erased nothing tells when it was signed, or that somebody signed again.
 */
export function pseudonymOf(signatureId: string): string {
  const bytes = keyedHash("audit-subject", signatureId).subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * The place after the newest entry. Where entries are missing from the log's end, or the newest is not the one that was
 * written, a gap stays, so that going on does not hide it.
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
 * Walks the whole chain. A changed, missing or inserted entry breaks it at its place; so do entries missing from its end,
 * and a chain that was written anew, where the newest entry should be.
 */
export async function verifyAudit(): Promise<AuditCheck> {
  // Read first: whatever is added meanwhile comes after it.
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
      // With entries there is a head; without, neither.
      if (head === null ? sequence > 0n : sequence < head.sequence)
        return { ok: false, brokenAt: sequence + 1n };
      return { ok: true, entries: Number(sequence), head: Buffer.from(previous).toString("hex") };
    }
  }
}

export type AuditSearch = {
  actor?: string | undefined;
  action?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  /** Entries older than this one, by its id or, for those who are shown places, its place. */
  before?: { id: string } | { sequence: bigint } | undefined;
};

/** An entry as an audience may read it. Its place and hash are null where they would tell of entries that are left out. */
export type ShownEntry = Pick<AuditEntry, "id" | "at" | "actorKind" | "actorLabel" | "action" | "detail"> & {
  sequence: bigint | null;
  hash: Uint8Array | null;
};

/** Entries of the log that an audience may read, newest first, a page at a time. */
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
      ...(search.action ? { AND: { action: { startsWith: search.action } } } : {}),
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

/** The place that a page ends before. Who is not shown places may not try them out either. */
async function placeBefore(before: AuditSearch["before"], seesPlaces: boolean): Promise<bigint | undefined> {
  if (before === undefined) return undefined;
  if ("sequence" in before) return seesPlaces ? before.sequence : undefined;
  return (await auditEntry(before.id))?.sequence;
}

/** One entry; null when there is none. */
export function auditEntry(id: string): Promise<AuditEntry | null> {
  return database().auditEntry.findUnique({ where: { id } });
}

/** Alarms of the last day, newest first: somebody guessed codes, or opened more names than an hour allows. */
export function securityAlarms(now = new Date()): Promise<ShownEntry[]> {
  const from = new Date(now.getTime() - ALARMS_SHOWN_HOURS * 60 * 60 * 1000);
  return searchAudit({ action: "alarm.", from }, "trusted");
}

/** Entries that speak of one thing by its id, or of a signature by its pseudonym, oldest first. */
export function auditOf(subject: string): Promise<AuditEntry[]> {
  return database().auditEntry.findMany({
    where: { subject },
    orderBy: { sequence: "asc" },
    take: AUDIT_PAGE_ENTRIES,
  });
}

/** What came of a check of the chain, as an audience may know it: how long it is tells of entries that are left out. */
export type ShownCheck =
  | { ok: true; entries: number | null; head: string | null }
  | { ok: false; brokenAt: bigint | null };
export type AuditChecked = { at: Date; who: string; check: ShownCheck };

const checkedSchema = z.union([
  z.object({ ok: z.literal(true), entries: z.number(), head: z.string() }),
  z.object({ ok: z.literal(false), brokenAt: z.string().transform(BigInt) }),
]);

/** Checks the whole chain and notes in it what came of that. Reads every entry: for whoever asks, not for every view. */
export async function checkAudit(actor: Actor | null): Promise<AuditCheck> {
  const check = await verifyAudit();
  const detail = check.ok ? check : { ok: false, brokenAt: check.brokenAt.toString() };
  await recordAudit({ actor, action: CHECK_ACTION, detail });
  return check;
}

/** What the last check found, as an audience may know it; null when there was none. */
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

/** SHA-256 over the hash before and the entry's own words, in one fixed order. */
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
  // Entries from before there was a subject keep their hash.
  if (entry.subject !== null) words.push(entry.subject);
  return Buffer.from(createHash("sha256").update(entry.previousHash).update(JSON.stringify(words)).digest());
}

/** JSON with its names in order, so that equal details have equal text. */
function canonicalJson(detail: Record<string, unknown>): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(detail).sort(([one], [other]) => (one < other ? -1 : 1))),
  );
}
