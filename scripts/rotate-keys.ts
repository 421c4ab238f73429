import { closeDatabase } from "@/lib/db/client";
import { type OldSealer, oldSealers, rotateDataKeys, untilAllSealWithNewest } from "@/lib/privacy";
import { bringUpToDate, OperatorError, withDatabase } from "@/scripts/support/environment";

/** How often progress is reported, in re-encrypted values. */
const REPORT_EVERY = 10_000;
/** How long to wait for processes that are being restarted, in seconds. */
const WAIT_SECONDS = 120;

function named(sealers: OldSealer[]): string {
  return sealers
    .map(({ program, place, dataKeyId }) => `${program} (${place}, key "${dataKeyId}")`)
    .join(", ");
}

function refuseOldSealers(sealers: OldSealer[]): void {
  if (sealers.length > 0)
    throw new OperatorError(
      `Still sealing with another key than the first of DATA_KEYS: ${named(sealers)}. Restart them with the new DATA_KEYS, then run this again`,
    );
}

await withDatabase(async (databaseUrl) => {
  await bringUpToDate(databaseUrl);
  try {
    refuseOldSealers(
      await untilAllSealWithNewest(WAIT_SECONDS, (sealers) =>
        console.log(`Waiting, ${WAIT_SECONDS} s at most, for the restart of: ${named(sealers)}`),
      ),
    );
    let told = 0;
    const { resealed, remaining } = await rotateDataKeys((count) => {
      if (count - told < REPORT_EVERY) return;
      told = count;
      console.log(`${count} values sealed again …`);
    });
    console.log(`${resealed} values sealed again with the first key of DATA_KEYS.`);
    if (remaining > 0)
      throw new OperatorError(
        `${remaining} are still sealed with older keys: restart every web server and worker with the new DATA_KEYS, then run this again`,
      );
    // One of them may have started in the meantime.
    refuseOldSealers(await oldSealers());
    console.log("Older keys seal nothing in the database any more. Backups made before still need them.");
  } finally {
    await closeDatabase();
  }
});
process.exit();
