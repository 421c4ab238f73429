import { createHash } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { type Actor, recordAudit } from "@/lib/audit";
import { CONSENT_VERSION } from "@/lib/consent";
import { database } from "@/lib/db/client";
import { currentDataKeyId, open, seal } from "@/lib/db/encryption";
import { keyedHash } from "@/lib/db/keyed-hash";
import { FIELDS, type FieldsWith, fieldsWith, propertiesOf, type Shown } from "@/lib/fields";
import { countryNamed } from "@/lib/i18n/country-names";
import { asciiDigit, foldPhrase } from "@/lib/i18n/fold";
import { DEFAULT_LOCALE } from "@/lib/i18n/locales";
import type { ErrorKey } from "@/lib/i18n/messages";
import { mailboxKey } from "@/lib/mailbox";
import { UNDO_MINUTES } from "@/lib/moderation";
import { bucketBitsOf, nameBucket, sealPerson } from "@/lib/people";
import { checkCorrection, checkEmail } from "@/lib/signing";
import { csvRows } from "./csv-rows";

/** Largest file in bytes, and most signatures per file. Longer lists are split into several files. */
export const PAPER_FILE_LIMIT_BYTES = 200 * 1024;
export const PAPER_ROWS_MAX = 2_000;
/** Required file extension, in any case. */
export const PAPER_FILE_EXTENSION = ".csv";
/** How long the sealed rows of a draft are stored for the import, in minutes. */
export const PAPER_DRAFT_MINUTES = 60;
const DELIMITERS = [",", ";", "\t"] as const;
/** The first line that Excel writes and reads: `sep=;`. */
const SEPARATOR_LINE = /^"?sep=([^"\r\n])"?[ ,;\t]*(?:\r\n?|\n|$)/i;

const PAPER_FIELDS = fieldsWith("onPaper");
type Column = FieldsWith<"onPaper"> | "signed";
const COLUMNS: readonly Column[] = [...PAPER_FIELDS, "signed"];
const COLUMNS_NEEDED: readonly Column[] = ["name", "country"];
/** Headings accepted for the `signed` column besides its own name. The fields list their own headings. */
const SIGNED_HEADINGS = ["signed on", "date", "تاریخ", "نېټه"];
const columnsByName = new Map(
  COLUMNS.flatMap((column) => {
    const headings = column === "signed" ? SIGNED_HEADINGS : FIELDS[column].headings;
    return [column, ...headings].map((name) => [foldPhrase(name), column] as const);
  }),
);

const phraseSet = (phrases: string) => new Set(phrases.split(", ").map(foldPhrase));
/** How sheets and spreadsheets say yes and no. A tick is not a letter, so it is checked before folding. */
const TICK = /^\s*[✓✔☑]\uFE0F?\s*$/u;
const YES = phraseSet(
  "yes, y, true, x, 1, on, ok, ja, wahr, oui, vrai, نعم, بلی, بلې, ہاں, جی ہاں, جی, آری, هو",
);
const NO = phraseSet("no, n, false, 0, off, nein, falsch, non, faux, لا, نہیں, جی نہیں, نه, نخیر, نا");

/** A row that can be imported. Without an address, `email` is empty: it counts but can never be mailed. */
type PaperRow = Shown<FieldsWith<"onPaper">> & { signedAt: string | null };

/** A mistake in a line. `meant` is the Gregorian day that a Solar Hijri date stands for. */
export type PaperMistake = {
  line: number;
  key:
    | ErrorKey
    | "quotes"
    | "updates.unknown"
    | "signed.invalid"
    | "signed.future"
    | "signed.early"
    | "repeated";
  meant?: string;
};
type Mistake = Omit<PaperMistake, "line">;
/** Why a file was refused as a whole. */
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
  /** How many signatures an import would add now. */
  signatures: number;
  mistakes: PaperMistake[];
  /** How many addresses have signed already. Nobody is told which. */
  present: number;
};

type ReadPaper =
  | { ok: true; rows: PaperRow[]; mistakes: PaperMistake[] }
  | { ok: false; refusal: PaperRefusal };

/** The first and last day on which a sheet can have been signed, as ISO dates. */
export type SigningDays = { first: string; last: string };

/**
 * Reads a CSV file of signatures collected on paper. UTF-8, RFC 4180, separated by comma, semicolon, tab or
 * whatever a `sep=` line names. The first line names the columns: `name` and `country`, optionally `email`,
 * `locale`, `updates` and `signed` (year-month-day). Rows follow the rules of the form. Consent is given on
 * the sheet itself.
 */
