import path from "node:path";
import { restore } from "@/lib/db/backup";
import { bringUpToDate, OperatorError, withDatabase } from "@/scripts/support/environment";

/** `npm run restore -- FOLDER`: a backup into a database that holds nobody's data yet. */
await withDatabase(async (databaseUrl) => {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new OperatorError("Say where from: npm run restore -- FOLDER");
  await bringUpToDate(databaseUrl);
  const outcome = await restore(databaseUrl, path.resolve(folder));
  switch (outcome.kind) {
    case "restored":
      console.log(`${outcome.rows} rows restored.`);
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
