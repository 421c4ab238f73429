import { build } from "@/scripts/support/build";
import { OperatorError, prepare, reportingFaults } from "@/scripts/support/environment";

await reportingFaults(async () => {
  const { env } = await prepare([]);
  if ((await build(env)) !== 0) throw new OperatorError("The build failed: see above");
});
process.exit();