export function readPaper(file: Uint8Array, days: SigningDays): ReadPaper {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(file);
  } catch {
    return { ok: false, refusal: "not-utf8" };
  }
  if (text.includes("\0")) return { ok: false, refusal: "not-csv" };
  const separator = SEPARATOR_LINE.exec(text);
  const linesBefore = separator ? 1 : 0;
  const body = text.slice(separator?.[0].length ?? 0);
  const [head = ""] = body.trimStart().split(/[\r\n]/, 1);
  const delimiter = separator?.[1] ?? DELIMITERS.find((one) => head.includes(one)) ?? ",";
  const rows: PaperRow[] = [];
  const mistakes: PaperMistake[] = [];
  const addresses = new Set<string>();
  let columns: (Column | undefined)[] | null = null;
  let read = 0;
  for (const { line: lineOfBody, cells } of csvRows(body, delimiter)) {
    if (columns === null) {
      columns = (cells ?? []).map((name) => columnsByName.get(foldPhrase(name)));
      if (!COLUMNS_NEEDED.every((name) => columns?.includes(name))) return { ok: false, refusal: "columns" };
      continue;
    }
    if (++read > PAPER_ROWS_MAX) return { ok: false, refusal: "too-many" };
    const line = lineOfBody + linesBefore;
    if (cells === null) {
      mistakes.push({ line, key: "quotes" });
      continue;
    }
    const { row, wrong } = checkRow(recordOf(columns, cells), days);
    const address = row && row.email !== "" ? mailboxKey(row.email).toString("hex") : null;
    if (address !== null && addresses.has(address)) mistakes.push({ line, key: "repeated" });
    else if (row) rows.push(row);
    mistakes.push(...wrong.map((mistake) => ({ line, ...mistake })));
    if (address !== null) addresses.add(address);
  }
  if (columns === null) return { ok: false, refusal: "columns" };
  return read === 0 ? { ok: false, refusal: "empty" } : { ok: true, rows, mistakes };
}

/** Maps cells to columns. If two columns have the same name, the first counts. Surplus cells are ignored. */
function recordOf(
  columns: readonly (Column | undefined)[],
  cells: readonly string[],
): Partial<Record<Column, string>> {
  return Object.fromEntries(
    COLUMNS.flatMap((column) => {
      const cell = cells[columns.indexOf(column)];
      return cell === undefined ? [] : [[column, cell]];
    }),
  );
}

function checkRow(
  record: Partial<Record<Column, string>>,
  days: SigningDays,
): { row: PaperRow | null; wrong: Mistake[] } {
  const { email = "", country = "", locale = "", updates = "", signed = "" } = record;
  const wantsUpdates = saidYes(updates);
  const checked = checkCorrection({
    ...record,
    country: countryNamed(country) ?? country,
    locale: locale.trim() === "" ? DEFAULT_LOCALE : locale.trim(),
    updates: wantsUpdates ? "yes" : "",
  });
  const address = email.trim() === "" ? ({ ok: true, email: "" } as const) : checkEmail(email);
  const day = checkDay(signed, days);
  const wrong: Mistake[] = [
    ...(checked.ok ? [] : Object.values(checked.errors).flat()).map((key) => ({ key })),
    ...(address.ok ? [] : address.errors).map((key) => ({ key })),
    ...(wantsUpdates === null ? [{ key: "updates.unknown" } as const] : []),
    ...(day.ok ? [] : [day.mistake]),
  ];
  if (!checked.ok || !address.ok || !day.ok || wantsUpdates === null) return { row: null, wrong };
  const { publicName: _, publicInitial: _initial, ...fields } = checked.correction;
  const wants = wantsUpdates && address.email !== "";
  return { row: { ...fields, email: address.email, updates: wants, signedAt: day.day }, wrong };
}

/** Reads a yes/no cell in any of our languages. Empty means no; null means it is neither. */
function saidYes(cell: string): boolean | null {
  if (TICK.test(cell)) return true;
  const said = foldPhrase(cell);
  if (YES.has(said)) return true;
  // People write a dash into a column that does not apply.
  return said === "" ? (/^[\s\p{Pd}]*$/u.test(cell) ? false : null) : NO.has(said) ? false : null;
}

/**
 * Solar Hijri years (the calendar of Iran and Afghanistan) that fall in this century. As Gregorian years they
 * are impossible here.
 */
const SOLAR_HIJRI_YEARS = { first: 1390, last: 1410 };

type CheckedDay = { ok: true; day: string | null } | { ok: false; mistake: Mistake };

function checkDay(cell: string, { first, last }: SigningDays): CheckedDay {
  const written = cell.trim().replace(/\p{Nd}/gu, asciiDigit);
  if (written === "") return { ok: true, day: null };
  const [year, month, day] =
    /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(written)?.slice(1).map(Number) ?? [];
  if (year && month && day && year >= SOLAR_HIJRI_YEARS.first && year <= SOLAR_HIJRI_YEARS.last) {
    const meant = gregorianDay(year, month, day);
    return { ok: false, mistake: { key: "signed.invalid", ...(meant === null ? {} : { meant }) } };
  }
  if (!z.iso.date().safeParse(written).success) return { ok: false, mistake: { key: "signed.invalid" } };
  if (written > last) return { ok: false, mistake: { key: "signed.future" } };
  if (written < first) return { ok: false, mistake: { key: "signed.early" } };
  return { ok: true, day: written };
}

