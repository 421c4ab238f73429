import { build } from "@/scripts/support/build";
import { OperatorError, reportingFaults } from "@/scripts/support/environment";

await reportingFaults(async () => {
  if ((await build()) !== 0) throw new OperatorError("The build failed: see above");
});
process.exit();
