import path from "node:path";
import { backUp } from "@/lib/db/backup";
import { closeDatabase } from "@/lib/db/client";
import { noteBackup, noteFailedBackup } from "@/lib/observability";
import { OperatorError, withDatabase } from "@/scripts/support/environment";

/** Turns a file-system error into a sentence that says what to do; null for any other error. */
function refusalOf(error: unknown, folder: string): string | null {
  switch (error instanceof Error && "code" in error ? error.code : null) {
    case "EEXIST":
      return `${folder} exists already: name a new folder`;
    case "ENOSPC":
    case "EDQUOT":
      return `No room for ${folder} on its disk: remove old backups there, or name another disk. Nothing was kept`;
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return `${folder} cannot be made by this user: name another folder, or change who may write there. Nothing was kept`;
    default:
      return null;
  }
}

/**
 * Makes the backup and records the result in the database, so that the desk and the metrics show a missing
 * one.
 */
async function takeBackup(databaseUrl: string, folder: string): Promise<void> {
  const startedAt = new Date();
  const { tables } = await backUp(databaseUrl, path.resolve(folder)).catch(async (error: unknown) => {
    // Whatever the reason, the timer that runs this got no backup.
    await noteFailedBackup(startedAt, error);
    const refusal = refusalOf(error, folder);
    throw refusal === null ? error : new OperatorError(refusal);
  });
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  console.log(
    `${rows} rows of ${tables.length} tables are in ${folder}. Keep DATA_KEYS and TOKEN_SECRET elsewhere: without them it cannot be read.`,
  );
  await noteBackup(startedAt);
}

/** `npm run backup -- FOLDER`: writes a consistent snapshot of the whole database to a new folder. */
await withDatabase(async (databaseUrl) => {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new OperatorError("Say where to: npm run backup -- FOLDER");
  await takeBackup(databaseUrl, folder).finally(closeDatabase);
}, []);
process.exit();
