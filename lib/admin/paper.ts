import { createHash } from "node:crypto";
import { parse } from "csv-parse/sync";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { CONSENT_VERSION } from "@/lib/consent";
import { database } from "@/lib/db/client";
import { currentDataKeyId, open, seal } from "@/lib/db/encryption";
import { keyedHash } from "@/lib/db/keyed-hash";
import { DEFAULT_LOCALE, LOCALES } from "@/lib/i18n/locales";
import type { ErrorKey } from "@/lib/i18n/messages";
import { mailboxKey } from "@/lib/mailbox";
import { sealPerson } from "@/lib/people/person";
import { bucketBitsOf, checkCorrection, checkEmail, nameBucket } from "@/lib/signing";
import { recordAudit } from "./audit";
import { UNDO_MINUTES } from "./invalid";
import type { Actor } from "./roles";

/** The largest file, in bytes, and the most signatures in it. Longer lists come in several files. */
export const PAPER_FILE_LIMIT_BYTES = 200 * 1024;
export const PAPER_ROWS_MAX = 2_000;
/** What the name of a file must end in, whatever its case. */
export const PAPER_FILE_EXTENSION = ".csv";
/** How long what was read from a file is kept for the import, sealed, in minutes. */
export const PAPER_DRAFT_MINUTES = 60;
const DELIMITERS = [",", ";", "\t"] as const;
const COLUMNS_NEEDED = ["name", "country"] as const;

const rowSchema = z.object({
  name: z.string(),
  /** Empty where the sheet has none: such a signature counts and can never be mailed. */
  email: z.string(),
  country: z.string(),
  locale: z.enum(LOCALES),
  updates: z.boolean(),
  signedAt: z.string().nullable(),
});
type PaperRow = z.infer<typeof rowSchema>;

export type PaperMistake = { line: number; key: ErrorKey | "signed.invalid" | "repeated" };
/** Why nothing could be read from a file. */
export type PaperRefusal =
  | "extension"
  | "not-utf8"
  | "not-csv"
  | "columns"
  | "too-many"
  | "empty"
  | "imported-already";
export type PaperDraft = {
  id: string;
  signatures: number;
  mistakes: PaperMistake[];
  /** How many addresses have signed already; whose, nobody is told. */
  present: number;
};

type ReadPaper =
  | { ok: true; rows: PaperRow[]; mistakes: PaperMistake[] }
  | { ok: false; refusal: PaperRefusal };

/**
 * Reads a file of signatures given on paper: UTF-8, RFC 4180 with comma, semicolon or tab, a first line that names the
 * columns `name`, `country` and, if wanted, `email`, `locale`, `updates` (yes) and `signed` (year-month-day).
 * Rows go by the rules of the form; that consent was given stands on the sheet.
 */
export function readPaper(file: Uint8Array): ReadPaper {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(file);
  } catch {
    return { ok: false, refusal: "not-utf8" };
  }
  if (text.includes("\0")) return { ok: false, refusal: "not-csv" };
  const [head = ""] = text.split(/\r?\n/, 1);
  const delimiter = DELIMITERS.find((one) => head.includes(one)) ?? ",";
  let records: { record: Record<string, string>; info: { lines: number } }[];
  let columns: string[] = [];
  try {
    records = parse(text, {
      delimiter,
      columns: (names: string[]) => {
        columns = names.map((name) => name.trim().toLowerCase());
        return columns;
      },
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      to: PAPER_ROWS_MAX + 1,
    }) as unknown as typeof records;
  } catch {
    return { ok: false, refusal: "not-csv" };
  }
  if (!COLUMNS_NEEDED.every((name) => columns.includes(name))) return { ok: false, refusal: "columns" };
  if (records.length === 0) return { ok: false, refusal: "empty" };
  if (records.length > PAPER_ROWS_MAX) return { ok: false, refusal: "too-many" };
  const rows: PaperRow[] = [];
  const mistakes: PaperMistake[] = [];
  const addresses = new Set<string>();
  for (const { record, info } of records) {
    const { row, keys } = checkRow(record);
    const address = row && row.email !== "" ? mailboxKey(row.email).toString("hex") : null;
    if (address !== null && addresses.has(address)) mistakes.push({ line: info.lines, key: "repeated" });
    else if (row) rows.push(row);
    mistakes.push(...keys.map((key) => ({ line: info.lines, key })));
    if (address !== null) addresses.add(address);
  }
  return { ok: true, rows, mistakes };
}

