import { createHash } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { database } from "@/lib/db/client";
import { countryOptions } from "@/lib/i18n/country-names";
import { log } from "@/lib/log";
import { beginSpan } from "@/lib/observability";
import type { Cell, Row } from "./columns";
import { csvFile } from "./csv";
import { ndjsonFile } from "./ndjson";
import type { ExportFormat, ExportParameters } from "./parameters";
import { EXPORT_APPLICATION_NAME, openSnapshot, type Snapshot } from "./snapshot";
import { xlsxFile } from "./xlsx";

/** How often progress is recorded, in milliseconds. */
const PROGRESS_MILLISECONDS = 1_000;

const CONTENT_TYPES: Record<ExportFormat, string> = {
  csv: "text/csv; charset=utf-8; header=present",
  ndjson: "application/x-ndjson; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

const FILES = {
  csv: csvFile,
  ndjson: ndjsonFile,
  xlsx: (...[columns, batches]: Parameters<typeof csvFile>) => xlsxFile(columns, batches),
};

/** Writes one entry to the audit log. It must be there before the first byte is sent. */
export type Audit = (action: string, detail: Record<string, unknown>) => Promise<unknown>;

/** An export that has started. Its body is read from the database as the reader consumes it. */
export type RunningExport = {
  id: string;
  fileName: string;
  contentType: string;
  /** Null if counting would have delayed the first byte. */
  expectedRows: number | null;
  /** Fails with an error if the file cannot be completed; never ends early without one. */
  body: ReadableStream<Uint8Array>;
};

export type Exporting = { kind: "unknown-campaign" } | { kind: "running"; export: RunningExport };

type Ending = { state: "finished"; sha256: Buffer<ArrayBuffer> } | { state: "aborted" | "failed" };

/**
 * Starts an export: records it, opens one snapshot, and returns the file as a stream. If the reader goes away
 * (`cancel` of the body, or `gone`), the export ends and frees its connection at once.
 */
export async function startExport(task: {
  slug: string;
  parameters: ExportParameters;
  actorLabel: string;
  audit: Audit;
  gone: AbortSignal;
  /** Called once the snapshot is closed, however the export ended. */
  ended: () => void;
}): Promise<Exporting> {
  const { slug, parameters, audit } = task;
  const campaign = await database().campaign.findUnique({ where: { slug }, select: { id: true } });
  if (!campaign) return { kind: "unknown-campaign" };

  const id = uuidv7();
  const now = new Date();
  const filter = describe(parameters);
  await audit("export.started", { exportId: id, ...filter, reason: parameters.reason });
  const snapshot = await openSnapshot(campaign.id, parameters.filter);
  try {
    const expectedRows = await snapshot.count();
    await database().exportRun.create({
      data: {
        id,
        campaignId: campaign.id,
        format: parameters.format,
        filter,
        actorLabel: task.actorLabel,
        reason: parameters.reason,
        expectedRows,
      },
    });
    const body = stream({ id, snapshot, parameters, audit, gone: task.gone, ended: task.ended });
    return {
      kind: "running",
      export: {
        id,
        fileName: fileName(slug, parameters, now),
        contentType: CONTENT_TYPES[parameters.format],
        expectedRows,
        body,
      },
    };
  } catch (error) {
    await snapshot.close();
    throw error;
  }
}

function stream(task: {
  id: string;
  snapshot: Snapshot;
  parameters: ExportParameters;
  audit: Audit;
  gone: AbortSignal;
  ended: () => void;
}): ReadableStream<Uint8Array> {
  const { id, snapshot, parameters, audit, gone, ended } = task;
  const hash = createHash("sha256");
  const span = beginSpan("export", { "petition.format": parameters.format });
  let rows = 0;
  let bytes = 0;
  let notedAt = performance.now();
  let ending: Promise<void> | undefined;

  async function* counted(): AsyncGenerator<readonly Row[]> {
    const named = countryNaming(parameters);
    for await (const batch of snapshot.rows(parameters.columns)) {
      yield named(batch);
      rows += batch.length;
    }
  }

  const pieces = FILES[parameters.format](parameters.columns, counted());

  async function noteProgress(): Promise<void> {
    if (performance.now() - notedAt < PROGRESS_MILLISECONDS) return;
    notedAt = performance.now();
    await database().exportRun.update({ where: { id }, data: { rows, bytes } });
  }

  function end(how: Ending): Promise<void> {
    ending ??= (async () => {
      gone.removeEventListener("abort", leave);
      await snapshot.close().finally(ended);
      await pieces.return(undefined).catch(() => {});
      span.end({ "petition.outcome": how.state, "petition.rows": rows });
      await database().exportRun.update({
        where: { id },
        data: { ...how, rows, bytes, finishedAt: new Date() },
      });
      await audit(`export.${how.state}`, { exportId: id, rows, bytes });
    })();
    return ending;
  }

  const leave = () => {
    end({ state: "aborted" }).catch(unrecorded);
  };
  gone.addEventListener("abort", leave, { once: true });
  if (gone.aborted) leave();

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await pieces.next();
          if (done) {
            // Closed only after the end is recorded: a file that ends properly is complete.
            await end({ state: "finished", sha256: Buffer.from(hash.digest()) });
            controller.close();
            return;
          }
          hash.update(value);
          bytes += value.length;
          controller.enqueue(value);
          await noteProgress();
        } catch (error) {
          await end({ state: "failed" }).catch(unrecorded);
          controller.error(error);
        }
      },
      async cancel() {
        await end({ state: "aborted" });
      },
    },
    // Produce nothing ahead of the reader.
    { highWaterMark: 0 },
  );
}

