import { v4 as uuidv4 } from "uuid";
import { database } from "@/lib/db/client";
import { codeOf } from "@/lib/db/trouble";
import { settings } from "@/lib/settings";

/** How long the outcomes of backups are kept, in days. */
const RUNS_KEPT_DAYS = 90;

/** How the backups stand. */
export type BackupState = {
  /** Since the newest backup that was finished; since the database was set up where there is none. In seconds. */
  ageSeconds: number;
  /** False while no backup was ever finished. */
  everMade: boolean;
  /** Why the newest attempt failed: a code. Null when it did not. */
  failure: string | null;
};

/** What is wrong with the backups; null when nothing is, or nobody expects any. */
export type BackupAlarm = { kind: "failed"; failure: string } | { kind: "old" | "never"; ageSeconds: number };

/** Notes that a backup was finished. */
export async function noteBackup(startedAt: Date): Promise<void> {
  await database().backupRun.create({ data: { id: uuidv4(), startedAt, finishedAt: new Date() } });
  await database()
    .$executeRaw`DELETE FROM backup_run WHERE started_at < now() - make_interval(days => ${RUNS_KEPT_DAYS}::int)`;
}

/** Notes that a backup failed, by the error's code alone. Safe to call while the database is out of reach. */
export async function noteFailedBackup(startedAt: Date, error: unknown): Promise<void> {
  await database()
    .backupRun.create({ data: { id: uuidv4(), startedAt, failure: codeOf(error) ?? "unknown" } })
    .catch(() => {});
}

/** Reads how the backups stand. Throws when the database is out of reach. */
export async function backupState(): Promise<BackupState> {
  const [row] = await database().$queryRaw<BackupState[]>`
    SELECT extract(epoch FROM now() - coalesce(made.newest, (SELECT min(finished_at) FROM _prisma_migrations), now()))::float8
        AS "ageSeconds",
      made.newest IS NOT NULL AS "everMade",
      (SELECT failure FROM backup_run ORDER BY started_at DESC LIMIT 1) AS failure
    FROM (SELECT max(started_at) AS newest FROM backup_run WHERE finished_at IS NOT NULL) AS made`;
  if (!row) throw new Error("a query of aggregates gave no row");
  return row;
}

/** Whether somebody must look after the backups. The database that we run for a demonstration is expected to have none. */
export async function backupAlarm(): Promise<BackupAlarm | null> {
  const { embeddedDatabase, backupMaxAgeHours } = settings();
  if (embeddedDatabase || backupMaxAgeHours === 0) return null;
  const { ageSeconds, everMade, failure } = await backupState();
  if (failure !== null) return { kind: "failed", failure };
  if (ageSeconds <= backupMaxAgeHours * 3_600) return null;
  return { kind: everMade ? "old" : "never", ageSeconds };
}