function checkRow(record: Record<string, string>): { row: PaperRow | null; keys: PaperMistake["key"][] } {
  const { email = "", locale = "", signed = "" } = record;
  const checked = checkCorrection({
    ...record,
    locale: locale.trim() === "" ? DEFAULT_LOCALE : locale.trim(),
    updates: record.updates?.trim().toLowerCase(),
  });
  const address = email.trim() === "" ? ({ ok: true, email: "" } as const) : checkEmail(email);
  const day = signed.trim();
  const dayWrong = day !== "" && (!z.iso.date().safeParse(day).success || new Date(day) > new Date());
  if (checked.ok && address.ok && !dayWrong) {
    const { name, country, locale: language, updates } = checked.correction;
    return {
      row: {
        name,
        email: address.email,
        country,
        locale: language,
        updates: updates && address.email !== "",
        signedAt: day === "" ? null : day,
      },
      keys: [],
    };
  }
  return {
    row: null,
    keys: [
      ...(checked.ok ? [] : Object.values(checked.errors).flat()),
      ...(address.ok ? [] : address.errors),
      ...(dayWrong ? (["signed.invalid"] as const) : []),
    ],
  };
}

/**
 * Keeps what can be imported from a file, sealed, until an owner says so; nothing counts yet. The file itself is kept nowhere.
 * @param name of the file, of which only the end is looked at.
 */
export async function draftPaper(
  actor: Actor,
  slug: string,
  name: string,
  file: Uint8Array,
): Promise<{ ok: true; draft: PaperDraft } | { ok: false; refusal: PaperRefusal }> {
  if (!name.toLowerCase().endsWith(PAPER_FILE_EXTENSION)) return { ok: false, refusal: "extension" };
  const read = readPaper(file);
  if (!read.ok) return read;
  const campaign = await database().campaign.findUniqueOrThrow({ where: { slug }, select: { id: true } });
  const fileKey = keyedHash("paper-file", createHash("sha256").update(file).digest("hex"));
  const known = { campaignId: campaign.id, fileKey, state: "imported" };
  if ((await database().paperImport.count({ where: known })) > 0)
    return { ok: false, refusal: "imported-already" };
  const id = uuidv7();
  const keys = read.rows.filter(({ email }) => email !== "").map(({ email }) => mailboxKey(email));
  const present = await database().signature.count({
    where: { campaignId: campaign.id, emailKey: { in: keys } },
  });
  await database().paperImport.create({
    data: {
      id,
      campaignId: campaign.id,
      dataKeyId: currentDataKeyId(),
      rowsEncrypted: seal(JSON.stringify(read.rows), placeOf(id)),
      fileKey,
      signatures: read.rows.length,
      actor: actor.label,
    },
  });
  return { ok: true, draft: { id, signatures: read.rows.length, mistakes: read.mistakes, present } };
}

const placeOf = (id: string) => ({ table: "paper_import", column: "rows", id }) as const;

/**
 * Imports a draft in one transaction: confirmed by hand on paper, so counted as confirmed, and owed no mail. Addresses that
 * have signed already are left as they are. @returns how many were added; null when the draft is gone or was imported.
 */
