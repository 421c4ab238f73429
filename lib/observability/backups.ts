import { v4 as uuidv4 } from "uuid";
import { database } from "@/lib/db/client";
import { codeOf } from "@/lib/db/trouble";
import { settings } from "@/lib/settings";

/** How long backup outcomes are stored, in days. */
const RUNS_KEPT_DAYS = 90;

/** The state of the backups. */
export type BackupState = {
  /** Age of the newest finished backup in seconds. Without one, time since the database was set up. */
  ageSeconds: number;
  /** False until a backup has finished. */
  everMade: boolean;
  /** Error code of the newest attempt, if it failed; otherwise null. */
  failure: string | null;
};

/** What is wrong with the backups. Null when nothing is, or when no backups are expected. */
export type BackupAlarm = { kind: "failed"; failure: string } | { kind: "old" | "never"; ageSeconds: number };

/** Records a finished backup. */
export async function noteBackup(startedAt: Date): Promise<void> {
  await database().backupRun.create({ data: { id: uuidv4(), startedAt, finishedAt: new Date() } });
  await database()
    .$executeRaw`DELETE FROM backup_run WHERE started_at < now() - make_interval(days => ${RUNS_KEPT_DAYS}::int)`;
}

/**
 * Records a failed backup, with nothing but the error code. Does not throw when the database is unreachable.
 */
export async function noteFailedBackup(startedAt: Date, error: unknown): Promise<void> {
  await database()
    .backupRun.create({ data: { id: uuidv4(), startedAt, failure: codeOf(error) ?? "unknown" } })
    .catch(() => {});
}

/** Reads the state of the backups. Throws when the database is unreachable. */
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

/**
 * Returns the alarm if somebody must look at the backups; otherwise null. No backups are expected of the
 * embedded demonstration database.
 */
export async function backupAlarm(): Promise<BackupAlarm | null> {
  const { embeddedDatabase, backupMaxAgeHours } = settings();
  if (embeddedDatabase || backupMaxAgeHours === 0) return null;
  const { ageSeconds, everMade, failure } = await backupState();
  if (failure !== null) return { kind: "failed", failure };
  if (ageSeconds <= backupMaxAgeHours * 3_600) return null;
  return { kind: everMade ? "old" : "never", ageSeconds };
}
