import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { v4 as uuidv4 } from "uuid";
import { database } from "@/lib/db/client";
import { currentDataKeyId } from "@/lib/db/encryption";
import { log } from "@/lib/log";

/** How often a process reports its data key, in milliseconds. */
const BEAT_MILLISECONDS = 5_000;
/** A process that has not reported for this long counts as ended, in seconds. */
const SILENT_SECONDS = 30;
/** How often to check whether processes with older keys have ended, in milliseconds. */
const LOOK_AGAIN_MILLISECONDS = 500;

/** A process that seals with a key other than the newest. */
export type OldSealer = { program: string; place: string; dataKeyId: string };

/**
 * Reports in the database which data key this process seals with, every few seconds until the returned
 * function is called. Call it before the first value is sealed. Database errors are logged and retried.
 * @param program what runs, for example `web`.
 */
export async function beginSealing(program: string): Promise<() => Promise<void>> {
  const id = uuidv4();
  const place = `process ${process.pid} on ${hostname()}`;
  async function tell(): Promise<void> {
    try {
      await database().$executeRaw`
        WITH silent AS (DELETE FROM process_key WHERE seen_at < now() - make_interval(secs => ${SILENT_SECONDS}::int * 10))
        INSERT INTO process_key (id, program, place, data_key_id)
        VALUES (${id}::uuid, ${program}, ${place}, ${currentDataKeyId()})
        ON CONFLICT (id) DO UPDATE SET seen_at = now()`;
    } catch (error) {
      log.error("the sealing key was not told", error);
    }
  }
  let telling = tell();
  await telling;
  const beat = setInterval(() => {
    telling = tell();
  }, BEAT_MILLISECONDS).unref();
  return async () => {
    clearInterval(beat);
    await telling;
    // If the database is unreachable, the process falls silent and soon counts as ended.
    await database().$executeRaw`DELETE FROM process_key WHERE id = ${id}::uuid`.catch(() => {});
  };
}

/** Returns the running processes that seal with a key other than our newest. */
export function oldSealers(): Promise<OldSealer[]> {
  return database().$queryRaw<OldSealer[]>`
    SELECT program, place, data_key_id AS "dataKeyId" FROM process_key
    WHERE data_key_id <> ${currentDataKeyId()} AND seen_at > now() - make_interval(secs => ${SILENT_SECONDS}::int)
    ORDER BY program, place`;
}

/**
 * Waits until every running process seals with our newest key. A rotation would miss what the others seal,
 * and they might be unable to open what it re-seals.
 * @param limitSeconds how long to wait.
 * @param waiting called once with the processes waited for.
 * @returns the processes that still use another key when the time is up; empty when all is well.
 */
export async function untilAllSealWithNewest(
  limitSeconds: number,
  waiting: (sealers: OldSealer[]) => void = () => {},
): Promise<OldSealer[]> {
  const deadline = performance.now() + limitSeconds * 1_000;
  for (let told = false; ; ) {
    const sealers = await oldSealers();
    if (sealers.length === 0 || performance.now() > deadline) return sealers;
    if (!told) waiting(sealers);
    told = true;
    await sleep(LOOK_AGAIN_MILLISECONDS);
  }
}