export function importPaper(actor: Actor, id: string): Promise<number | null> {
  return database().$transaction(async (transaction) => {
    const [draft] = await transaction.$queryRaw<
      {
        campaignId: string;
        slug: string;
        dataKeyId: string;
        rows: Uint8Array;
        fileKey: Uint8Array<ArrayBuffer>;
      }[]
    >`
      SELECT campaign_id AS "campaignId", slug, data_key_id AS "dataKeyId", rows_encrypted AS rows, file_key AS "fileKey"
      FROM paper_import JOIN campaign ON campaign.id = campaign_id WHERE paper_import.id = ${id}::uuid AND state = 'draft'
        AND paper_import.created_at > now() - make_interval(mins => ${PAPER_DRAFT_MINUTES}::int) FOR UPDATE OF paper_import`;
    // Sealed by a key that was changed meanwhile: it may be gone, and the file is at hand.
    if (!draft || draft.dataKeyId !== currentDataKeyId()) return null;
    const { campaignId, fileKey } = draft;
    if ((await transaction.paperImport.count({ where: { campaignId, fileKey, state: "imported" } })) > 0)
      return null;
    const rows = z.array(rowSchema).parse(JSON.parse(open(draft.rows, draft.dataKeyId, placeOf(id))));
    const now = new Date();
    const bitsFor = await bucketBitsOf(draft.slug);
    const sealed = rows.map((row) => {
      const signedAt = row.signedAt === null ? now : new Date(row.signedAt);
      const signatureId = uuidv7({ msecs: signedAt.getTime() });
      const hasAddress = row.email !== "";
      return {
        ...row,
        id: signatureId,
        signedAt,
        person: sealPerson(row, signatureId),
        // Without an address nobody can be told to have signed twice: such a signature has a key of its own.
        emailKey: hasAddress ? mailboxKey(row.email) : keyedHash("email-key", signatureId),
        hasAddress,
      };
    });
    const consents = await transaction.consentText.findMany({ where: { version: CONSENT_VERSION } });
    const consentIds = new Map(consents.map((text) => [text.locale, text.id]));
    const { count } = await transaction.signature.createMany({
      data: sealed.map((row) => ({
        id: row.id,
        campaignId,
        emailKey: row.emailKey,
        dataKeyId: currentDataKeyId(),
        personEncrypted: row.person,
        country: row.country,
        locale: row.locale,
        state: "confirmed" as const,
        wantsUpdates: row.updates,
        publicName: false,
        consentTextId: consentIds.get(row.locale) ?? "",
        signedAt: row.signedAt,
        confirmedAt: now,
        mailRequestedAt: now,
        nameBucket: nameBucket(row.name, bitsFor(row.country)),
        hasAddress: row.hasAddress,
        source: "paper" as const,
        paperImportId: id,
      })),
      skipDuplicates: true,
    });
    await transaction.paperImport.update({
      where: { id },
      data: { state: "imported", rowsEncrypted: null, signatures: count, importedAt: now },
    });
    await recordAudit(
      { actor, action: "paper.import", subject: id, detail: { import: id, signatures: count } },
      transaction,
    );
    return count;
  });
}

/** Takes an import back within the hour, with all it added. @returns how many are gone; null when it is too late. */
export function undoPaper(actor: Actor, id: string): Promise<number | null> {
  return database().$transaction(async (transaction) => {
    const undone = await transaction.$executeRaw`
      UPDATE paper_import SET state = 'undone' WHERE id = ${id}::uuid AND state = 'imported'
        AND imported_at > now() - make_interval(mins => ${UNDO_MINUTES}::int)`;
    if (undone === 0) return null;
    const gone = await transaction.$executeRaw`DELETE FROM signature WHERE paper_import_id = ${id}::uuid`;
    await recordAudit(
      { actor, action: "paper.undo", subject: id, detail: { import: id, signatures: gone } },
      transaction,
    );
    return gone;
  });
}

/** Deletes drafts that nobody had imported in time. */
export async function forgetPaperDrafts(): Promise<void> {
  await database().$executeRaw`
    DELETE FROM paper_import
    WHERE state = 'draft' AND created_at < now() - make_interval(mins => ${PAPER_DRAFT_MINUTES}::int)`;
}