/** Replaces country codes with names, if requested. */
function countryNaming({
  columns,
  countryNames,
}: ExportParameters): (batch: readonly Row[]) => readonly Row[] {
  const at = columns.indexOf("country");
  if (countryNames === null || at === -1) return (batch) => batch;
  const names = new Map<Cell, string>(countryOptions(countryNames).map(({ code, name }) => [code, name]));
  return (batch) => batch.map((row) => row.with(at, names.get(row[at] ?? null) ?? row[at] ?? null));
}

/** Returns what was requested, for the records; holds no personal data. */
function describe({ format, filter, columns, countryNames }: ExportParameters) {
  return {
    format,
    status: filter.status,
    from: filter.from?.toISOString() ?? null,
    to: filter.to?.toISOString() ?? null,
    country: filter.country,
    updates: filter.wantsUpdates,
    columns: columns.join(","),
    countryNames,
  };
}

/** Returns a file name with campaign, filter and time, in characters that every file system accepts. */
function fileName(slug: string, { format, filter }: ExportParameters, now: Date): string {
  const day = (time: Date | null, prefix: string) =>
    time === null ? [] : [`${prefix}-${time.toISOString().slice(0, 16).replaceAll(":", "")}Z`];
  return [
    slug,
    filter.status,
    ...(filter.country === null ? [] : [filter.country]),
    ...(filter.wantsUpdates ? ["updates"] : []),
    ...day(filter.from, "from"),
    ...day(filter.to, "to"),
    ...day(now, "made"),
  ]
    .join("_")
    .concat(`.${format}`);
}

function unrecorded(error: unknown): void {
  log.error("an export could not be recorded", error);
}

/** Age from which a running export is checked for a lost process, in seconds. */
const LOST_AFTER_SECONDS = 60;

/** Marks exports as failed if their process is gone: nothing reads from the database for them any more. */
export async function failLostExports(afterSeconds = LOST_AFTER_SECONDS): Promise<void> {
  await database().$executeRaw`
    UPDATE export_run SET state = 'failed', finished_at = now()
    WHERE state = 'running' AND started_at < now() - make_interval(secs => ${afterSeconds}::int)
      AND NOT EXISTS (
        SELECT FROM pg_stat_activity
        WHERE application_name = ${EXPORT_APPLICATION_NAME} AND datname = current_database() AND xact_start <= started_at
      )`;
}

/** Number of exports shown in the history. */
const LAST_EXPORTS = 20;

/** An export and how far it is. Numbers of rows are decimal digits: they may be too large for JSON. */
export type ExportRun = {
  id: string;
  state: "running" | "finished" | "aborted" | "failed";
  format: string;
  actorLabel: string;
  reason: string | null;
  rows: string;
  /** Null if counting would have delayed the first byte. */
  expectedRows: string | null;
  /** Of the whole file, in hexadecimal; null unless it is finished. */
  sha256: string | null;
  startedAt: Date;
};

/** Returns the latest exports of a campaign, newest first, with their progress. */
export async function lastExports(slug: string): Promise<ExportRun[]> {
  const runs = await database().exportRun.findMany({
    where: { campaign: { slug } },
    orderBy: { startedAt: "desc" },
    take: LAST_EXPORTS,
  });
  return runs.map(({ id, state, format, actorLabel, reason, rows, expectedRows, sha256, startedAt }) => ({
    id,
    state,
    format,
    actorLabel,
    reason,
    rows: rows.toString(),
    expectedRows: expectedRows?.toString() ?? null,
    sha256: sha256 === null ? null : Buffer.from(sha256).toString("hex"),
    startedAt,
  }));
}
