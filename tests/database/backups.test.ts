import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { renderToStaticMarkup } from "react-dom/server";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { BackupAlarm } from "@/components/admin/BackupAlarm";
import { database } from "@/lib/db/client";
import { backupAlarm, backupState } from "@/lib/observability/backups";
import { metricsText } from "@/lib/observability/metrics";
import { settings } from "@/lib/settings";
import { useDatabase } from "@/tests/support/application";

const HOUR_SECONDS = 3_600;
useDatabase();
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petition-backups-"));
  // The database that we run ourselves is expected to have no backups.
  settings().embeddedDatabase = false;
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => database().$executeRaw`DELETE FROM backup_run`);

/** `npm run backup -- FOLDER`, as the timer runs it. */
async function backup(to: string): Promise<number> {
  const child = spawn(process.execPath, ["--import", "tsx", "scripts/backup.ts", to], {
    env: { ...process.env, NODE_ENV: "test" } as NodeJS.ProcessEnv,
    stdio: "ignore",
  });
  const [code] = await once(child, "close");
  return Number(code);
}

async function metric(name: string): Promise<number> {
  const { body } = await metricsText();
  return Number(new RegExp(`^petition_${name} (.+)$`, "m").exec(body)?.[1]);
}

const shown = async () => renderToStaticMarkup(BackupAlarm({ alarm: await backupAlarm() }));
const setUp = (hours: number) =>
  database()
    .$executeRaw`UPDATE _prisma_migrations SET finished_at = now() - make_interval(hours => ${hours}::int)`;

describe("a database that was set up lately", () => {
  beforeAll(() => setUp(1));

  test("raises no alarm before its first backup is due", async () => {
    expect(await backupAlarm()).toBeNull();
    expect(await metric("backup_age_seconds")).toBeGreaterThanOrEqual(HOUR_SECONDS);
  });
});

describe("a database that was set up long ago", () => {
  beforeAll(() => setUp(100));

  test("raises an alarm without a backup, on the desk and in the metrics", async () => {
    expect(await backupAlarm()).toMatchObject({ kind: "never" });
    expect(await shown()).toContain("There is no backup yet");
    expect(await metric("backup_age_seconds")).toBeGreaterThanOrEqual(100 * HOUR_SECONDS);
  });

  test("raises none after npm run backup", async () => {
    expect(await backup(path.join(folder, "made"))).toBe(0);
    expect(await backupAlarm()).toBeNull();
    expect(await shown()).toBe("");
    expect(await metric("backup_age_seconds")).toBeLessThan(HOUR_SECONDS);
    expect(await metric("backup_failed")).toBe(0);
  });

  test("raises an alarm when the newest backup is old", async () => {
    await backup(path.join(folder, "old"));
    await database().$executeRaw`UPDATE backup_run SET started_at = now() - interval '20 hours'`;
    expect(await shown()).toContain("The last backup is 20 hours old");
  });

  test("raises an alarm when the newest backup failed, until one succeeds", async () => {
    await backup(path.join(folder, "before"));
    // Something is in the way, as where the clock was set back or a disk is not mounted.
    await writeFile(path.join(folder, "file"), "");
    expect(await backup(path.join(folder, "file"))).toBe(1);
    expect(await backupAlarm()).toEqual({ kind: "failed", failure: "EEXIST" });
    expect(await shown()).toContain("The last backup failed (EEXIST)");
    expect(await metric("backup_failed")).toBe(1);
    expect(await backup(path.join(folder, "after"))).toBe(0);
    expect(await backupAlarm()).toBeNull();
  });

  test("raises none when its operator backs it up by other means", async () => {
    settings().backupMaxAgeHours = 0;
    expect(await backupAlarm()).toBeNull();
    expect((await backupState()).everMade).toBe(false);
  });
});
