import { existsSync } from "node:fs";
import path from "node:path";
import { MANIFEST, restore } from "@/lib/db/backup";
import { closeDatabase } from "@/lib/db/client";
import { mailsOwed } from "@/lib/mail";
import { bringUpToDate, OperatorError, withDatabase } from "@/scripts/support/environment";

/** Returns what the operator must know before a restored copy sends mail. */
async function stoppedMail(): Promise<string> {
  const owed = await mailsOwed();
  return `Mail is stopped: nothing is sent from this database until you say so. ${owed} ${owed === 1 ? "mail was" : "mails were"} not sent when the backup was taken; the site it was taken from may have sent them since.
If this copy takes that site's place: npm run admin -- mail resume (or the button on the desk's overview). For a drill, leave it.`;
}

/** `npm run restore -- FOLDER`: restores a backup into a database that holds no one's data yet. */
await withDatabase(async (databaseUrl) => {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new OperatorError("Say where from: npm run restore -- FOLDER");
  await bringUpToDate(databaseUrl);
  if (!existsSync(path.join(folder, MANIFEST)))
    throw new OperatorError(`${folder} holds no backup: it has no ${MANIFEST}. Nothing was changed`);
  const outcome = await restore(databaseUrl, path.resolve(folder));
  switch (outcome.kind) {
    case "restored":
      console.log(`${outcome.rows} rows restored.`);
      console.log(await stoppedMail().finally(closeDatabase));
      return;
    case "not-empty":
      throw new OperatorError(
        `The database holds data already (${outcome.table}): nothing was changed. Restore into a new one`,
      );
    case "other-migrations":
      throw new OperatorError(
        `The backup is of another version (migrations it has: ${outcome.missing.join(", ") || "none"}, it lacks: ${outcome.surplus.join(", ") || "none"}): restore with the version that took it, then upgrade`,
      );
    case "damaged":
      throw new OperatorError(`${outcome.file} is damaged: nothing was changed`);
  }
}, []);
process.exit();