const solarHijri = new Intl.DateTimeFormat("en-u-ca-persian-nu-latn", {
  timeZone: "UTC",
  year: "numeric",
  month: "numeric",
  day: "numeric",
});
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** Returns the ISO date of a Solar Hijri day; null when that calendar has no such day. */
function gregorianDay(year: number, month: number, day: number): string | null {
  // The year begins on 20 or 21 March. Its first six months have 31 days and the others 30, the last
  // sometimes 29.
  const dayOfYear = (month - 1) * 30 + Math.min(month - 1, 6) + day;
  const about = Date.UTC(year + 621, 2, 20) + (dayOfYear - 1) * DAY_MILLISECONDS;
  for (const time of [about, about + DAY_MILLISECONDS, about + 2 * DAY_MILLISECONDS]) {
    const parts = new Map(solarHijri.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    if (parts.get("year") === year && parts.get("month") === month && parts.get("day") === day) {
      return new Date(time).toISOString().slice(0, 10);
    }
  }
  return null;
}

/** Earliest day accepted, whatever first day an owner names. Catches mistyped years. */
const EARLIEST_SHEET = "2000-01-01";
/** Largest offsets from UTC, ahead of it and behind it, in hours. */
const EARLIEST_CLOCK_HOURS = 14;
const LATEST_CLOCK_HOURS = 12;

/** Returns the days from the start of a campaign until today, as wide as the world's time zones make them. */
export function signingDays(began: Date | string, now: Date): SigningDays {
  const shifted = (time: Date, hours: number) =>
    new Date(time.getTime() + hours * 60 * 60 * 1000).toISOString().slice(0, 10);
  const first = typeof began === "string" ? began : shifted(began, -LATEST_CLOCK_HOURS);
  return {
    first: first < EARLIEST_SHEET ? EARLIEST_SHEET : first,
    last: shifted(now, EARLIEST_CLOCK_HOURS),
  };
}

/**
 * Stores the importable rows of a file, sealed, until an owner confirms the import. Nothing counts yet. The
 * file itself is not stored.
 * @param name file name; only its extension is checked.
 * @param firstDay ISO date of the first sheet, if signatures were collected before the campaign went online.
 */
export async function draftPaper(
  actor: Actor,
  slug: string,
  name: string,
  file: Uint8Array,
  firstDay: string | null = null,
): Promise<{ ok: true; draft: PaperDraft } | { ok: false; refusal: PaperRefusal }> {
  if (!name.toLowerCase().endsWith(PAPER_FILE_EXTENSION)) return { ok: false, refusal: "extension" };
  const read = readPaper(file, signingDays(firstDay ?? (await firstSigningDay(slug)), new Date()));
  if (!read.ok) return read;
  const campaign = await database().campaign.findUniqueOrThrow({ where: { slug }, select: { id: true } });
  const fileKey = keyedHash("paper-file", createHash("sha256").update(file).digest("hex"));
  const known = { campaignId: campaign.id, fileKey, state: "imported" as const };
  if ((await database().paperImport.count({ where: known })) > 0)
    return { ok: false, refusal: "imported-already" };
  const id = uuidv7();
  const keys = read.rows.filter(({ email }) => email !== "").map(({ email }) => mailboxKey(email));
  const present = await database().signature.count({
    where: { campaignId: campaign.id, mailboxKey: { in: keys } },
  });
  await database().$transaction(async (transaction) => {
    await transaction.paperImport.create({
      data: {
        id,
        campaignId: campaign.id,
        dataKeyId: currentDataKeyId(),
        rowsEncrypted: seal(JSON.stringify(read.rows), placeOf(id)),
        fileKey,
        signatures: read.rows.length,
        actorLabel: actor.label,
      },
    });
    // Audited because, like a search, a draft reveals whether somebody has signed. The log records only how
    // many the file holds.
    const detail = { import: id, signatures: read.rows.length, addresses: keys.length };
    await recordAudit({ actor, action: "paper.draft", campaign: slug, subject: id, detail }, transaction);
  });
  return {
    ok: true,
    draft: { id, signatures: read.rows.length - present, mistakes: read.mistakes, present },
  };
}

const placeOf = (id: string) => ({ table: "paper_import", column: "rows", id }) as const;

/**
 * Imports a campaign's draft in one transaction. The signatures were given by hand on paper, so they count as confirmed
 * and get no mail. Addresses that have already signed are left unchanged.
 * @returns how many were added; null when the draft is gone or was imported already.
 */
export function importPaper(actor: Actor, slug: string, id: string): Promise<number | null> {
  return database().$transaction(async (transaction) => {
    const [draft] = await transaction.$queryRaw<
      {
        campaignId: string;
        dataKeyId: string;
        rows: Uint8Array;
        fileKey: Uint8Array<ArrayBuffer>;
      }[]
    >`
      SELECT campaign_id AS "campaignId", data_key_id AS "dataKeyId", rows_encrypted AS rows, file_key AS "fileKey"
      FROM paper_import JOIN campaign ON campaign.id = campaign_id WHERE paper_import.id = ${id}::uuid AND slug = ${slug} AND state = 'draft'
        AND paper_import.created_at > now() - make_interval(mins => ${PAPER_DRAFT_MINUTES}::int) FOR UPDATE OF paper_import`;
    // Sealed with an older key, which may be gone by now. The owner still has the file.
    if (!draft || draft.dataKeyId !== currentDataKeyId()) return null;
    const { campaignId, fileKey } = draft;
    if ((await transaction.paperImport.count({ where: { campaignId, fileKey, state: "imported" } })) > 0)
      return null;
    // Sealed by `draftPaper` so recently that the fields have not changed.
    const rows = JSON.parse(open(draft.rows, draft.dataKeyId, placeOf(id))) as PaperRow[];
    const now = new Date();
    const bitsFor = await bucketBitsOf(slug);
    const sealed = rows.map((row) => {
      // East of UTC, today's midnight in UTC can still lie ahead.
      const signedAt = new Date(
        Math.min(now.getTime(), row.signedAt === null ? now.getTime() : Date.parse(row.signedAt)),
      );
      const signatureId = uuidv7({ msecs: signedAt.getTime() });
      const hasAddress = row.email !== "";
      return {
        ...row,
        id: signatureId,
        signedAt,
        person: sealPerson(row, signatureId),
        // Without an address, double signatures cannot be detected, so each one gets a key of its own.
        mailboxKey: hasAddress ? mailboxKey(row.email) : keyedHash("mailbox-key", signatureId),
        hasAddress,
      };
    });
    const consents = await transaction.consentText.findMany({ where: { version: CONSENT_VERSION } });
    const consentIds = new Map(consents.map((text) => [text.locale, text.id]));
    const { count } = await transaction.signature.createMany({
      data: sealed.map((row) => ({
        id: row.id,
        campaignId,
        mailboxKey: row.mailboxKey,
        dataKeyId: currentDataKeyId(),
        personEncrypted: row.person,
        ...propertiesOf(row),
        state: "confirmed" as const,
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
      {
        actor,
        action: "paper.import",
        campaign: slug,
        subject: id,
        detail: { import: id, signatures: count },
      },
      transaction,
    );
    return count;
  });
}

/** Returns how many signatures of a campaign's import can still be undone; null when it is too late. */
export async function signaturesImported(slug: string, id: string): Promise<number | null> {
  const importedAt = { gt: new Date(Date.now() - UNDO_MINUTES * 60_000) };
  const found = await database().paperImport.findFirst({
    where: { id, campaign: { slug }, state: "imported", importedAt },
  });
  return found?.signatures ?? null;
}

/**
 * Undoes a campaign's import within the hour, deleting every signature it added.
 * @returns how many were deleted; null when it is too late.
 */
export function undoPaper(actor: Actor, slug: string, id: string): Promise<number | null> {
  return database().$transaction(async (transaction) => {
    const undone = await transaction.$executeRaw`
      UPDATE paper_import SET state = 'undone' WHERE id = ${id}::uuid AND state = 'imported'
        AND campaign_id = (SELECT id FROM campaign WHERE slug = ${slug})
        AND imported_at > now() - make_interval(mins => ${UNDO_MINUTES}::int)`;
    if (undone === 0) return null;
    const gone = await transaction.$executeRaw`DELETE FROM signature WHERE paper_import_id = ${id}::uuid`;
    await recordAudit(
      { actor, action: "paper.undo", campaign: slug, subject: id, detail: { import: id, signatures: gone } },
      transaction,
    );
    return gone;
  });
}

/** Returns the ISO date of a campaign's first signing day, unless an owner names an earlier one. */
export async function firstSigningDay(slug: string): Promise<string> {
  const { createdAt } = await database().campaign.findUniqueOrThrow({
    where: { slug },
    select: { createdAt: true },
  });
  return signingDays(createdAt, new Date()).first;
}

/** Deletes drafts that were not imported in time. */
export async function forgetPaperDrafts(): Promise<void> {
  await database().$executeRaw`
    DELETE FROM paper_import
    WHERE state = 'draft' AND created_at < now() - make_interval(mins => ${PAPER_DRAFT_MINUTES}::int)`;
}
