import { closeDatabase } from "@/lib/db/client";
import { rotateDataKeys } from "@/lib/privacy/rotation";
import { bringUpToDate, OperatorError, withDatabase } from "@/scripts/support/environment";

/** How often progress is told, in re-sealed values. */
const REPORT_EVERY = 10_000;

await withDatabase(async (databaseUrl) => {
  await bringUpToDate(databaseUrl);
  try {
    let told = 0;
    const { resealed, remaining } = await rotateDataKeys((count) => {
      if (count - told < REPORT_EVERY) return;
      told = count;
      console.log(`${count} values sealed anew …`);
    });
    console.log(`${resealed} values sealed anew with the first key of DATA_KEYS.`);
    if (remaining > 0)
      throw new OperatorError(
        `${remaining} are still sealed with older keys: restart every web server and worker with the new DATA_KEYS, then run this again`,
      );
    console.log("Older keys seal nothing in the database any more. Backups made before still need them.");
  } finally {
    await closeDatabase();
  }
});
process.exit();
