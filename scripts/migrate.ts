import { grantServing } from "@/lib/db/serving-role";
import { settings } from "@/lib/settings";
import { bringUpToDate, OperatorError, withDatabase } from "@/scripts/support/environment";

await withDatabase(async (databaseUrl) => {
  const applied = await bringUpToDate(databaseUrl);
  console.log(
    applied.length === 0 ? "No migration was pending." : `Migrations applied: ${applied.join(", ")}`,
  );
  const { servingRole } = settings();
  if (servingRole === null) return;
  await grantServing(databaseUrl, servingRole).catch((error: unknown) => {
    throw new OperatorError(
      `DATABASE_SERVING_ROLE is "${servingRole}": it could not be given its rights: ${error instanceof Error ? error.message : error}`,
    );
  });
  console.log(`${servingRole} may read and write the tables, and neither create, change nor drop one.`);
}, []);
process.exit();
