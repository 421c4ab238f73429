import { applyMigrations } from "@/lib/db/migrations";
import { withDatabase } from "@/scripts/support/environment";

await withDatabase(async (databaseUrl) => {
  const { applied } = await applyMigrations(databaseUrl);
  console.log(
    applied.length === 0 ? "No migration was pending." : `Migrations applied: ${applied.join(", ")}`,
  );
});
process.exit();
